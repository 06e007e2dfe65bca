// The webcam: asked for only when this button is pressed. Where the page may not ask, a sentence stands instead.

import { button, h } from "../../ui/dom";
import type { Easel } from "../../ui/sketch/easel";
import { startWebcam, type Webcam, webcamOffered } from "../../ui/sketch/pictures";
import type { Strings } from "../strings";

export interface WebcamButton {
  readonly element: HTMLElement;
  readonly running: boolean;
  /** Puts the newest webcam picture on the easel, while the webcam runs. */
  read(easel: Easel): void;
  stop(): void;
}

interface Options {
  text: Strings;
  say(message: string | null): void;
  onChange(): void;
}

/** The browser's error as a sentence that says what to do. */
export function webcamSentence(error: unknown, text: Strings): string {
  const name = error instanceof DOMException ? error.name : "";
  if (name === "NotFoundError" || name === "OverconstrainedError") return text.play.webcamMissing;
  if (name === "NotReadableError" || name === "AbortError") return text.play.webcamBusy;
  return text.play.webcamRefused;
}

export function webcamButton({ text, say, onChange }: Options): WebcamButton {
  let webcam: Webcam | null = null;
  let asking = false;

  const stop = (): void => {
    if (!webcam) return;
    webcam.stop();
    webcam = null;
    toggle.textContent = text.play.webcam;
    onChange();
  };
  const start = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    try {
      webcam = await startWebcam();
      toggle.textContent = text.play.webcamStop;
      say(null);
      onChange();
    } catch (error) {
      say(webcamSentence(error, text));
    } finally {
      asking = false;
    }
  };
  const toggle = button(text.play.webcam, () => (webcam ? stop() : void start()));
  const element = webcamOffered()
    ? toggle
    : h("p", { class: "small muted webcam-note" }, text.play.webcamInsecure);

  return {
    element,
    get running() {
      return webcam !== null;
    },
    read(easel) {
      const current = webcam;
      if (current) easel.replace((grey) => void current.read(grey), true);
    },
    stop,
  };
}
