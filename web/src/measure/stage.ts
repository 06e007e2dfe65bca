// Where a runner's canvas is shown.
import type { Runner } from "../runners/types";

/** Puts the canvas into the page with a name for those who cannot see it. */
export function showCanvas(host: HTMLElement, runner: Runner, label: string): void {
  runner.canvas.setAttribute("role", "img");
  runner.canvas.setAttribute("aria-label", label);
  if (host.firstChild !== runner.canvas || host.childNodes.length !== 1) host.replaceChildren(runner.canvas);
}

/** Resolves when the tab is visible, or the signal is aborted. */
export async function whenVisible(signal: AbortSignal): Promise<void> {
  while (document.hidden && !signal.aborted) {
    await new Promise<void>((resolve) => {
      const done = (): void => {
        document.removeEventListener("visibilitychange", done);
        signal.removeEventListener("abort", done);
        resolve();
      };
      document.addEventListener("visibilitychange", done);
      signal.addEventListener("abort", done);
    });
  }
}
