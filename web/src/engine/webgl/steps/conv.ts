// A convolution: one draw, or one for each phase where they differ, and one that adds the parts of split sums.
import { kernelSize } from "../../plan";
import type { ConvStep, Pair } from "../../plan";
import { activationSource } from "../activation";
import { convSource, epilogueSource } from "../convSource";
import { chunksOf, epilogueOf, kernelScale, weightLayout, weightTable } from "../convWeights";
import type { Epilogue } from "../convWeights";
import { blocksOf } from "../layout";
import type { Pass, Read, Slot } from "../passes";
import { familiesOf } from "../taps";
import type { Family, Grid } from "../taps";
import type { Lowering } from "./context";
import { depthwisePass } from "./depthwise";
import { joinPass } from "./join";
import { reducePass } from "./reduce";

/** Textures that a convolution reads besides its inputs. */
const OTHER_UNITS = 2;

/** Rounds of the inner loop read two rows of taps at once, more of them only make the shader longer. */
const unrolls = (rows: number): boolean => rows <= 2;

/** Texels that a fragment reads for each block of input channels. */
function texelsRead([high, wide]: Pair, [sy, sx]: Pair, { rows, columns }: Grid): number {
  const span = (count: number, step: number, taps: number): number =>
    step < taps ? (count - 1) * step + taps : count * taps;
  const reads = unrolls(rows) ? span(high, sy, rows) : high * rows;
  return reads * span(wide, sx, columns) + rows * columns * WEIGHT_COST;
}

/** Reading and decoding the weights of one tap and block costs as much as this many texels. */
const WEIGHT_COST = 2;

/** The group of pixels that costs least for the whole value. */
function chooseGroup(step: ConvStep, { grids }: Family, most: number): Pair {
  const { places } = step.phases.reduce((a, b) =>
    b.places[0] * b.places[1] > a.places[0] * a.places[1] ? b : a,
  );
  const [grid] = grids;
  let best: Pair = [1, 1];
  let least = Infinity;
  for (let wide = 1; wide <= most; wide *= 2)
    for (let high = 1; high * wide <= most; high *= 2) {
      const groups = Math.ceil(places[0] / high) * Math.ceil(places[1] / wide);
      const cost = groups * (grid ? texelsRead([high, wide], step.stride, grid) : 1);
      if (cost < least) [best, least] = [[high, wide], cost];
    }
  return best;
}

interface Split {
  readonly parts: number;
  readonly partChunks: number;
}

function splitOf(chunks: number, most: number): Split {
  if (most === 0 || chunks <= most) return { parts: 1, partChunks: chunks };
  const parts = Math.ceil(chunks / most);
  return { parts, partChunks: Math.ceil(chunks / parts) };
}

interface Target {
  readonly to: Slot;
  readonly split: Split;
  readonly scale: Float32Array | null;
  readonly epilogue: Epilogue;
}

function familyPass(
  lowering: Lowering,
  step: ConvStep,
  inputs: readonly Slot[],
  family: Family,
  target: Target,
): Pass {
  const { model, limits } = lowering;
  const { to, split, scale, epilogue } = target;
  const [grid] = family.grids;
  const taps: Pair = [grid?.rows ?? 0, grid?.columns ?? 0];
  const weights = weightLayout(step, family, scale !== null, limits.textureSize);
  const wide = family.phases.length === 1 ? 1 : to.layout.split[1];
  let firstChunk = 0;
  const blocks = blocksOf(step.output.shape[2]);
  const last =
    split.parts > 1
      ? { declarations: "", result: "x" }
      : epilogueSource(epilogue, activationSource(step.activation));
  const source = convSource({
    inputs: inputs.map(({ layout }) => {
      const begin = firstChunk;
      firstChunk += layout.blocks;
      return { layout, firstChunk: begin };
    }),
    output: to.layout,
    blocks,
    stride: step.stride,
    taps,
    unrolled: unrolls(taps[0]),
    top: family.grids.filter((_, i) => i % wide === 0).map(({ top }) => top),
    left: family.grids.slice(0, wide).map(({ left }) => left),
    weights,
    int8: scale !== null,
    ...split,
    ...last,
  });
  const reads: Read[] = [];
  if (taps[0] * taps[1] > 0) {
    inputs.forEach((from, n) => reads.push({ sampler: `a${n}`, from }));
    reads.push({ sampler: "weights", from: weightTable(model, step, family, weights, scale) });
  }
  if (split.parts === 1 && epilogue.table) reads.push({ sampler: "channels", from: epilogue.table });
  const all = family.phases.length === step.phases.length;
  const rows = to.layout.down * to.layout.tiles[0];
  const range: Pair = all ? [0, to.layout.height] : [(family.phases[0] ?? 0) * rows, rows];
  return { step: step.name, ...source, reads, to, rows: range };
}

/** Rows and columns of phases. */
function phaseGrid(step: ConvStep): Pair {
  const columns = new Set(step.phases.map(({ at }) => at[1])).size;
  return [step.phases.length / columns, columns];
}

function plainConv(lowering: Lowering, step: ConvStep, inputs: readonly Slot[]): void {
  const { model, tuning, limits } = lowering;
  const families = familiesOf(step);
  const [first] = families;
  if (first === undefined) throw new Error(`${step.name} has no phase.`);
  const group = chooseGroup(step, first, Math.min(tuning.pixels, limits.attachments));
  const choice = { split: phaseGrid(step), group };
  const output = lowering.place(step.output, choice);
  const scale = tuning.int8 ? kernelScale(model, step) : null;
  const epilogue = epilogueOf(model, step, scale);
  const split = splitOf(chunksOf(step).length, tuning.split);
  const [h, w] = step.output.shape;
  const blocks = blocksOf(kernelSize(step).made);
  const to =
    split.parts === 1
      ? output
      : lowering.between(`${step.name} in parts`, [h, w, 4 * blocks * split.parts], choice);
  for (const family of families)
    lowering.passes.push(familyPass(lowering, step, inputs, family, { to, split, scale, epilogue }));
  if (split.parts > 1) lowering.passes.push(reducePass(step, to, output, split.parts, epilogue));
}

export function lowerConv(lowering: Lowering, step: ConvStep): void {
  const inputs = step.inputs.map((value) => lowering.slotOf(value));
  const tooMany =
    inputs.length > 1 && (step.depthwise || inputs.length + OTHER_UNITS > lowering.limits.units);
  if (tooMany) return lowerJoined(lowering, step);
  if (step.depthwise) lowering.passes.push(depthwisePass(lowering, step));
  else plainConv(lowering, step, inputs);
}

/** The same convolution of one value that is joined before. */
function lowerJoined(lowering: Lowering, step: ConvStep): void {
  const channels = step.inputs.reduce((sum, { shape }) => sum + shape[2], 0);
  const [h = 1, w = 1] = step.inputs[0]?.shape ?? [];
  const joined = { id: -1, name: `${step.name} joined`, shape: [h, w, channels], home: null } as const;
  const slot = lowering.place(joined);
  lowering.passes.push(
    ...joinPass(
      lowering,
      step.name,
      step.inputs.map((value) => lowering.slotOf(value)),
      slot,
    ),
  );
  lowerConv(lowering, { ...step, inputs: [joined] });
}
