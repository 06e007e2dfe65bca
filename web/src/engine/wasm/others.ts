// All steps but convolutions: each is one record.
import type {
  BlocksStep,
  CombineStep,
  JoinStep,
  MapStep,
  NormStep,
  PoolStep,
  SampleStep,
  AxisSample,
} from "../plan";
import { endingOf, perChannel } from "./activation";
import { COMBINE_OP, MAP_OP } from "./built/layout";
import { foursOf } from "./kernels";
import type { Lowering } from "./lowering";
import type { Record_ } from "./records";

type Single = BlocksStep | MapStep | NormStep | PoolStep | SampleStep;

const ports = (low: Lowering, step: Single): { source: Record_<"view">; made: Record_<"view"> } => ({
  source: low.view(step.inputs[0] ?? step.output),
  made: low.view(step.output),
});

export function lowerMap(low: Lowering, step: MapStep): void {
  const { map } = step;
  const channels = step.output.shape[2];
  const affine = map.op === "affine" ? { scale: low.tensor(map.scale), bias: low.tensor(map.shift) } : {};
  const activation = map.op === "activation" ? map.activation : ({ type: "linear" } as const);
  const record: Record_<"map"> = {
    ...ports(low, step),
    ending: endingOf(low.program.arena, low.tensor, channels, activation, affine),
    op: MAP_OP[map.op === "activation" ? "act" : map.op],
  };
  low.program.add(step.name, "map", record, step.output.shape[0]);
}

export function lowerCombine(low: Lowering, step: CombineStep): void {
  const [first = step.output, second = step.output] = step.inputs;
  const record: Record_<"combine"> = {
    first: low.view(first),
    second: low.view(second),
    made: low.view(step.output),
    op: COMBINE_OP[step.op],
  };
  low.program.add(step.name, "combine", record, step.output.shape[0]);
}

/** One copy for each part. */
export function lowerJoin(low: Lowering, step: JoinStep): void {
  const made = low.view(step.output);
  const ending = endingOf(low.program.arena, low.tensor, 1, { type: "linear" }, {});
  let channel = 0;
  for (const input of step.inputs) {
    const source = low.view(input);
    const part = { ...made, data: made.data + 4 * channel, channels: source.channels };
    low.program.add(step.name, "join", { source, made: part, ending, op: 0 }, made.height);
    channel += source.channels;
  }
}

const axis = (low: Lowering, { low: from, high, share }: AxisSample): readonly [number, number, number] => [
  low.program.arena.array(from),
  low.program.arena.array(high),
  low.program.arena.array(share),
];

export function lowerSample(low: Lowering, step: SampleStep): void {
  const [rows_low, rows_high, rows_share] = axis(low, step.rows);
  const [columns_low, columns_high, columns_share] = axis(low, step.columns);
  const record: Record_<"sample"> = {
    ...ports(low, step),
    ...{ rows_low, rows_high, rows_share, columns_low, columns_high, columns_share },
  };
  low.program.add(step.name, "sample", record, step.output.shape[0]);
}

export function lowerPool(low: Lowering, step: PoolStep): void {
  const record: Record_<"pool"> = {
    ...ports(low, step),
    mean: step.op === "avg" ? 1 : 0,
    tall: step.window[0],
    wide: step.window[1],
    stride_y: step.stride[0],
    stride_x: step.stride[1],
    before_y: step.before[0],
    before_x: step.before[1],
  };
  low.program.add(step.name, "pool", record, step.output.shape[0]);
}

export function lowerBlocks(low: Lowering, step: BlocksStep): void {
  low.program.add(step.name, "blocks", { ...ports(low, step), block: step.block }, step.output.shape[0]);
}

export function lowerNorm(low: Lowering, step: NormStep): void {
  const { op } = step;
  const channels = step.output.shape[2];
  const { arena } = low.program;
  const given = (name: string | null, otherwise: number): number =>
    arena.array(perChannel(channels, name === null ? otherwise : low.tensor(name)));
  const record: Record_<"norm"> = {
    ...ports(low, step),
    instance: op.type === "instance_norm" ? 1 : 0,
    epsilon: op.type === "instance_norm" ? op.epsilon : 0,
    scale: given(op.type === "instance_norm" ? op.scale : null, 1),
    shift: given(op.type === "instance_norm" ? op.shift : null, 0),
  };
  low.program.add(step.name, "norm", record, foursOf(channels));
}
