// Where the numbers of a value lie in its texture.
//
// A texel holds four channels (a block) of one pixel. The pixels of a group, `group` rows x columns, lie in the layers of an
// array texture at the same texel, because one fragment can write all layers at once. What a transposed convolution with
// stride s makes comes in s x s phases (pixels with the same remainder), which lie below each other: one fragment computes
// pixels of one phase. Blocks lie beside each other, `across` in a row. The layer behind the last is never written and
// stays zero: whatever lies beyond the picture's edge is read from there.
import { EngineError } from "../device";
import type { Pair, Shape3 } from "../plan";

export interface Layout {
  readonly shape: Shape3;
  /** Phases along rows and columns. */
  readonly split: Pair;
  /** Pixels of one phase that share a texel, along rows and columns. */
  readonly group: Pair;
  /** Texels of one block in one phase, along rows and columns. */
  readonly tiles: Pair;
  readonly blocks: number;
  readonly across: number;
  /** Rows of blocks. */
  readonly down: number;
  /** Of the texture. */
  readonly width: number;
  readonly height: number;
  /** That are written; the texture has one more. */
  readonly layers: number;
}

export const blocksOf = (channels: number): number => Math.ceil(channels / 4);

/** Blocks beside each other, so that the texture is about as wide as high: software renderers share work by rows. */
function chooseAcross(blocks: number, wide: number, high: number, limit: number): number {
  let best = 1;
  for (let across = 1; across <= blocks && across * wide <= limit; across++) {
    const shape = (n: number): number => {
      const [w, h] = [n * wide, Math.ceil(blocks / n) * high];
      if (h > limit) return Infinity;
      // Odd sizes waste half of the 2x2 fragments that are computed together.
      return (
        Math.max(w, h) / Math.min(w, h) +
        ((w & 1) + (h & 1)) * 0.3 +
        (n * Math.ceil(blocks / n) - blocks) / blocks
      );
    };
    if (shape(across) < shape(best)) best = across;
  }
  return best;
}

export interface LayoutChoice {
  readonly split?: Pair;
  readonly group?: Pair;
}

/** The layout of a value. Throws `EngineError` "limit" where no texture is large enough. */
export function layoutOf(
  shape: Shape3,
  limit: number,
  { split = [1, 1], group = [1, 1] }: LayoutChoice = {},
): Layout {
  const tiles = [0, 1].map((axis) =>
    Math.ceil(Math.ceil((shape[axis] ?? 1) / (split[axis] ?? 1)) / (group[axis] ?? 1)),
  ) as [number, number];
  const phases = split[0] * split[1];
  const blocks = blocksOf(shape[2]);
  const across = chooseAcross(blocks, tiles[1], tiles[0] * phases, limit);
  const down = Math.ceil(blocks / across);
  const [width, height] = [across * tiles[1], down * tiles[0] * phases];
  if (width > limit || height > limit)
    throw new EngineError(
      "limit",
      `A value of ${shape.join("x")} does not fit into textures of ${limit} x ${limit}.`,
    );
  return { shape, split, group, tiles, blocks, across, down, width, height, layers: group[0] * group[1] };
}

/** Column, row and layer of the texel that holds a block of a pixel. The shaders compute the same: see address.ts. */
export function texelOf(layout: Layout, y: number, x: number, block: number): [number, number, number] {
  const { split, group, tiles, across, down } = layout;
  const [iy, ix] = [Math.floor(y / split[0]), Math.floor(x / split[1])];
  const phase = (y % split[0]) * split[1] + (x % split[1]);
  return [
    (block % across) * tiles[1] + Math.floor(ix / group[1]),
    (phase * down + Math.floor(block / across)) * tiles[0] + Math.floor(iy / group[0]),
    (iy % group[0]) * group[1] + (ix % group[1]),
  ];
}

type Copy = (place: number, texel: number) => void;

/** Calls `copy` with the place of every number in [h, w, c] and in the texels [layers, height, width, 4]. */
function eachNumber(layout: Layout, copy: Copy): void {
  const [h, w, c] = layout.shape;
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      for (let block = 0; block < layout.blocks; block++) {
        const [column, row, layer] = texelOf(layout, y, x, block);
        const texel = ((layer * layout.height + row) * layout.width + column) * 4;
        for (let i = 0; i < Math.min(4, c - 4 * block); i++) copy((y * w + x) * c + 4 * block + i, texel + i);
      }
}

/** [h, w, c] as texels [layers, height, width, 4]; what stands for nothing is 0. */
export function toTexels(layout: Layout, values: Float32Array): Float32Array {
  const texels = new Float32Array(layout.layers * layout.height * layout.width * 4);
  eachNumber(layout, (place, texel) => (texels[texel] = values[place] ?? 0));
  return texels;
}

/** The other way round. */
export function fromTexels(layout: Layout, texels: Float32Array): Float32Array {
  const [h, w, c] = layout.shape;
  const values = new Float32Array(h * w * c);
  eachNumber(layout, (place, texel) => (values[place] = texels[texel] ?? 0));
  return values;
}
