// Heat maps. The ramp rises in lightness from dark blue over grey to light yellow, which every kind of colour vision can
// tell apart and a black and white print keeps.
import { h } from "../ui/dom";

type Colour = readonly [number, number, number];
const STOPS: readonly Colour[] = [
  [8, 16, 44],
  [36, 62, 112],
  [112, 116, 122],
  [190, 170, 82],
  [255, 240, 130],
];

/** The colour of a share of the scale, 0 to 1. */
export function heatColour(share: number): Colour {
  const at = Math.min(1, Math.max(0, share)) * (STOPS.length - 1);
  const low = Math.min(Math.floor(at), STOPS.length - 2);
  const [from, to] = [STOPS[low] as Colour, STOPS[low + 1] as Colour];
  return from.map((value, i) => Math.round(value + ((to[i] ?? 0) - value) * (at - low))) as unknown as Colour;
}

function paint(canvas: HTMLCanvasElement, shareAt: (i: number) => number): void {
  const context = canvas.getContext("2d");
  if (context === null) return;
  const image = context.createImageData(canvas.width, canvas.height);
  for (let i = 0; i < canvas.width * canvas.height; i++)
    image.data.set([...heatColour(shareAt(i)), 255], 4 * i);
  context.putImageData(image, 0, 0);
}

/** Differences by pixel on a scale from 0 to `top`. */
export function paintHeat(canvas: HTMLCanvasElement, pixels: Uint8Array, top: number): void {
  paint(canvas, (i) => (pixels[i] ?? 0) / top);
}

const STEPS = 256;

/** The scale that all heat maps of a page share, with its numbers. */
export function scaleBar(top: number): HTMLElement {
  const bar = h("canvas", { width: STEPS, height: 1, class: "scale-bar", "aria-hidden": "true" });
  paint(bar, (i) => i / (STEPS - 1));
  const middle = top > 1 ? [h("span", {}, top / 2)] : [];
  return h(
    "figure",
    { class: "scale", "data-testid": "scale" },
    h("figcaption", {}, "Difference by pixel, in levels of 0 to 255"),
    bar,
    h("div", { class: "scale-numbers num" }, h("span", {}, 0), ...middle, h("span", {}, top)),
  );
}
