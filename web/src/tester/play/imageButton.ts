// A picture file by the picker or dropped on the drawing. It is read in the page and goes nowhere.

import { button, h } from "../../ui/dom";
import { newGrey } from "../../ui/sketch/grey";
import { isModelFile } from "./ownModel/dropped";
import { openImageFile } from "../../ui/sketch/pictures";
import type { Replacing } from "./replacing";

async function open(file: Blob, { easel, text, stopWebcam, say }: Replacing): Promise<void> {
  const picture = newGrey();
  try {
    await openImageFile(file, picture);
  } catch {
    say(text.play.imageRefused);
    return;
  }
  stopWebcam();
  say(null);
  easel.replace((grey) => grey.set(picture));
}

function acceptDrops(target: HTMLElement, take: (file: File) => void): void {
  target.addEventListener("dragover", (event) => {
    event.preventDefault();
    target.classList.add("drop-here");
  });
  target.addEventListener("dragleave", () => target.classList.remove("drop-here"));
  target.addEventListener("drop", (event) => {
    target.classList.remove("drop-here");
    const file = event.dataTransfer?.files[0];
    // A model's files are for the whole page, wherever they fall.
    if (file && isModelFile(file)) return;
    event.preventDefault();
    if (file) take(file);
  });
}

export function imageButton(replacing: Replacing): HTMLElement {
  const { text, easel } = replacing;
  const picker = h("input", {
    type: "file",
    accept: "image/*",
    hidden: true,
    "aria-label": text.play.image,
    "data-testid": "image-file",
  });
  picker.addEventListener("change", () => {
    const file = picker.files?.[0];
    if (file) void open(file, replacing);
    picker.value = "";
  });
  acceptDrops(easel.element, (file) => void open(file, replacing));
  return h(
    "span",
    {},
    button(text.play.image, () => picker.click()),
    picker,
  );
}
