// Whether everything has arrived: a stranger should know when the page may be closed.

import { h } from "../../ui/dom";
import type { StepContext } from "../step";

export function pendingLine({ text, visit }: StepContext): { element: HTMLElement; dispose(): void } {
  const element = h("p", { class: "notice", role: "status", "data-testid": "pending" });
  const show = (count: number): void => {
    const waiting = text.thanks.pending(count, count.toLocaleString(text.language));
    const words =
      count === 0 ? text.thanks.allSent : visit.lasting ? waiting : `${waiting} ${text.thanks.memoryOnly}`;
    if (element.textContent !== words) element.textContent = words;
    element.dataset.tone = count === 0 ? "good" : "warn";
    element.dataset.pending = String(count);
  };
  return { element, dispose: visit.onPending(show) };
}
