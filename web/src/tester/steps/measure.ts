// Measuring, block by block, with the pictures shown as they are made. Every run is handed on as soon as it is there.

import { button, h } from "../../ui/dom";
import { calmSeconds, framesPerSecond } from "../../ui/format";
import type { MeasureEvent } from "../../measure/session";
import { durationWords } from "../duration";
import { blockSeconds } from "../estimate";
import { hero } from "../hero";
import { MeasureProgress } from "../measureProgress";
import { progressBar } from "../progress";
import { type StepContext, type StepView, actions, problem, reasonOf, stepFrame } from "../step";
import type { Strings } from "../strings";

/** What the page says while it measures; the numbers stand apart from the sentence, so that it does not jump. */
function panel(text: Strings) {
  const bar = progressBar(text.measure.progressName);
  const phase = h("span", { class: "measure-phase" });
  const left = h("span", { class: "muted num" });
  const fps = h("span", { class: "measure-fps num", "aria-hidden": "true" });
  const element = h(
    "div",
    { class: "measure-panel" },
    bar.element,
    h("p", { class: "measure-line" }, phase, left),
    fps,
  );
  return { element, bar, phase, left, fps };
}

class MeasureStep {
  private readonly text: Strings;
  private readonly preview = hero();
  private readonly host = h("div", { class: "picture-frame" }, this.preview.element);
  private readonly panel;
  private readonly trouble = problem();
  private readonly words = h("div", { class: "measure-words" });
  private readonly abort = new AbortController();
  private readonly progress: MeasureProgress;
  readonly root: HTMLElement;
  private left = false;

  constructor(private readonly context: StepContext) {
    const { config, text, visit } = context;
    this.text = text;
    this.panel = panel(text);
    this.progress = new MeasureProgress(
      visit.sequenceLength,
      visit.sequenceLength - visit.remaining().length,
      blockSeconds(config.protocol),
    );
    this.root = stepFrame(
      "measure",
      text.measure.heading,
      h(
        "div",
        { class: "measure-stage" },
        this.host,
        h("div", { class: "measure-side" }, this.words, this.trouble.element),
      ),
    );
    addEventListener("pagehide", this.leave, { capture: true });
    this.showRules();
    if (config.autorun || visit.remaining().length === 0) void this.run();
  }

  dispose(): void {
    removeEventListener("pagehide", this.leave, { capture: true });
    this.preview.dispose();
    this.abort.abort();
  }

  private showRules(): void {
    const { text } = this;
    this.words.replaceChildren(
      h("p", { class: "lead" }, text.measure.text(durationWords(this.progress.secondsLeft(), text))),
      h("ul", {}, ...text.measure.rules.map((rule) => h("li", {}, rule))),
      actions(
        button(text.measure.start, () => void this.run(), "primary large"),
        button(text.common.stopHere, () => this.context.dispatch({ type: "finish" }), "quiet"),
      ),
    );
  }

  private showRunning(): void {
    const { text } = this;
    const stop = button(text.measure.stop, () => this.abort.abort(), "large");
    this.words.replaceChildren(
      h("p", { class: "lead" }, text.measure.running),
      this.panel.element,
      actions(stop),
    );
    this.root.toggleAttribute("data-running", true);
    stop.focus();
  }

  private showStopped(): void {
    const { text, context } = this;
    const parts = context.visit.measuredCount();
    const kept = text.measure.stoppedText(text.measure.runs(parts, parts.toLocaleString(text.language)));
    this.words.replaceChildren(
      h("h2", {}, text.measure.stoppedHeading),
      h("p", { role: "status" }, kept),
      actions(
        button(text.measure.paint, () => context.dispatch({ type: "paint" }), "primary large"),
        button(text.measure.end, () => context.dispatch({ type: "finish" })),
      ),
    );
  }

  private async run(): Promise<void> {
    const { context } = this;
    this.preview.dispose();
    this.showRunning();
    try {
      const stopped = await context.visit.measure(
        this.host,
        this.text.measure.canvas,
        this.abort.signal,
        (event) => this.follow(event),
      );
      if (this.left) this.showRules();
      else if (stopped) this.stopped();
      else context.dispatch({ type: "measured", play: !context.config.autorun });
    } catch (error) {
      this.trouble.show(`${this.text.measure.failed(reasonOf(error))} ${this.text.measure.failedHint}`);
      this.stopped();
    }
  }

  /** The page goes away (a reload, a closed tab): not the tester's wish to stop, so the visit can go on here. */
  private readonly leave = (): void => {
    this.left = true;
    addEventListener("pageshow", () => (this.left = false), { once: true });
  };

  private stopped(): void {
    const { context } = this;
    context.dispatch({ type: "stopped" });
    if (context.config.autorun) context.dispatch({ type: "finish" });
    else this.showStopped();
  }

  private follow(event: MeasureEvent): void {
    const { text, panel: shown } = this;
    if (event.type === "frame") {
      shown.fps.textContent = text.measure.fps(framesPerSecond(text.language, event.fps));
      return;
    }
    if (event.type === "waiting") this.context.announce(text.measure.hidden);
    if (event.type === "block-start") this.progress.blockStarted();
    if (event.type === "run") this.progress.blockFinished();
    if (event.type === "phase") {
      this.progress.phase(event.secondsLeft);
      this.host.dataset.phase = event.phase;
      shown.phase.textContent = text.measure.phases[event.phase];
    }
    this.showProgress();
  }

  private showProgress(): void {
    const { text, panel: shown, progress } = this;
    const seconds = calmSeconds(progress.secondsLeft());
    const left =
      seconds > 0 ? text.measure.secondsLeft(seconds.toLocaleString(text.language)) : text.measure.almost;
    const part = text.measure.block(
      progress.current().toLocaleString(text.language),
      progress.count.toLocaleString(text.language),
    );
    shown.left.textContent = left;
    shown.bar.set(progress.part(), `${part}, ${left}`);
  }
}

export function measureStep(context: StepContext): StepView {
  const step = new MeasureStep(context);
  return { root: step.root, dispose: () => step.dispose() };
}
