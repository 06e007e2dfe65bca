// Means over height and width, and normalising by them. Summed in two passes, first along rows: one fragment that reads a
// whole picture would keep a GPU busy for longer than its driver allows. The variance is taken about the mean, not as a
// difference of squares, which cancels.
import type { NormStep, Shape3, Value } from "../../plan";
import { float } from "../address";
import { channelTable } from "../convWeights";
import type { Slot } from "../passes";
import type { Lowering } from "./context";
import { simplePass } from "./simple";

/** The mean of `term` (of `v`, the texel, and `m`, the mean) over height and width into `to` [1, 1, c], ended by `last`. */
function reduceTo(
  lowering: Lowering,
  step: NormStep,
  source: Slot,
  mean: Slot | null,
  to: Slot,
  last: string,
): void {
  const [h, w, c] = source.layout.shape;
  const sums = lowering.between(`${step.name} by rows`, [h, 1, c]);
  const term = mean === null ? "v" : "(v - m) * (v - m)";
  lowering.passes.push(
    simplePass({
      step: step.name,
      values: { a: source, ...(mean === null ? {} : { mean }) },
      to: sums,
      body: `  ${mean === null ? "" : "vec4 m = mean_texel(0, 0, block);"}
  for (int u = 0; u < ${w}; u++) { vec4 v = a_texel(y, u, block); made += ${term}; }
  made *= ${float(1 / w)};`,
    }),
    simplePass({
      step: step.name,
      values: { a: sums },
      to,
      body: `  for (int v = 0; v < ${h}; v++) made += a_texel(v, 0, block);
  made *= ${float(1 / h)};
  ${last}`,
    }),
  );
}

type InstanceNorm = NormStep["op"] & { readonly type: "instance_norm" };

function normalise(lowering: Lowering, step: NormStep, input: Value, op: InstanceNorm): void {
  const { model } = lowering;
  const source = lowering.slotOf(input);
  const single: Shape3 = [1, 1, input.shape[2]];
  const mean = lowering.between(`${step.name} mean`, single);
  const inverse = lowering.between(`${step.name} inverse`, single);
  reduceTo(lowering, step, source, null, mean, "");
  reduceTo(lowering, step, source, mean, inverse, `made = 1.0 / sqrt(made + ${float(op.epsilon)});`);
  const vectors = [op.scale, op.shift].flatMap((name) => (name === null ? [] : [() => model.tensor(name)]));
  const column = (i: number): string => `texelFetch(channels, ivec2(${i}, block), 0)`;
  const scaled = op.scale === null ? "" : ` * ${column(0)}`;
  const shifted = op.shift === null ? "" : ` + ${column(vectors.length - 1)}`;
  lowering.passes.push(
    simplePass({
      step: step.name,
      values: { a: source, mean, inverse },
      tables: vectors.length > 0 ? { channels: channelTable(vectors, input.shape[2]) } : {},
      to: lowering.place(step.output),
      body: `  vec4 v = (a_texel(y, x, block) - mean_texel(0, 0, block)) * inverse_texel(0, 0, block);
  made = v${scaled}${shifted};`,
    }),
  );
}

export function lowerNorm(lowering: Lowering, step: NormStep): void {
  const [input] = step.inputs;
  if (input === undefined) return;
  if (step.op.type === "instance_norm") return normalise(lowering, step, input, step.op);
  reduceTo(lowering, step, lowering.slotOf(input), null, lowering.place(step.output), "");
}
