// Where numbers lie in textures: every number has a place of its own, and comes back.
import { describe, expect, it } from "vitest";
import { EngineError } from "../../../src/engine/device";
import { fromTexels, layoutOf, texelOf, toTexels } from "../../../src/engine/webgl/layout";
import type { LayoutChoice } from "../../../src/engine/webgl/layout";

const CHOICES: [string, [number, number, number], LayoutChoice][] = [
  ["plain", [5, 7, 3], {}],
  ["groups", [5, 19, 9], { group: [1, 8] }],
  ["phases of groups", [9, 11, 6], { split: [2, 2], group: [2, 4] }],
  ["uneven phases", [7, 10, 33], { split: [2, 3], group: [2, 2] }],
];

describe.each(CHOICES)("%s", (_, shape, choice) => {
  const layout = layoutOf(shape, 4096, choice);
  const [h, w, c] = shape;

  it("gives back what was put in", () => {
    const values = Float32Array.from({ length: h * w * c }, (_, i) => i + 1);
    expect(fromTexels(layout, toTexels(layout, values))).toEqual(values);
  });

  it("puts no two blocks into one texel, and none beyond the texture", () => {
    const seen = new Set<string>();
    for (let y = 0; y < h; y++)
      for (let x = 0; x < w; x++)
        for (let block = 0; block < layout.blocks; block++) {
          const [column, row, layer] = texelOf(layout, y, x, block);
          expect(column < layout.width && row < layout.height && layer < layout.layers).toBe(true);
          seen.add(`${column} ${row} ${layer}`);
        }
    expect(seen.size).toBe(h * w * layout.blocks);
  });
});

it("keeps within the largest texture, by more rows of blocks", () => {
  const layout = layoutOf([16, 16, 256], 64, { group: [1, 8] });
  expect(Math.max(layout.width, layout.height)).toBeLessThanOrEqual(64);
  expect(() => layoutOf([65, 65, 1], 64)).toThrow(EngineError);
});
