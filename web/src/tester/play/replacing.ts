import type { Easel } from "../../ui/sketch/easel";
import type { Strings } from "../strings";

/** What everything that replaces the whole drawing needs: the webcam has to let go of it first. */
export interface Replacing {
  readonly easel: Easel;
  readonly text: Strings;
  stopWebcam(): void;
  /** Shows a sentence above the drawing; null takes it away. */
  say(message: string | null): void;
}
