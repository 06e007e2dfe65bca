// A progress bar with words: the value text is what a screen reader says.

import { h } from "../ui/dom";

export interface ProgressBar {
  readonly element: HTMLElement;
  /** `part` from 0 to 1. */
  set(part: number, words: string): void;
}

export function progressBar(name: string): ProgressBar {
  const fill = h("span");
  const element = h(
    "div",
    { class: "progress", role: "progressbar", "aria-label": name, "aria-valuemin": 0, "aria-valuemax": 100 },
    fill,
  );
  return {
    element,
    set(part, words) {
      const value = Math.min(1, Math.max(0, part));
      fill.style.setProperty("--value", String(value));
      element.setAttribute("aria-valuenow", String(Math.round(value * 100)));
      element.setAttribute("aria-valuetext", words);
    },
  };
}
