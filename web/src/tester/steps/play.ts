// Play: the drawing on one side, the picture that the network makes of it on the other, live.

import { button, h } from "../../ui/dom";
import type { LoadedBundle } from "../../engine/bundle";
import { framesPerSecond } from "../../ui/format";
import { brushControls } from "../../ui/sketch/brushControls";
import { OWN, conditionPicker, firstCondition } from "../play/conditionPicker";
import { imageButton } from "../play/imageButton";
import { LivePicture } from "../play/livePicture";
import { ownModelPanel } from "../play/ownModel/panel";
import { saveFile } from "../play/saveFile";
import { seenInset } from "../play/seenInset";
import { sketchPicker } from "../play/sketchPicker";
import { webcamButton } from "../play/webcamButton";
import { createEasel } from "../../ui/sketch/easel";
import { MIDDLE } from "../../ui/sketch/grey";
import { firstSketch, paintSketch } from "../../ui/sketch/sketches";
import { type StepContext, type StepView, stepFrame } from "../step";

type Say = (message: string | null, tone?: "warn" | "bad") => void;

function noticeLine(): { element: HTMLElement; say: Say } {
  const element = h("p", { class: "notice play-notice", role: "status", hidden: true });
  return {
    element,
    say(message, tone = "warn") {
      element.textContent = message ?? "";
      element.dataset.tone = tone;
      element.hidden = message === null;
    },
  };
}

/** All parts of the step, wired to each other; `play` below puts them on the page. */
function assemble({ config, text, visit, announce }: StepContext) {
  const notice = noticeLine();
  const fps = h("p", { class: "fps num", title: text.play.fpsHint });
  const host = h("div", { class: "picture-frame" }, h("p", { class: "muted waiting" }, text.play.waiting));
  const undone = (): void => announce(text.play.undone);

  const easel = createEasel({
    name: text.play.drawing,
    help: text.play.drawingHelp,
    onChange: () => {
      live.changed();
      seen.changed();
    },
    onTone: (index) => brush.chooseTone(index),
    onSize: (step) => brush.stepSize(step),
    onUndone: undone,
  });
  const seen = seenInset(text.play.seen, easel);
  let own: LoadedBundle | null = null;
  const live = new LivePicture({
    visit,
    bundle: ({ model }) => (model === OWN && own ? own : visit.bundle(Math.max(model, 0))),
    host,
    label: text.play.picture,
    read: () => {
      webcam.read(easel);
      return easel.grey;
    },
    onFps: (value) => {
      fps.textContent =
        value === null ? text.play.resting : text.play.fps(framesPerSecond(text.language, value));
    },
    onError: (message) => notice.say(message === null ? null : text.play.failed(message), "bad"),
  });
  const brush = brushControls(text.play, easel);
  const webcam = webcamButton({ text, say: notice.say, onChange: () => live.setContinuous(webcam.running) });
  const picker = conditionPicker(config, text, firstCondition(visit), (condition) => {
    fps.textContent = ""; // the rate of the one before
    void live.choose(condition);
  });
  const ownModel = config.own_models
    ? ownModelPanel({
        text,
        onModel(bundle) {
          own = bundle;
          // What the inset shows is how the study's networks see the drawing.
          seen.element.hidden = bundle !== null;
          picker.offerOwn(bundle === null ? null : text.play.own.option(bundle.manifest.title));
        },
      })
    : null;
  return { notice, fps, host, easel, seen, live, brush, webcam, picker, undone, ownModel };
}

export function playStep(context: StepContext): StepView {
  const { text, visit, dispatch, announce } = context;
  const parts = assemble(context);
  const { notice, easel, seen, live, webcam } = parts;
  const replacing = { easel, text, say: notice.say, stopWebcam: () => webcam.stop() };

  const undo = (): void => {
    if (easel.undo()) parts.undone();
  };
  const clear = (): void => {
    webcam.stop();
    easel.replace((grey) => grey.fill(MIDDLE));
    announce(text.play.cleared);
  };
  const save = async (): Promise<void> => {
    const blob = await live.savePicture().catch(() => null);
    if (!blob) return notice.say(text.play.saveFailed);
    saveFile(blob, text.play.saveName);
    announce(text.play.saved);
  };

  const edit = h(
    "div",
    { class: "tool-row" },
    button(text.play.undo, undo),
    button(text.play.clear, clear),
    imageButton(replacing),
    webcam.element,
  );
  const end = h(
    "div",
    { class: "tool-row" },
    button(text.play.save, () => void save()),
    button(text.play.finish, () => dispatch({ type: "finish" }), "primary"),
  );
  const root = stepFrame(
    "play",
    text.play.heading,
    notice.element,
    h("div", { class: "easel-side" }, easel.element),
    h("div", { class: "picture-side" }, parts.host, parts.fps),
    h("div", { class: "tools" }, sketchPicker(replacing), parts.brush.element, edit),
    h("div", { class: "play-foot" }, parts.picker.element, seen.element, end, parts.ownModel?.element),
  );

  easel.replace((grey) => paintSketch(grey, firstSketch), true);
  void live.choose(firstCondition(visit));
  return {
    root,
    dispose() {
      seen.dispose();
      parts.ownModel?.dispose();
      webcam.stop();
      live.dispose();
    },
  };
}
