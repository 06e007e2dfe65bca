// What happened during a run that could have bent it: the tab, the window, the graphics context.
import type { Runner } from "../runners/types";
import type { Event as RunEvent } from "../wire/types";

const MOST = 500;

export interface EventRecorder {
  readonly events: readonly RunEvent[];
  watch(runner: Pick<Runner, "listen">): void;
  /** Records what was noticed by other means before the browser's event came; at most once. */
  note(type: RunEvent["type"]): void;
  stop(): void;
}

/** Records from now on; `at_ms` counts from this call. */
export function recordEvents(): EventRecorder {
  const started = performance.now();
  const events: RunEvent[] = [];
  const stops: (() => void)[] = [];
  const record = (type: RunEvent["type"]): void => {
    if (events.length < MOST) events.push({ at_ms: performance.now() - started, type });
  };
  const on = (target: EventTarget, name: string, type: () => RunEvent["type"]): void => {
    const listener = (): void => record(type());
    target.addEventListener(name, listener);
    stops.push(() => target.removeEventListener(name, listener));
  };
  on(document, "visibilitychange", () => (document.hidden ? "hidden" : "shown"));
  on(window, "blur", () => "blurred");
  on(window, "focus", () => "focused");
  on(window, "resize", () => "resized");
  return {
    events,
    note(type) {
      if (!events.some((event) => event.type === type)) record(type);
    },
    watch: (runner) => void stops.push(runner.listen(record)),
    stop: () => stops.splice(0).forEach((stop) => stop()),
  };
}
