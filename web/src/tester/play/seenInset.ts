// What is left of the drawing for the network: ten by ten greys. It explains more than a paragraph would.

import { h } from "../../ui/dom";
import { CELLS, cellAverages, paintCells } from "../../ui/sketch/cells";
import type { Easel } from "../../ui/sketch/easel";

const DELAY_MS = 100;

export function seenInset(
  label: string,
  easel: Easel,
): { element: HTMLElement; changed(): void; dispose(): void } {
  const canvas = h("canvas", { width: CELLS, height: CELLS, "aria-hidden": "true" });
  let timer = 0;
  const update = (): void => {
    timer = 0;
    paintCells(canvas, cellAverages(easel.grey));
  };
  return {
    element: h("figure", { class: "seen" }, canvas, h("figcaption", {}, label)),
    changed() {
      if (!timer) timer = window.setTimeout(update, DELAY_MS);
    },
    dispose: () => window.clearTimeout(timer),
  };
}
