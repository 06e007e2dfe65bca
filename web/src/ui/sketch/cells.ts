// What is left of a drawing once the network's preprocessing has averaged it down to 10 x 10 greys (for show only:
// the runners do the real thing on the graphics card).

import { type Grey, SIDE } from "./grey";

export const CELLS = 10;

/** Area averages with fractional weights: 256 / 10 is no integer, so a pixel may belong to two cells. */
export function cellAverages(grey: Grey): Float32Array {
  const sums = new Float32Array(CELLS * CELLS);
  const size = SIDE / CELLS;
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const tone = grey[y * SIDE + x] ?? 0;
      for (const [row, high] of shares(y, size)) {
        for (const [column, wide] of shares(x, size)) {
          const i = row * CELLS + column;
          sums[i] = (sums[i] ?? 0) + tone * high * wide;
        }
      }
    }
  }
  return sums.map((sum) => sum / (size * size));
}

/** The cells that pixel `at` belongs to, each with the part of the pixel that lies in it. */
function shares(at: number, size: number): [number, number][] {
  const cell = Math.floor(at / size);
  const edge = (cell + 1) * size;
  if (edge >= at + 1 || cell + 1 >= CELLS) return [[cell, 1]];
  return [
    [cell, edge - at],
    [cell + 1, at + 1 - edge],
  ];
}

/** Paints cell greys one pixel each; the page shows the small canvas enlarged without smoothing. */
export function paintCells(canvas: HTMLCanvasElement, cells: Float32Array): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(CELLS, CELLS);
  cells.forEach((tone, i) => {
    const value = Math.round(tone * 255);
    image.data.set([value, value, value, 255], i * 4);
  });
  context.putImageData(image, 0, 0);
}
