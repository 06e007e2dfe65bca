// Every message of the visit as JSON. The text is made when it is opened: a visit can hold thousands of samples.

import { h } from "../../ui/dom";
import type { StepContext } from "../step";

export function sentPanel({ text, visit }: StepContext): HTMLElement {
  const place = h("div");
  const panel = h(
    "details",
    {},
    h("summary", {}, text.thanks.sent),
    h("p", { class: "muted" }, text.thanks.sentText),
    place,
  );
  panel.addEventListener("toggle", () => {
    if (!panel.open) return;
    const messages = visit.sent();
    const json = JSON.stringify(messages, null, 1);
    place.replaceChildren(
      messages.length === 0
        ? h("p", {}, text.thanks.sentNothing)
        : h("pre", { tabindex: 0, class: "sent", "data-testid": "sent" }, h("code", {}, json)),
    );
  });
  return panel;
}
