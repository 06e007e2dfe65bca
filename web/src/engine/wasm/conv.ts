// Plain convolutions: taps that lie next to each other in memory become runs, and each phase gets its weights.
import { kernelSize, phaseKernel } from "../plan";
import type { ConvStep, Phase, Tap } from "../plan";
import { endingOf } from "./activation";
import { foursOf, packBlocks, packedLength, wholeNumbers } from "./kernels";
import type { Lowering } from "./lowering";
import { recordBytes } from "./records";
import type { Record_ } from "./records";

/** In the order of memory: a transposed convolution's taps come the other way round. */
const inOrder = (phase: Phase): Phase => ({
  ...phase,
  taps: [...phase.taps].sort((a, b) => a.dy - b.dy || a.dx - b.dx),
});

/** Taps as runs of floats; those of a row are one, where no other channels lie between them. */
export function runsOf(taps: readonly Tap[], source: Record_<"view">): { offset: number; length: number }[] {
  const runs: { offset: number; length: number }[] = [];
  for (const { dy, dx } of taps) {
    const offset = dy * source.row + dx * source.place;
    const before = runs.at(-1);
    if (before && before.offset + 4 * before.length === offset) before.length += source.channels;
    else runs.push({ offset, length: source.channels });
  }
  return runs;
}

/** More places than this use each weight often enough for it to be kept as a float. */
const FEW_PLACES = 64;
/** Fewer weights than this stay near the processor as floats, too. */
const MANY_WEIGHTS = 32_768;

function scaleAsBytes(low: Lowering, step: ConvStep): Float32Array | null {
  const { taken, made } = kernelSize(step);
  const places = Math.max(...step.phases.map((phase) => phase.places[0] * phase.places[1]));
  const weights = taken * made * Math.max(...step.phases.map(({ taps }) => taps.length));
  const wanted = low.tuning.bytes && places <= FEW_PLACES && weights >= MANY_WEIGHTS;
  return wanted ? low.scaleOf(step) : null;
}

function lowerPhase(
  low: Lowering,
  step: ConvStep,
  plain: Phase,
  scale: Float32Array | null,
): Record_<"phase"> {
  const phase = inOrder(plain);
  const { taken, made } = kernelSize(step);
  const { arena } = low.program;
  const source = low.view(step.inputs[0] ?? step.output);
  const runs = runsOf(phase.taps, source);
  const depth = phase.taps.length * taken;
  const length = packedLength(depth, made);
  const weights = arena.put(length * (scale ? 1 : 4), () => {
    const kernel = phaseKernel(step, phase, low.tensor(step.kernel.tensor));
    const packed = scale ? new Int8Array(length) : new Float32Array(length);
    packBlocks(scale ? wholeNumbers(kernel, scale) : kernel, depth, made, packed);
    return packed;
  });
  return {
    at_y: phase.at[0],
    at_x: phase.at[1],
    rows: phase.places[0],
    columns: phase.places[1],
    runs: arena.array(recordBytes("run", runs)),
    run_count: runs.length,
    depth,
    weights,
  };
}

/** Weights of a task should stay near the processor while all its places pass: rows by rows, or block by block. */
const NEAR_BYTES = 131_072;

function sharing(step: ConvStep, weightBytes: number, shown: boolean): [number, number] {
  const { made } = kernelSize(step);
  const blocks = Math.ceil(foursOf(made) / 2);
  const rows = Math.max(...step.phases.map(({ places }) => places[0]));
  const columns = Math.max(1, ...step.phases.map(({ places }) => places[1]));
  if (weightBytes > NEAR_BYTES && !shown) return [rows, Math.max(1, Math.ceil(blocks / 16))];
  return [Math.min(rows, Math.max(1, Math.ceil(64 / columns))), blocks];
}

export function lowerConv(low: Lowering, step: ConvStep): void {
  const { made } = kernelSize(step);
  const { arena } = low.program;
  const scale = scaleAsBytes(low, step);
  const bias = step.bias === null ? undefined : low.tensor(step.bias);
  const phases = step.phases.map((phase) => lowerPhase(low, step, phase, scale));
  const screen = low.screen(step.output);
  const weightBytes = scale ? 1 : 4;
  const bytes = Math.max(...phases.map(({ depth }) => depth)) * 4 * foursOf(made) * weightBytes;
  const [rows, blocks] = sharing(step, bytes, screen.picture !== 0);
  const parts = Math.ceil(Math.ceil(foursOf(made) / 2) / blocks);
  const record: Record_<"conv"> = {
    source: low.view(step.inputs[0] ?? step.output),
    made: low.view(step.output),
    ending: endingOf(arena, low.tensor, made, step.activation, { scale: scale ?? undefined, bias }),
    screen,
    stride_y: step.stride[0],
    stride_x: step.stride[1],
    grow_y: step.grow[0],
    grow_x: step.grow[1],
    phases: arena.array(recordBytes("phase", phases)),
    phase_count: phases.length,
    weight_bytes: weightBytes,
    fours: foursOf(made),
    rows_a_task: rows,
    blocks_a_task: blocks,
  };
  const groups = Math.ceil(Math.max(...phases.map((phase) => phase.rows)) / rows);
  low.program.add(step.name, "conv", record, groups * parts);
}

export function lowerDepthwise(low: Lowering, step: ConvStep): void {
  const { made } = kernelSize(step);
  const { arena } = low.program;
  const [phase] = step.phases;
  const source = low.view(step.inputs[0] ?? step.output);
  const taps = phase?.taps ?? [];
  const wide = 4 * foursOf(made);
  const kernel = phase ? phaseKernel(step, phase, low.tensor(step.kernel.tensor)) : new Float32Array();
  const weights = new Float32Array(taps.length * wide);
  taps.forEach((_, t) => weights.set(kernel.subarray(t * made, (t + 1) * made), t * wide));
  const bias = step.bias === null ? undefined : low.tensor(step.bias);
  const record: Record_<"depthwise"> = {
    source,
    made: low.view(step.output),
    ending: endingOf(arena, low.tensor, made, step.activation, { bias }),
    stride_y: step.stride[0],
    stride_x: step.stride[1],
    taps: arena.array(recordBytes("tap", taps)),
    tap_count: taps.length,
    weights: arena.array(weights),
    multiplier: made / source.channels,
  };
  low.program.add(step.name, "depthwise", record, step.output.shape[0]);
}
