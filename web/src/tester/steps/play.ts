// Play: the drawing on one side, the picture that the network makes of it on the other, live.

import { button, h } from "../../ui/dom";
import { framesPerSecond } from "../../ui/format";
import { createEasel, type Easel } from "../sketch/easel";
import { cellAverages, CELLS, paintCells } from "../sketch/cells";
import { MIDDLE } from "../sketch/grey";
import { firstSketch, paintSketch } from "../sketch/sketches";
import { LivePicture } from "../play/livePicture";
import { brushControls } from "../play/brushControls";
import { conditionPicker } from "../play/conditionPicker";
import { imageButton } from "../play/imageButton";
import { sketchPicker } from "../play/sketchPicker";
import { webcamButton } from "../play/webcamButton";
import { type StepContext, type StepView, stepFrame } from "../step";

function seenInset(label: string): { element: HTMLElement; update(easel: Easel): void } {
  const canvas = h("canvas", { width: CELLS, height: CELLS, role: "img", "aria-label": label });
  const element = h("figure", { class: "seen" }, canvas, h("figcaption", {}, label));
  return { element, update: (easel) => paintCells(canvas, cellAverages(easel.grey)) };
}

export function playStep(context: StepContext): StepView {
  const { text, visit, dispatch, announce } = context;
  const notice = h("p", { class: "notice play-notice", role: "status", hidden: true });
  const say = (message: string | null, tone = "warn"): void => {
    notice.textContent = message ?? "";
    notice.dataset.tone = tone;
    notice.hidden = message === null;
  };
  const fps = h("output", { class: "fps num", title: text.play.fpsHint });
  const host = h("div", { class: "picture-frame" }, h("p", { class: "muted waiting" }, text.play.waiting));
  const seen = seenInset(text.play.seen);

  const easel = createEasel({
    name: text.play.drawing,
    help: text.play.drawingHelp,
    onChange: () => {
      live.changed();
      seenSoon();
    },
    onTone: (index) => brush.chooseTone(index),
    onSize: (step) => brush.stepSize(step),
    onUndone: () => announce(text.play.undone),
  });
  const live = new LivePicture({
    visit,
    host,
    label: text.play.picture,
    read: () => {
      webcam.read(easel);
      return easel.grey;
    },
    onFps: (value) => (fps.textContent = text.play.fps(framesPerSecond(text.language, value))),
    onError: (message) => say(message === null ? null : text.play.failed(message), "bad"),
  });
  const brush = brushControls(text, easel);
  const webcam = webcamButton({ text, say, onChange: () => live.setContinuous(webcam.running) });
  const stopWebcam = (): void => webcam.stop();

  let seenPending = 0;
  function seenSoon(): void {
    if (seenPending) return;
    seenPending = window.setTimeout(() => {
      seenPending = 0;
      seen.update(easel);
    }, 120);
  }

  const undo = (): void => {
    if (easel.undo()) announce(text.play.undone);
  };
  const clear = (): void => {
    stopWebcam();
    easel.replace((grey) => grey.fill(MIDDLE));
    announce(text.play.cleared);
  };
  const save = async (): Promise<void> => {
    const blob = await live.savePicture();
    if (!blob) return say(text.play.saveFailed);
    const url = URL.createObjectURL(blob);
    h("a", { href: url, download: text.play.saveName }).click();
    window.setTimeout(() => URL.revokeObjectURL(url), 10_000);
    announce(text.play.saved);
  };

  const beforeReplace = { easel, stopWebcam, say, text };
  const tools = h(
    "div",
    { class: "tools" },
    brush.element,
    h("div", { class: "tool-row" }, button(text.play.undo, undo), button(text.play.clear, clear), imageButton(beforeReplace), webcam.element),
  );
  const foot = h(
    "div",
    { class: "play-foot" },
    conditionPicker(context, (condition) => void live.choose(condition)),
    h("div", { class: "tool-row" }, button(text.play.save, () => void save()), button(text.play.finish, () => dispatch({ type: "finish" }), "primary")),
  );
  const root = stepFrame(
    "play",
    text.play.heading,
    notice,
    h(
      "div",
      { class: "studio" },
      h("div", { class: "easel-side" }, easel.element, seen.element),
      h("div", { class: "picture-side" }, host, fps),
    ),
    sketchPicker(beforeReplace),
    tools,
    foot,
  );

  easel.replace((grey) => paintSketch(grey, firstSketch), true);
  void live.choose({ model: 0, mode: context.config.modes[0] ?? "" });
  return {
    root,
    dispose() {
      window.clearTimeout(seenPending);
      stopWebcam();
      live.dispose();
    },
  };
}
