// Passes that make one pixel a fragment: everything but convolutions.
import type { Shape3 } from "../../plan";
import { HEAD, placeOf, readerOf } from "../address";
import type { Layout } from "../layout";
import type { Pass, Read, Slot, Table } from "../passes";
import { wholePass } from "../passes";

export interface SimplePass {
  readonly step: string;
  /** Read by `name_texel(y, x, block)` and `name_channel(y, x, channel)`. */
  readonly values: Readonly<Record<string, Slot>>;
  /** Read by texelFetch. */
  readonly tables?: Readonly<Record<string, Table>>;
  readonly to: Slot;
  /** Declarations before main. */
  readonly functions?: string;
  /** Statements that set `vec4 made` for `y`, `x` and `block`. */
  readonly body: string;
}

function source(layout: Layout, { values, tables = {}, functions = "", body }: SimplePass): string {
  const readers = Object.entries(values).map(([name, slot]) => readerOf(name, slot.layout));
  const samplers = Object.keys(tables).map((name) => `uniform sampler2D ${name};`);
  return `${HEAD}out vec4 result;
${[...readers, ...samplers].join("\n")}
${functions}
void main() {
  ${placeOf(layout)}
  int y = tile.y, x = tile.x;
  vec4 made = vec4(0.0);
${body}
  result = made;
}
`;
}

export function simplePass(pass: SimplePass): Pass {
  const reads = (all: Readonly<Record<string, Read["from"]>>): Read[] =>
    Object.entries(all).map(([sampler, from]) => ({ sampler, from }));
  const { step, values, tables = {}, to } = pass;
  return wholePass(step, source(to.layout, pass), [...reads(values), ...reads(tables)], to);
}

/** Statements that set each of the four channels by an expression of `c`, the channel's number. */
export const byChannel = (expression: string): string => `  for (int i = 0; i < 4; i++) {
    int c = 4 * block + i;
    made[i] = ${expression};
  }`;

/** GLSL that keeps `c` within the channels: the texel's spare ones must not read beyond. */
export const lastChannel = ([, , channels]: Shape3): number => channels - 1;
