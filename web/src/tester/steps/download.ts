// The models come down: progress in MB, one button when it breaks off. What has arrived is kept over a reload.

import { button, h } from "../../ui/dom";
import { megabytes } from "../../ui/format";
import { downloadBytes } from "../estimate";
import { progressBar } from "../progress";
import { type StepContext, type StepView, actions, problem, reasonOf, stepFrame } from "../step";

export function downloadStep(context: StepContext): StepView {
  const { config, text, visit, dispatch } = context;
  const stop = new AbortController();
  const total = downloadBytes(config);
  const bar = progressBar(text.download.progressName);
  const amount = h("p", { class: "amount num" });
  const trouble = problem();
  const again = button(text.common.tryAgain, () => void load(), "primary large");
  const hint = h("p", { class: "muted", hidden: true }, text.download.failedHint);
  again.hidden = true;

  const show = (loaded: number, all: number): void => {
    const shown = text.download.progress(megabytes(text.language, loaded), megabytes(text.language, all));
    amount.textContent = shown;
    bar.set(all > 0 ? loaded / all : 1, shown);
  };

  const failed = (error: unknown): void => {
    trouble.show(text.download.failed(reasonOf(error)));
    hint.hidden = false;
    again.hidden = false;
    if (config.autorun) dispatch({ type: "finish" });
  };

  const load = async (): Promise<void> => {
    trouble.show(null);
    hint.hidden = true;
    again.hidden = true;
    try {
      await visit.loadModels(show, stop.signal);
      dispatch({ type: "downloaded" });
    } catch (error) {
      if (!stop.signal.aborted) failed(error);
    }
  };

  show(0, total);
  void load();
  const leave = button(text.common.stopHere, () => dispatch({ type: "finish" }), "quiet");
  const root = stepFrame(
    "download",
    text.download.heading,
    h("p", { class: "lead" }, text.download.text),
    bar.element,
    amount,
    trouble.element,
    hint,
    actions(again, leave),
  );
  return { root, dispose: () => stop.abort() };
}
