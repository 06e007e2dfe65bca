// Nothing can run here. That is a finding, not the tester's fault, and it was posted as such.

import { button, h } from "../../ui/dom";
import { type StepContext, type StepView, actions, stepFrame } from "../step";

export function noWebglStep({ text, visit, dispatch }: StepContext): StepView {
  const reason = visit.record.device?.device?.webgl_reason;
  const root = stepFrame(
    "no-webgl",
    text.noWebgl.heading,
    h("p", { class: "lead" }, text.noWebgl.text),
    h("p", {}, text.noWebgl.hint),
    reason ? h("p", { class: "small muted" }, text.noWebgl.reason(reason)) : null,
    actions(button(text.noWebgl.finish, () => dispatch({ type: "finish" }), "primary large")),
  );
  return { root };
}
