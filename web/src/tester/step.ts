// What every step is given, and the frame that every step stands in.

import { type Child, h } from "../ui/dom";
import type { PageConfig } from "../wire/types";
import type { FlowEvent, Step } from "./flow";
import type { Strings } from "./strings";
import type { Visit } from "./visit";

export interface StepContext {
  readonly config: PageConfig;
  readonly text: Strings;
  readonly visit: Visit;
  dispatch(event: FlowEvent): void;
  /** Says one sentence to screen readers; for what cannot be seen otherwise, not for every change. */
  announce(message: string): void;
}

export interface StepView {
  readonly root: HTMLElement;
  /** Called when the step leaves the page: timers, streams and graphics go. */
  dispose?(): void;
}

export type StepFactory = (context: StepContext) => StepView;

/** The step's <main> with its heading first; the heading takes the focus when the step changes. */
export function stepFrame(step: Step, heading: string, ...children: Child[]): HTMLElement {
  return h(
    "main",
    { id: "content", "data-step": step, class: `step step-${step}` },
    h("h1", { tabindex: -1 }, heading),
    ...children,
  );
}

/** A row of buttons; on a phone they stand at the bottom, in reach of the thumb. */
export function actions(...children: Child[]): HTMLElement {
  return h("div", { class: "actions" }, ...children);
}

/** A sentence that something went wrong, read out at once. */
export function problem(): { element: HTMLElement; show(message: string | null): void } {
  const element = h("p", { class: "notice", "data-tone": "bad", role: "alert", hidden: true });
  return {
    element,
    show(message) {
      element.textContent = message ?? "";
      element.hidden = message === null;
    },
  };
}

/** An error's own sentence, for people; ends with a full stop. */
export function reasonOf(error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).trim();
  const text = message === "" ? "no reason given" : message;
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
