// Addresses in shaders: which texel holds a pixel (layout.ts says where they lie), and which pixels a fragment makes.
//
// Whole-number division is emulated lane by lane in software renderers, and shifts by vectors too; a product of floats is
// one instruction everywhere, and exact for the sizes that textures have.
import type { Layout } from "./layout";
import { LITERAL } from "./numbers";
import type { Numeric } from "./numbers";

export { float } from "./numbers";

/** Begins every fragment shader. */
export const HEAD = `#version 300 es
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp sampler2DArray;
precision highp isampler2D;
int quotient(int n, float inverse) { return int((float(n) + 0.5) * inverse); }
`;

/** n / divisor for n >= 0, rounded down. */
export const over = (n: string, divisor: number): string => LITERAL.over(n, divisor);

/** Functions that read value `name`: `name_texel(y, x, block)`, and of one channel `name_channel(y, x, channel)`. */
export function readerOf(name: string, layout: Layout): string {
  const { split, group, tiles, across, down } = layout;
  const phased = split[0] * split[1] > 1;
  return `uniform sampler2DArray ${name};
ivec3 ${name}_address(int y, int x, int block) {
  int iy = ${over("y", split[0])}, ix = ${over("x", split[1])};
  int ty = ${over("iy", group[0])}, tx = ${over("ix", group[1])};
  int row = ${over("block", across)};
  int column = block - row * ${across};
  ${phased ? `row += ((y - iy * ${split[0]}) * ${split[1]} + x - ix * ${split[1]}) * ${down};` : ""}
  return ivec3(column * ${tiles[1]} + tx, row * ${tiles[0]} + ty, (iy - ty * ${group[0]}) * ${group[1]} + ix - tx * ${group[1]});
}
vec4 ${name}_texel(int y, int x, int block) { return texelFetch(${name}, ${name}_address(y, x, block), 0); }
float ${name}_channel(int y, int x, int channel) {
  int block = ${over("channel", 4)};
  return ${name}_texel(y, x, block)[channel - block * 4];
}
`;
}

/** At the begin of main: `tile` (column, row), `block` and, where there are several, `phase` of the fragment. */
export function placeOf(layout: Layout, numbers: Numeric = LITERAL): string {
  const { split, tiles, across, down } = layout;
  const phased = split[0] * split[1] > 1;
  const [wide, high, rows] = [numbers.int(tiles[1]), numbers.int(tiles[0]), numbers.int(down)];
  return `ivec2 at = ivec2(gl_FragCoord.xy);
  ivec2 cell = ivec2(${numbers.over("at.x", tiles[1])}, ${numbers.over("at.y", tiles[0])});
  ivec2 tile = at - cell * ivec2(${wide}, ${high});
  ${phased ? `int phase = ${numbers.over("cell.y", down)};` : ""}
  int block = ${phased ? `(cell.y - phase * ${rows})` : "cell.y"} * ${numbers.int(across)} + cell.x;`;
}
