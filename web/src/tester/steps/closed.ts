import { h } from "../../ui/dom";
import { type StepContext, type StepView, stepFrame } from "../step";

export function closedStep({ config, text }: StepContext): StepView {
  const root = stepFrame(
    "closed",
    text.closed.heading,
    h("p", { class: "lead" }, config.title),
    h("p", {}, text.closed.text),
  );
  return { root };
}
