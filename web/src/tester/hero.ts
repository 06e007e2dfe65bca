// The first page's picture: the starting sketches as the network sees them, ten by ten greys, one fading into the next.

import { h } from "../ui/dom";
import { type Grey, newGrey } from "../ui/sketch/grey";
import { paintSketch, sketches } from "../ui/sketch/sketches";
import { CELLS, cellAverages, paintCells } from "../ui/sketch/cells";

const HOLD_MS = 3200;
const FADE_MS = 1400;

function sketchCells(): Float32Array[] {
  const grey: Grey = newGrey();
  return sketches.map((sketch) => {
    paintSketch(grey, sketch);
    return cellAverages(grey);
  });
}

function ease(t: number): number {
  const part = Math.min(1, Math.max(0, t));
  return part * part * (3 - 2 * part);
}

/** Decoration only: hidden from screen readers, still where less motion is asked for. */
export function hero(): { element: HTMLElement; dispose(): void } {
  const canvas = h("canvas", { width: CELLS, height: CELLS, class: "hero", "aria-hidden": "true" });
  const frames = sketchCells();
  const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const mixed = new Float32Array(CELLS * CELLS);
  let request = 0;

  const draw = (now: number): void => {
    const turn = now / (HOLD_MS + FADE_MS);
    const from = frames[Math.floor(turn) % frames.length];
    const to = frames[(Math.floor(turn) + 1) % frames.length];
    const part = ease(((turn % 1) * (HOLD_MS + FADE_MS) - HOLD_MS) / FADE_MS);
    if (from && to) mixed.forEach((_, i) => (mixed[i] = (from[i] ?? 0) * (1 - part) + (to[i] ?? 0) * part));
    paintCells(canvas, mixed);
    if (!still) request = requestAnimationFrame(draw);
  };
  draw(0);
  return { element: canvas, dispose: () => cancelAnimationFrame(request) };
}
