// Steps that read other places than they write: padding, cropping, resizing, pooling, blocks of channels.
import type { AxisSample, BlocksStep, PoolStep, SampleStep } from "../../plan";
import { over } from "../address";
import type { Table } from "../passes";
import type { Lowering } from "./context";
import { byChannel, lastChannel, simplePass } from "./simple";

/** One texel for each place: low, high, share. */
const axisTable = ({ low, high, share }: AxisSample): Table => ({
  width: low.length,
  height: 1,
  storage: "float32",
  values: () =>
    Float32Array.from({ length: low.length * 4 }, (_, i) => [low, high, share][i & 3]?.[i >> 2] ?? 0),
});

const READ_PLACES = `  vec4 r = texelFetch(rows, ivec2(y, 0), 0), c = texelFetch(columns, ivec2(x, 0), 0);
  ivec2 v = ivec2(r.xy), u = ivec2(c.xy);
`;

const EXACT = `  if (v.x >= 0 && u.x >= 0) made = a_texel(v.x, u.x, block);`;

const BILINEAR = `  vec4 upper = a_texel(v.x, u.x, block) * (1.0 - c.z) + a_texel(v.x, u.y, block) * c.z;
  vec4 lower = a_texel(v.y, u.x, block) * (1.0 - c.z) + a_texel(v.y, u.y, block) * c.z;
  made = upper * (1.0 - r.z) + lower * r.z;`;

export function lowerSample(lowering: Lowering, step: SampleStep): void {
  const [input] = step.inputs;
  if (input === undefined) return;
  const exact = step.rows.exact && step.columns.exact;
  lowering.passes.push(
    simplePass({
      step: step.name,
      values: { a: lowering.slotOf(input) },
      tables: { rows: axisTable(step.rows), columns: axisTable(step.columns) },
      to: lowering.place(step.output),
      body: READ_PLACES + (exact ? EXACT : BILINEAR),
    }),
  );
}

export function lowerPool(lowering: Lowering, step: PoolStep): void {
  const [input] = step.inputs;
  if (input === undefined) return;
  const [h, w] = input.shape;
  const max = step.op === "max";
  lowering.passes.push(
    simplePass({
      step: step.name,
      values: { a: lowering.slotOf(input) },
      to: lowering.place(step.output),
      body: `  float count = 0.0;
  for (int r = 0; r < ${step.window[0]}; r++)
    for (int c = 0; c < ${step.window[1]}; c++) {
      int v = y * ${step.stride[0]} + r - ${step.before[0]}, u = x * ${step.stride[1]} + c - ${step.before[1]};
      if (v < 0 || v >= ${h} || u < 0 || u >= ${w}) continue;
      vec4 texel = a_texel(v, u, block);
      made = ${max ? "count == 0.0 ? texel : max(made, texel)" : "made + texel"};
      count += 1.0;
    }
  ${max ? "" : "made /= max(count, 1.0);"}`,
    }),
  );
}

export function lowerBlocks(lowering: Lowering, step: BlocksStep): void {
  const [input] = step.inputs;
  if (input === undefined) return;
  const { block: size, output } = step;
  lowering.passes.push(
    simplePass({
      step: step.name,
      values: { a: lowering.slotOf(input) },
      to: lowering.place(output),
      body: `  int v = ${over("y", size)}, u = ${over("x", size)};
  int first = ((y - v * ${size}) * ${size} + x - u * ${size}) * ${output.shape[2]};
${byChannel(`a_channel(v, u, first + min(c, ${lastChannel(output.shape)}))`)}`,
    }),
  );
}
