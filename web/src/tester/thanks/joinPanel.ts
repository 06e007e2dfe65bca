// The code that lets a second browser on the same computer count as the same machine.

import { button, h } from "../../ui/dom";
import { groupedCode } from "../identity";
import type { StepContext } from "../step";

export function joinPanel({ text, visit }: StepContext): HTMLElement {
  const place = h("div", { "aria-live": "polite" });
  const load = async (): Promise<void> => {
    try {
      const code = await visit.joinCodeAnswer();
      place.replaceChildren(h("p", { class: "code", "data-testid": "join-code" }, groupedCode(code)));
    } catch {
      place.replaceChildren(
        h("p", { class: "muted" }, text.thanks.joinFailed),
        button(text.thanks.joinGet, () => void load()),
      );
    }
  };
  void load();
  return h(
    "section",
    { class: "card join" },
    h("h2", {}, text.thanks.join),
    h("p", {}, text.thanks.joinText),
    place,
  );
}
