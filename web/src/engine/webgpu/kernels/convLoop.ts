// The inner loop of a convolution: each invocation computes several places of some rows and several groups of four channels
// in registers; each texel is read once and used by all places and taps of its row.
import type { ConvStep } from "../../plan";
import type { Fetch } from "../shader";
import type { Geometry } from "./geometry";
import type { Pattern } from "./patterns";

export const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

/** A value that is read. All but `channels` are WGSL of numbers. */
export interface Source {
  readonly fetch: Fetch;
  /** Channels that a group has: fewer than four where there is only one. */
  readonly channels: number;
  readonly groups: string;
  readonly left: string;
  readonly top: string;
  /** Its first group among those of all sources. */
  readonly first: string;
}

export interface Block {
  readonly step: ConvStep;
  readonly pattern: Pattern;
  readonly geometry: Geometry;
  readonly sources: readonly Source[];
  /** WGSL of the number of output groups in the weights. */
  readonly made: string;
  /** WGSL of the four output channels that input channel `k` of a block is multiplied by. */
  readonly weight: (block: string, k: string) => string;
}

/** The sums: by row, place and group. */
export function registers({ rows, pixels, groups }: Geometry): string[] {
  return range(rows).flatMap((row) =>
    range(pixels).flatMap((p) => range(groups).map((j) => `a${row}_${p}_${j}`)),
  );
}

/** Columns of a block of weights, as names c0 to c3 (or fewer). */
function columns({ geometry, weight }: Block, block: string, count: number): string {
  if (!geometry.quad)
    return range(count)
      .map((k) => `let c${k}=${weight(block, String(k))};`)
      .join("");
  const four = range(count).map((k) => `let c${k}=quadBroadcast(own,${k}u);`);
  return `let own=${weight(block, "lane")};${four.join("")}`;
}

/** A block of weights times the values that it meets. */
function products(block: Block, j: number, dx: number, channels: number): string {
  const { geometry, step } = block;
  const whole = channels === 4;
  const product = (v: string): string =>
    whole
      ? `m*${v}`
      : range(channels)
          .map((k) => `c${k}*${v}[${k}]`)
          .join("+");
  const sums = range(geometry.rows).flatMap((row) =>
    range(geometry.pixels).map((p) => `a${row}_${p}_${j}+=${product(`v${row}_${p * step.stride[1] + dx}`)};`),
  );
  return `${whole ? "let m=mat4x4f(c0,c1,c2,c3);" : ""}${sums.join("")}`;
}

/** The taps of one row, whose distance is WGSL `dy`; its first block of weights is `wr`. */
function rowBody(block: Block, n: number, dy: string, distances: readonly number[]): string {
  const { geometry, step, sources, made } = block;
  const { fetch, channels, groups } = sources[n] as Source;
  const needed = new Set(
    distances.flatMap((dx) => range(geometry.pixels).map((p) => p * step.stride[1] + dx)),
  );
  const loads = range(geometry.rows).flatMap((row) =>
    [...needed]
      .sort((a, b) => a - b)
      .map((c) => `let v${row}_${c}=${fetch(`at+${c}*${groups}`, `r${n}+${row * step.stride[0]}+${dy}`)};`),
  );
  const taps = distances.flatMap((dx, d) =>
    range(geometry.groups).map(
      (j) => `{${columns(block, `wr+${d}*${made}+${j}`, channels)}${products(block, j, dx, channels)}}`,
    ),
  );
  return [...loads, ...taps].join("\n");
}

/** The rows of a pattern with what they read along the row. */
function rowsOf({ pattern }: Block): [number, number[]][] {
  const rows = new Map<number, number[]>();
  for (const [dy, dx] of pattern.taps) rows.set(dy, [...(rows.get(dy) ?? []), dx]);
  return [...rows];
}

/** Most rows whose taps are written out: a loop compiles several times faster, but two rows run by a third slower in one. */
const MOST_WRITTEN = 2;

/** All taps; a loop over the rows where there are many and all read the same. */
function tapBodies(block: Block, n: number): string {
  const rows = rowsOf(block);
  const [, distances = []] = rows[0] ?? [];
  const alike = rows.every(([dy, own], i) => dy === i && own.join() === distances.join());
  const { made } = block;
  if (alike && rows.length > MOST_WRITTEN)
    return `for(var r=0;r<${rows.length};r++){ let wr=wi+r*${distances.length}*${made};
${rowBody(block, n, "r", distances)}\n}`;
  let before = 0;
  return rows
    .map(([dy, own]) => {
      const body = `{ let wr=wi+${before}*${made};\n${rowBody(block, n, String(dy), own)}\n}`;
      before += own.length;
      return body;
    })
    .join("\n");
}

/** The loop over the groups of one source. */
export function sourceLoop(block: Block, n: number): string {
  const { pattern, made, geometry, sources } = block;
  const { groups, left, top, first } = sources[n] as Source;
  const from = geometry.split > 1 ? "share" : "0";
  return `let k${n}=(ix+${left})*${groups}; let r${n}=iy+${top};
for(var i=${from};i<${groups};i+=${geometry.split}){
let at=k${n}+i; let wi=first+(${first}+i)*${pattern.taps.length}*${made};
${tapBodies(block, n)}
}`;
}
