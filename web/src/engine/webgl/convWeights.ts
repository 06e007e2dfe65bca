// Weights of a convolution as a texture. A line holds one row of taps of one phase and one block of four output channels:
// [chunk of four input channels][column of taps][input channel]. Lines that are longer than textures are wide are broken
// between chunks.
//
// As floats one texel holds what one input channel adds to the four output channels. As bytes one texel holds all of a chunk
// and column: one whole number for each input channel, one of its bytes for each output channel. The highest byte is signed,
// the others stand for 0 to 255, 128 in the middle. Shaders mask each byte where it stands, so that output channel i is
// 256^i times too large until the epilogue scales it: shifting costs more than reading.
import { EngineError } from "../device";
import type { Model } from "../device";
import { kernelSize, phaseKernel } from "../plan";
import type { ConvStep } from "../plan";
import { blocksOf } from "./layout";
import type { Table } from "./passes";
import type { Family } from "./taps";

export interface WeightLayout {
  /** Texels of one chunk. */
  readonly chunk: number;
  /** Chunks in one line of the texture. */
  readonly perLine: number;
  /** Lines that hold one row of taps. */
  readonly lines: number;
  readonly width: number;
  readonly height: number;
}

export function weightLayout(
  step: ConvStep,
  { grids, phases }: Family,
  int8: boolean,
  limit: number,
): WeightLayout {
  const { rows = 0, columns = 0 } = grids[0] ?? {};
  const chunks = chunksOf(step).length;
  const chunk = (int8 ? 1 : 4) * Math.max(columns, 1);
  const perLine = Math.min(chunks, Math.floor(limit / chunk));
  const lines = Math.ceil(chunks / perLine);
  const height = phases.length * blocksOf(step.output.shape[2]) * Math.max(rows, 1) * lines;
  if (perLine < 1 || height > limit)
    throw new EngineError(
      "limit",
      `The weights of ${step.name} do not fit into textures of ${limit} x ${limit}.`,
    );
  return { chunk, perLine, lines, width: perLine * chunk, height };
}

/** One chunk's channels: where they begin among all input channels, and how many. */
export interface Chunk {
  readonly channel: number;
  readonly count: number;
}

/** Each input begins a new chunk. */
export function chunksOf(step: ConvStep): Chunk[] {
  let first = 0;
  return step.inputs.flatMap(({ shape: [, , channels] }) => {
    const begin = first;
    first += channels;
    return Array.from({ length: blocksOf(channels) }, (_, i) => ({
      channel: begin + 4 * i,
      count: Math.min(4, channels - 4 * i),
    }));
  });
}

/** Scale by output channel where the bundle holds the kernel in 8 bits and they can be stored so here; else null. */
export function kernelScale(model: Model, step: ConvStep): Float32Array | null {
  const entry = model.manifest.tensors.find(({ name }) => name === step.kernel.tensor);
  const made = step.kernel.transposed ? 2 : 3;
  if (entry?.dtype !== "int8" || entry.scale === null || entry.channel_axis !== made) return null;
  return model.tensor(entry.scale);
}

type Put = (texel: number, input: number, output: number, weight: number) => void;

/** Calls `put` for every weight: the first texel of its chunk and column, and which of four inputs and outputs it joins. */
function eachWeight(
  step: ConvStep,
  family: Family,
  layout: WeightLayout,
  kernelOf: (phase: number) => Float32Array,
  put: Put,
): void {
  const { taken, made } = kernelSize(step);
  const blocks = blocksOf(made);
  const chunks = chunksOf(step);
  family.phases.forEach((phase, p) => {
    const kernel = kernelOf(phase);
    const { rows, columns, taps } = family.grids[p] ?? { rows: 0, columns: 0, taps: [] };
    for (let block = 0; block < blocks; block++)
      for (let row = 0; row < rows; row++)
        chunks.forEach(({ channel, count }, q) => {
          const line = ((p * blocks + block) * rows + row) * layout.lines + Math.floor(q / layout.perLine);
          const start = line * layout.width + (q % layout.perLine) * layout.chunk;
          for (let column = 0; column < columns; column++) {
            const texel = start + (column * layout.chunk) / columns;
            for (let i = 0; i < count; i++) {
              const from = ((taps[row * columns + column] ?? 0) * taken + channel + i) * made + 4 * block;
              for (let o = 0; o < Math.min(4, made - 4 * block); o++) put(texel, i, o, kernel[from + o] ?? 0);
            }
          }
        });
  });
}

/** All of a byte table that stands for zeros. */
const ZERO_BYTES = 0x00808080;

/** The table of a family's weights. With `scale` they are stored in 8 bits and have to be multiplied by it. */
export function weightTable(
  model: Model,
  step: ConvStep,
  family: Family,
  layout: WeightLayout,
  scale: Float32Array | null,
): Table {
  const { width, height } = layout;
  const kernelOf = (): ((phase: number) => Float32Array) => {
    const tensor = model.tensor(step.kernel.tensor);
    return (index) => {
      const phase = step.phases[index];
      return phase ? phaseKernel(step, phase, tensor) : new Float32Array();
    };
  };
  const floats = (): Float32Array => {
    const target = new Float32Array(width * height * 4);
    eachWeight(step, family, layout, kernelOf(), (texel, i, o, weight) => {
      target[(texel + i) * 4 + o] = weight;
    });
    return target;
  };
  const bytes = (by: Float32Array): Int32Array => {
    const target = new Int32Array(width * height * 4).fill(ZERO_BYTES);
    const view = new Uint8Array(target.buffer);
    const inverse = Float64Array.from(by, (s) => (s === 0 ? 0 : 1 / s));
    const { made } = kernelSize(step);
    const blocks = blocksOf(made);
    const lineRows = height / (family.phases.length * blocks);
    eachWeight(step, family, layout, kernelOf(), (texel, i, o, weight) => {
      const block = Math.floor(texel / width / lineRows) % blocks;
      const byte = Math.round(weight * (inverse[4 * block + o] ?? 0));
      view[(texel * 4 + i) * 4 + o] = o === 3 ? byte & 255 : byte + 128;
    });
    return target;
  };
  return scale === null
    ? { width, height, storage: "float32", values: floats }
    : { width, height, storage: "int32", values: () => bytes(scale) };
}

/** What a convolution's epilogue reads, one row for each block: bias, scale, slopes, as far as they are there. */
export interface Epilogue {
  readonly bias: number | null;
  readonly scale: number | null;
  readonly slopes: number | null;
  readonly table: Table | null;
}

export function epilogueOf(model: Model, step: ConvStep, scale: Float32Array | null): Epilogue {
  const columns: (() => Float32Array)[] = [];
  const add = (values: (() => Float32Array) | null): number | null =>
    values === null ? null : columns.push(values) - 1;
  const named = (name: string | null): (() => Float32Array) | null =>
    name === null ? null : () => model.tensor(name);
  const { activation } = step;
  const places = {
    bias: add(named(step.bias)),
    scale: add(scale === null ? null : () => scale.map((value, i) => value / 256 ** (i & 3))),
    slopes: add(named(activation.type === "prelu" ? activation.slopes : null)),
  };
  return { ...places, table: columns.length === 0 ? null : channelTable(columns, step.output.shape[2]) };
}

/** Vectors of one number a channel, four channels a texel: [block][vector]. */
export function channelTable(vectors: readonly (() => Float32Array)[], channels: number): Table {
  const [width, height] = [vectors.length, blocksOf(channels)];
  return {
    width,
    height,
    storage: "float32",
    values() {
      const made = new Float32Array(width * height * 4);
      vectors.forEach((vector, column) =>
        vector().forEach((value, i) => {
          made[((i >> 2) * width + column) * 4 + (i & 3)] = value;
        }),
      );
      return made;
    },
  };
}
