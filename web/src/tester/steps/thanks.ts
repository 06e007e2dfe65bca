// The last page: own figures, everything that was sent, a code for another browser, and the delete button.

import { h } from "../../ui/dom";
import { deletePanel } from "../thanks/deletePanel";
import { joinPanel } from "../thanks/joinPanel";
import { ownFigures } from "../thanks/ownFigures";
import { pendingLine } from "../thanks/pendingLine";
import { sentPanel } from "../thanks/sentPanel";
import { type StepContext, type StepView, stepFrame } from "../step";

function opening({ text, visit }: StepContext): string {
  if (visit.record.end?.state === "no_webgl") return text.thanks.noWebglText;
  return visit.flow.measuring === "stopped" ? text.thanks.stoppedText : "";
}

export function thanksStep(context: StepContext): StepView {
  const { text } = context;
  const pending = pendingLine(context);
  const more = opening(context);
  const kept = h(
    "div",
    { class: "thanks-kept" },
    pending.element,
    ownFigures(context),
    joinPanel(context),
    sentPanel(context),
  );
  const root = stepFrame(
    "thanks",
    text.thanks.heading,
    h("p", { class: "lead" }, text.thanks.text, more ? ` ${more}` : null),
    kept,
    deletePanel(context, () => {
      pending.dispose();
      kept.remove();
    }),
  );
  return { root, dispose: pending.dispose };
}
