// Convolutions: each invocation computes several places of a row and several groups of four channels in registers.
import type { ConvStep, Pair } from "../../plan";
import { HALVES, Shader } from "../shader";
import type { Dispatch, Fetch } from "../shader";
import type { Slot } from "../slots";
import { activated } from "./activation";
import { stacked } from "./context";
import type { Making } from "./context";
import { extentOf, geometryOf } from "./geometry";
import type { Extent, Geometry } from "./geometry";
import { patternsOf } from "./patterns";
import type { Pattern } from "./patterns";
import { packWeights } from "./weights";
import type { Packed } from "./weights";

const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

interface Source {
  readonly slot: Slot;
  readonly fetch: Fetch;
  /** Its first group among those of all sources. */
  readonly first: number;
  /** Channels that a group has: fewer than four where there is only one. */
  readonly channels: number;
}

interface Parts {
  readonly step: ConvStep;
  readonly pattern: Pattern;
  readonly geometry: Geometry;
  readonly extent: Extent;
  readonly shader: Shader;
  readonly sources: readonly Source[];
  /** Output groups as the weights have them, padded to whole blocks. */
  readonly made: number;
  /** WGSL of the four output channels that input channel `k` of a block is multiplied by. */
  readonly weight: (block: string, k: string) => string;
}

/** `name` by phase; a constant where all phases have the same. */
function byPhase(name: string, values: readonly number[]): string {
  const same = values.every((value) => value === values[0]);
  if (same) return `const ${name}=${values[0] ?? 0};`;
  return `let ${name}=array<i32,${values.length}>(${values.join(",")})[phase];`;
}

/** Which places, channels and share of the sum this invocation has. */
function placing({ step, pattern, geometry, extent, made }: Parts): string {
  const { wide, tall, deep, pixels, groups } = geometry;
  const blocks = Math.ceil(made / groups / deep);
  const { phases } = pattern;
  const of = (pick: (entry: Pattern["phases"][number]) => number): number[] => phases.map(pick);
  return `let px=(i32(w.x)*${wide}+i32(l%${wide}u))*${pixels};
let py=i32(w.y)*${tall}+i32((l/${wide}u)%${tall}u);
let phase=i32(w.z)/${blocks};
let q=((i32(w.z)%${blocks})*${deep}+i32((l/${wide * tall}u)%${deep}u))*${groups};
let share=i32(l/${wide * tall * deep}u);
${byPhase(
  "by",
  of(({ base }) => base[0]),
)}${byPhase(
    "bx",
    of(({ base }) => base[1]),
  )}
${byPhase(
  "rows",
  of(({ phase }) => phase.places[0]),
)}${byPhase(
    "columns",
    of(({ phase }) => phase.places[1]),
  )}
${byPhase(
  "oy",
  of(({ phase }) => phase.at[0]),
)}${byPhase(
    "ox",
    of(({ phase }) => phase.at[1]),
  )}
let iy=py*${step.stride[0]}+by; let ix=px*${step.stride[1]}+bx;
let first=phase*${extent.taken * pattern.taps.length * made}+q;`;
}

/** Four columns of a block of weights, as names c0 to c3 (or fewer). */
function columns(parts: Parts, block: string, count: number): string {
  const { geometry, weight } = parts;
  if (!geometry.quad)
    return range(count)
      .map((k) => `let c${k}=${weight(block, String(k))};`)
      .join("");
  const four = range(count).map((k) => `let c${k}=quadBroadcast(own,${k}u);`);
  return `let own=${weight(block, "lane")};${four.join("")}`;
}

/** All products of one tap. */
function tapBody(parts: Parts, tap: number, dx: number, source: Source): string {
  const { geometry, made, step } = parts;
  return range(geometry.groups)
    .map((j) => {
      const block = `wi+${tap * made + j}`;
      const whole = source.channels === 4;
      const sums = range(geometry.pixels).map((p) => {
        const v = `v${p * step.stride[1] + dx}`;
        const product = whole
          ? `m*${v}`
          : range(source.channels)
              .map((k) => `c${k}*${v}[${k}]`)
              .join("+");
        return `a${p}_${j}+=${product};`;
      });
      const matrix = whole ? "let m=mat4x4f(c0,c1,c2,c3);" : "";
      return `{${columns(parts, block, source.channels)}${matrix}${sums.join("")}}`;
    })
    .join("\n");
}

/** The taps of one input row: each texel is read once and used by all places and taps of the row. */
function rowBody(parts: Parts, n: number, dy: number, taps: readonly { dx: number; tap: number }[]): string {
  const { geometry, step, sources } = parts;
  const source = sources[n] as Source;
  const needed = new Set(
    taps.flatMap(({ dx }) => range(geometry.pixels).map((p) => p * step.stride[1] + dx)),
  );
  const loads = [...needed]
    .sort((a, b) => a - b)
    .map((c) => `let v${c}=${source.fetch(`at+${c * source.slot.groups}`, `r${n}+${dy}`)};`);
  return `{${loads.join("")}\n${taps.map(({ dx, tap }) => tapBody(parts, tap, dx, source)).join("\n")}}`;
}

/** The loop over the groups of one source. */
function sourceLoop(parts: Parts, n: number): string {
  const { pattern, made, geometry, sources } = parts;
  const { slot, first } = sources[n] as Source;
  const rows = new Map<number, { dx: number; tap: number }[]>();
  pattern.taps.forEach(([dy, dx]: Pair, tap) => rows.set(dy, [...(rows.get(dy) ?? []), { dx, tap }]));
  const bodies = [...rows].map(([dy, taps]) => rowBody(parts, n, dy, taps));
  const stride = pattern.taps.length * made;
  return `let k${n}=(ix+${slot.left})*${slot.groups}; let r${n}=iy+${slot.top};
for(var i=${geometry.split > 1 ? "share" : "0"};i<${slot.groups};i+=${geometry.split}){
let at=k${n}+i; let wi=first+(${first}+i)*${stride};
${bodies.join("\n")}
}`;
}

/** Sums of all shares, in the first one's registers. */
function gather({ geometry, shader }: Parts): string {
  const { wide, tall, deep, split, pixels, groups } = geometry;
  if (split === 1) return "";
  const members = wide * tall * deep;
  const sums = pixels * groups;
  shader.need(`var<workgroup> sums: array<vec4f,${members * (split - 1) * sums}>;`);
  const names = range(pixels).flatMap((p) => range(groups).map((j) => `a${p}_${j}`));
  const put = names.map((name, n) => `sums[(i32(l)-${members})*${sums}+${n}]=${name};`).join("");
  const take = names.map((name, n) => `${name}+=sums[(i32(l)+s*${members})*${sums}+${n}];`).join("");
  return `if(share>0){${put}}
workgroupBarrier();
if(share>0){return;}
for(var s=0;s<${split - 1};s++){${take}}`;
}

/** Scale, bias, activation, and the places that exist. */
function epilogue(parts: Parts, packed: Packed, making: Making): string {
  const { step, geometry, shader, extent } = parts;
  const { activation } = step;
  const channels = extent.made;
  const slopes = activation.type === "prelu" ? making.tensor(activation.slopes) : null;
  const bias = step.bias === null ? null : making.tensor(step.bias);
  const lists = stacked(channels, [bias, packed.scale, slopes]);
  const p = shader.data(making.gpu.filled(`${step.name} bias`, lists), "array<vec4f>");
  const store = shader.write(making.slot(step.output));
  const [growY, growX] = step.grow;
  const put = (pixel: number, j: number): string => {
    const scaled = packed.scale === null ? "" : `*${p}[q+${channels + j}]`;
    const value = activated(activation, "v", `${p}[q+${2 * channels + j}]`);
    const place = store(`(py*${growY}+oy)`, `((px+${pixel})*${growX}+ox)`, `(q+${j})`, value);
    return `if(px+${pixel}<columns){let v=a${pixel}_${j}${scaled}+${p}[q+${j}];${place}}`;
  };
  const groups = range(geometry.groups).map(
    (j) => `if(q+${j}<${channels}){${range(geometry.pixels).map((pixel) => put(pixel, j)).join("\n")}}`, // prettier-ignore
  );
  return `if(py<rows){\n${groups.join("\n")}\n}`;
}

/** How a block's weights are read, by how they are held. */
function weightReader(shader: Shader, packed: Packed, step: ConvStep, making: Making): Parts["weight"] {
  const buffer = making.gpu.filled(`${step.name} weights`, packed.values);
  if (packed.kind === "float16") shader.need(HALVES);
  const type = { float32: "vec4f", float16: "vec2u", int8: "u32" }[packed.kind];
  const name = shader.data(buffer, `array<${type}>`);
  const read = { float32: "", float16: "halves", int8: "unpack4x8snorm" }[packed.kind];
  return (block, k) => `${read}(${name}[(${block})*4+${k}])`;
}

function sourcesOf(step: ConvStep, shader: Shader, making: Making): Source[] {
  let first = 0;
  return step.inputs.map((value) => {
    const slot = making.slot(value);
    const source = { slot, fetch: shader.fetch(slot), first, channels: Math.min(4, value.shape[2]) };
    first += slot.groups;
    return source;
  });
}

function convDispatch(step: ConvStep, pattern: Pattern, making: Making): Dispatch {
  const shader = new Shader();
  const extent = extentOf(step, pattern);
  const geometry = geometryOf(making.tuning, extent);
  const made = Math.ceil(extent.made / geometry.groups) * geometry.groups;
  const live = pattern.taps.length > 0;
  const packed: Packed = live
    ? packWeights(step, pattern, made, making)
    : { kind: "float32", values: new Float32Array(4), scale: null };
  const parts: Parts = {
    ...{ step, pattern, geometry, extent, shader, made },
    sources: live ? sourcesOf(step, shader, making) : [],
    weight: live ? weightReader(shader, packed, step, making) : () => "",
  };
  if (geometry.quad) shader.enable("subgroups");
  const names = range(geometry.pixels).flatMap((p) => range(geometry.groups).map((j) => `a${p}_${j}`));
  const body = [
    geometry.quad ? "let lane=i32(l&3u);" : "",
    placing(parts),
    names.map((name) => `var ${name}=vec4f(0);`).join(""),
    ...parts.sources.map((_, n) => sourceLoop(parts, n)),
    gather(parts),
    epilogue(parts, packed, making),
  ];
  const { wide, tall, deep, split, pixels, groups } = geometry;
  const across = Math.ceil(extent.columns / pixels / wide);
  const layers = Math.ceil(made / groups / deep) * extent.phases;
  return shader.dispatch(step.name, wide * tall * deep * split, body.join("\n"), [
    across,
    Math.ceil(extent.rows / tall),
    layers,
  ]);
}

export const convKernel = (step: ConvStep, making: Making): Dispatch[] =>
  patternsOf(step).map((pattern) => convDispatch(step, pattern, making));
