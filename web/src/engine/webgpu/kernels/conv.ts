// Convolutions: one dispatch for all phases that have the same taps; epilogue with scale, bias and activation.
import type { ConvStep } from "../../plan";
import { HALVES, Shader } from "../shader";
import type { Dispatch } from "../shader";
import { activated } from "./activation";
import { stacked } from "./context";
import type { Making } from "./context";
import { range, registers, sourceLoop } from "./convLoop";
import type { Block, Source } from "./convLoop";
import { extentOf, geometryOf, groupSize } from "./geometry";
import type { Extent, Geometry } from "./geometry";
import { Numbers } from "./numbers";
import { patternsOf } from "./patterns";
import type { Pattern } from "./patterns";
import { packWeights } from "./weights";
import type { Packed } from "./weights";

interface Parts extends Block {
  readonly shader: Shader;
  readonly numbers: Numbers;
  readonly extent: Extent;
  /** Output groups as the weights have them, padded to whole blocks. */
  readonly padded: number;
}

/** Blocks of output channels, a workgroup's at a time. */
const layersOf = (padded: number, { groups, deep }: Geometry): number => Math.ceil(padded / groups / deep);

/** Which places, channels and share of the sum this invocation has. */
function placing({ step, pattern, geometry, extent, padded, numbers }: Parts): string {
  const { wide, tall, deep, pixels, groups, rows } = geometry;
  const [W, T, D] = [wide, tall, deep].map((size) => `${numbers.of(size)}`);
  const layers = numbers.of(layersOf(padded, geometry));
  const size = numbers.of(extent.taken * pattern.taps.length * padded);
  const of = numbers.rows(
    pattern.phases.map(({ base, phase }) => [...base, ...phase.places, ...phase.at]),
    "phase",
  );
  return `let li=i32(l);
let px=(i32(w.x)*${W}+li%${W})*${pixels}; let py=(i32(w.y)*${T}+(li/${W})%${T})*${rows};
let phase=i32(w.z)/${layers};
let q=((i32(w.z)%${layers})*${D}+(li/(${W}*${T}))%${D})*${groups};
let share=li/(${W}*${T}*${D});
let iy=py*${step.stride[0]}+${of(0)}; let ix=px*${step.stride[1]}+${of(1)};
let rows=${of(2)}; let columns=${of(3)}; let oy=${of(4)}; let ox=${of(5)};
let first=phase*${size}+q;`;
}

/** Sums of all shares, in the first one's registers. */
function gather({ geometry, shader }: Parts): string {
  const { split } = geometry;
  if (split === 1) return "";
  const members = groupSize(geometry) / split;
  const names = registers(geometry);
  shader.need(`var<workgroup> sums: array<vec4f,${members * (split - 1) * names.length}>;`);
  const place = (who: string, n: number): string => `sums[(${who})*${names.length}+${n}]`;
  const put = names.map((name, n) => `${place(`li-${members}`, n)}=${name};`);
  const take = names.map((name, n) => `${name}+=${place(`li+s*${members}`, n)};`);
  return `if(share>0){${put.join("")}}
workgroupBarrier();
if(share>0){return;}
for(var s=0;s<${split - 1};s++){${take.join("")}}`;
}

/** Scale, bias, activation, and the places that exist. */
function epilogue(parts: Parts, packed: Packed, making: Making): string {
  const { step, geometry, shader, extent, numbers } = parts;
  const { activation } = step;
  const slopes = activation.type === "prelu" ? making.tensor(activation.slopes) : null;
  const bias = step.bias === null ? null : making.tensor(step.bias);
  const lists = stacked(extent.made, [bias, packed.scale, slopes]);
  const p = shader.data(making.gpu.filled(`${step.name} bias`, lists), "array<vec4f>");
  const slot = making.slot(step.output);
  const store = shader.put(slot, numbers.of(slot.pitch));
  const [groups, top, left, made] = [slot.groups, slot.top, slot.left, extent.made].map((n) => numbers.of(n));
  const [growY, growX] = step.grow;
  const put = (row: number, pixel: number, j: number): string => {
    const scaled = packed.scale === null ? "" : `*${p}[q+${made}+${j}]`;
    const value = activated(activation, "v", `${p}[q+2*${made}+${j}]`);
    const column = `((px+${pixel})*${growX}+ox+${left})*${groups}+q+${j}`;
    const line = `(py+${row})*${growY}+oy+${top}`;
    return `if(px+${pixel}<columns&&py+${row}<rows){let v=a${row}_${pixel}_${j}${scaled}+${p}[q+${j}];${store(column, line, value)}}`;
  };
  const each = (j: number): string =>
    range(geometry.rows)
      .flatMap((row) => range(geometry.pixels).map((pixel) => put(row, pixel, j)))
      .join("\n");
  return range(geometry.groups)
    .map((j) => `if(q+${j}<${made}){\n${each(j)}\n}`)
    .join("\n");
}

/** How a block's weights are read, by how they are held. */
function weightReader(shader: Shader, packed: Packed, step: ConvStep, making: Making): Block["weight"] {
  const buffer = making.gpu.filled(`${step.name} weights`, packed.values);
  if (packed.kind === "float16") shader.need(HALVES);
  const type = { float32: "vec4f", float16: "vec2u", int8: "u32" }[packed.kind];
  const name = shader.data(buffer, `array<${type}>`);
  const read = { float32: "", float16: "halves", int8: "unpack4x8snorm" }[packed.kind];
  return (block, k) => `${read}(${name}[(${block})*4+${k}])`;
}

function sourcesOf(step: ConvStep, shader: Shader, numbers: Numbers, making: Making): Source[] {
  let first = 0;
  return step.inputs.map((value) => {
    const slot = making.slot(value);
    const fetch = shader.fetch(slot, numbers.of(slot.pitch));
    const channels = Math.min(4, value.shape[2]);
    const [groups = "", left = "", top = "", from = ""] = [slot.groups, slot.left, slot.top, first].map((n) =>
      numbers.of(n),
    );
    first += slot.groups;
    return { fetch, channels, groups, left, top, first: from };
  });
}

/** Workgroups along x, y and z. */
function gridOf({ extent, geometry, padded }: Parts): Dispatch["grid"] {
  const { pixels, rows, wide, tall } = geometry;
  const across = Math.ceil(extent.columns / pixels / wide);
  const down = Math.ceil(extent.rows / rows / tall);
  return [across, down, layersOf(padded, geometry) * extent.phases];
}

const NO_WEIGHTS: Packed = { kind: "float32", values: new Float32Array(), scale: null };

function convDispatch(step: ConvStep, pattern: Pattern, making: Making): Dispatch {
  const shader = new Shader();
  const numbers = new Numbers();
  const extent = extentOf(step, pattern);
  const geometry = geometryOf(making.tuning, extent);
  const padded = Math.ceil(extent.made / geometry.groups) * geometry.groups;
  // Where every tap is dead, only bias and activation are left.
  const live = pattern.taps.length > 0;
  const packed = live ? packWeights(step, pattern, padded, making) : NO_WEIGHTS;
  const parts: Parts = {
    ...{ step, pattern, geometry, extent, shader, numbers, padded },
    made: numbers.of(padded),
    sources: live ? sourcesOf(step, shader, numbers, making) : [],
    weight: live ? weightReader(shader, packed, step, making) : () => "",
  };
  if (geometry.quad) shader.enable("subgroups");
  const body = [
    geometry.quad ? "let lane=i32(l&3u);" : "",
    placing(parts),
    registers(geometry)
      .map((name) => `var ${name}=vec4f(0);`)
      .join(""),
    ...parts.sources.map((_, n) => sourceLoop(parts, n)),
    gather(parts),
    epilogue(parts, packed, making),
  ].join("\n");
  const table = shader.data(making.gpu.filled(`${step.name} sizes`, numbers.all()), "array<i32>");
  const text = numbers.declared(table, body);
  return shader.dispatch(step.name, groupSize(geometry), text, gridOf(parts));
}

export const convKernel = (step: ConvStep, making: Making): Dispatch[] =>
  patternsOf(step).map((pattern) => convDispatch(step, pattern, making));
