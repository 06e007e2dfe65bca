// Where the tester is: a ramp from dark to light, one mark a step, and the same in words.

import { h } from "../ui/dom";
import type { Step } from "./flow";
import type { Strings } from "./strings";

const ORDER: readonly Step[] = ["consent", "device", "download", "measure", "play", "thanks"];

export function stepMarks(text: Strings): { element: HTMLElement; show(step: Step): void } {
  const marks = ORDER.map(() => h("span", { class: "mark" }));
  const words = h("span", { class: "small muted" });
  const ramp = h("span", { class: "marks", "aria-hidden": "true" }, ...marks);
  const element = h("p", { class: "step-marks" }, words, ramp);
  return {
    element,
    show(step) {
      const at = ORDER.indexOf(step);
      element.hidden = at < 0;
      words.textContent = text.stepOf(
        (at + 1).toLocaleString(text.language),
        ORDER.length.toLocaleString(text.language),
      );
      marks.forEach((mark, i) => mark.toggleAttribute("data-reached", i <= at));
    },
  };
}
