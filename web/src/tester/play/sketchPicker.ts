// The starting sketches as small pictures: one press, and the network paints it.

import { h } from "../../ui/dom";
import { newGrey, SIDE, toRgba } from "../../ui/sketch/grey";
import { paintSketch, type Sketch, sketches } from "../../ui/sketch/sketches";
import type { Replacing } from "./replacing";

function thumbnail(sketch: Sketch): HTMLCanvasElement {
  const canvas = h("canvas", { width: SIDE, height: SIDE, "aria-hidden": "true" });
  const grey = newGrey();
  paintSketch(grey, sketch);
  const context = canvas.getContext("2d");
  if (context) {
    const image = context.createImageData(SIDE, SIDE);
    toRgba(grey, image.data);
    context.putImageData(image, 0, 0);
  }
  return canvas;
}

export function sketchPicker({ easel, text, stopWebcam, say }: Replacing): HTMLElement {
  const choose = (sketch: Sketch): void => {
    stopWebcam();
    say(null);
    easel.replace((grey) => paintSketch(grey, sketch));
  };
  const buttons = sketches.map((sketch) => {
    const name = text.play.sketchNames[sketch.id] ?? sketch.id;
    return h(
      "button",
      {
        type: "button",
        class: "sketch",
        "aria-label": name,
        title: name,
        on: { click: () => choose(sketch) },
      },
      thumbnail(sketch),
    );
  });
  return h("div", { class: "sketches", role: "group", "aria-label": text.play.sketches }, ...buttons);
}
