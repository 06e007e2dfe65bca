// Mean and instance norm over height and width: one workgroup sums a group of channels, then every place is scaled.
import type { NormStep, Value } from "../../plan";
import { Shader, masked, perPlace } from "../shader";
import type { Dispatch, Load } from "../shader";
import { float } from "./activation";
import { groupsOf, stacked } from "./context";
import type { Making } from "./context";

/** Invocations that share a sum; a power of two. */
const SHARERS = 64;

/** WGSL that leaves the sum of `term` (of the value `u`) over all places in `name`, for all invocations. */
function summed(name: string, load: Load, value: Value, term: string): string {
  const [height, width] = value.shape;
  const u = load(`(p/${width})`, `(p%${width})`, "g");
  return `var own_${name}=vec4f(0);
for(var p=i32(l);p<${height * width};p+=${SHARERS}){ let u=${u}; own_${name}+=${term}; }
workgroupBarrier(); sums[l]=own_${name}; workgroupBarrier();
for(var n=${SHARERS / 2}u;n>0u;n=n>>1u){ if(l<n){sums[l]+=sums[l+n];} workgroupBarrier(); }
let ${name}=sums[0];`;
}

function mean(step: NormStep, source: Value, making: Making): Dispatch[] {
  const [height, width, channels] = source.shape;
  const shader = new Shader();
  const load = shader.read(making.slot(source));
  const target = making.slot(step.output);
  const store = shader.write(target);
  shader.need(`var<workgroup> sums: array<vec4f,${SHARERS}>;`);
  const body = `let g=i32(w.x);
${summed("total", load, source, "u")}
let v=total/${float(height * width)};
if(l==0u){${store("0", "0", "g", masked("v", "g", channels))}}`;
  return [shader.dispatch(step.name, SHARERS, body, [target.groups, 1, 1])];
}

/** Writes [mean, 1 / deviation] of each group; the mean is taken off before squaring, which keeps small variances exact. */
function statistics(
  name: string,
  epsilon: number,
  source: Value,
  making: Making,
  found: GPUBuffer,
): Dispatch {
  const [height, width, channels] = source.shape;
  const shader = new Shader();
  const load = shader.read(making.slot(source));
  const target = shader.scratch(found, "array<vec4f>");
  shader.need(`var<workgroup> sums: array<vec4f,${SHARERS}>;`);
  const places = float(height * width);
  const body = `let g=i32(w.x);
${summed("total", load, source, "u")}
let middle=total/${places};
${summed("squares", load, source, "(u-middle)*(u-middle)")}
if(l==0u){${target}[g*2]=middle;${target}[g*2+1]=inverseSqrt(squares/${places}+${float(epsilon)});}`;
  return shader.dispatch(`${name} statistics`, SHARERS, body, [groupsOf(channels), 1, 1]);
}

export function normKernel(step: NormStep, making: Making): Dispatch[] {
  const [source] = step.inputs;
  if (source === undefined) return [];
  const { op, output } = step;
  if (op.type === "mean") return mean(step, source, making);
  const groups = groupsOf(output.shape[2]);
  const found = making.gpu.buffer(`${step.name} statistics`, groups * 32, GPUBufferUsage.STORAGE);
  const shader = new Shader();
  const load = shader.read(making.slot(source));
  const table = shader.data(found, "array<vec4f>");
  const scale = op.scale === null ? new Float32Array(output.shape[2]).fill(1) : making.tensor(op.scale);
  const lists = stacked(groups, [scale, op.shift === null ? null : making.tensor(op.shift)]);
  const p = shader.data(making.gpu.filled(step.name, lists), "array<vec4f>");
  const value = `(${load("y", "x", "g")}-${table}[g*2])*${table}[g*2+1]*${p}[g]+${p}[g+${groups}]`;
  return [
    statistics(step.name, op.epsilon, source, making, found),
    perPlace(step.name, shader, making.slot(output), `let v=${value};`),
  ];
}
