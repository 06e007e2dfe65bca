// Which convolutions take 9 multiplications for 16, and their weights: see kernels/winograd.c.
import { kernelSize, phaseKernel } from "../plan";
import type { ConvStep, Phase } from "../plan";
import { endingOf } from "./activation";
import { foursOf, packBlocks, packedLength, wholeNumbers } from "./kernels";
import type { Lowering } from "./lowering";
import type { Record_ } from "./records";

/** Places from `dy`, `dx` on, size x size of them, each once. */
function isSquare({ taps }: Phase, size: number, dy: number, dx: number): boolean {
  const there = new Set(taps.map((tap) => (tap.dy - dy) * size + tap.dx - dx));
  const near = taps.every((tap) => tap.dy - dy < size && tap.dx - dx < size && tap.dy >= dy && tap.dx >= dx);
  return near && taps.length === size * size && there.size === taps.length;
}

const evenPlaces = ({ places }: Phase): boolean => places[0] % 2 === 0 && places[1] % 2 === 0;

/** Transposed, stride 2: phase 0 reads the places -1 and 0, phase 1 the places 0 and 1. */
function grows(step: ConvStep): boolean {
  const [tall, wide] = step.phases[0]?.places ?? [0, 0];
  return (
    step.phases.length === 4 &&
    step.grow.every((grow) => grow === 2) &&
    step.phases.every(
      (phase, i) =>
        phase.at[0] === i >> 1 &&
        phase.at[1] === i % 2 &&
        phase.places[0] === tall &&
        phase.places[1] === wide &&
        isSquare(phase, 2, phase.at[0] - 1, phase.at[1] - 1),
    )
  );
}

/** Stride 2, 4x4 taps. */
function shrinks(step: ConvStep): boolean {
  const [phase] = step.phases;
  const first = phase && Math.min(...phase.taps.map(({ dy }) => dy));
  return (
    phase !== undefined &&
    first !== undefined &&
    step.phases.length === 1 &&
    step.stride.every((stride) => stride === 2) &&
    isSquare(phase, 4, first, first)
  );
}

const LEAST_TILES = 16;

/** Worth it from some tiles on: each weight is used once a tile, and there are 9/4 as many of them. */
export function suitsWinograd(step: ConvStep): boolean {
  const { taken } = kernelSize(step);
  const [phase] = step.phases;
  if (step.depthwise || phase === undefined || taken % 4 !== 0 || taken < 8) return false;
  if (!step.phases.every(evenPlaces) || phase.places[0] * phase.places[1] < 4 * LEAST_TILES) return false;
  return grows(step) || shrinks(step);
}

/** Of two taps: the first, their sum, the second. Phase 1 of a transposed one gets its first difference negated. */
const POINTS = [[[1, 0], [1, 1], [0, 1]], [[-1, 0], [1, 1], [0, 1]]] as const; // prettier-ignore

/** Adds one tap's weights [size] times `factor`. */
function addTap(
  into: Float32Array,
  at: number,
  kernel: Float32Array,
  tap: number,
  size: number,
  factor: number,
): void {
  if (factor === 0) return;
  for (let i = 0; i < size; i++) into[at + i] = (into[at + i] ?? 0) + factor * (kernel[tap * size + i] ?? 0);
}

/** One product's weights [depth][made] of a phase of 2x2 taps. */
function grownProduct(kernel: Float32Array, size: number, phase: number, point: number): Float32Array {
  const rows = POINTS[phase >> 1 ? 1 : 0][Math.floor(point / 3) as 0 | 1 | 2];
  const columns = POINTS[phase % 2 ? 1 : 0][(point % 3) as 0 | 1 | 2];
  const result = new Float32Array(size);
  for (let tap = 0; tap < 4; tap++)
    addTap(result, 0, kernel, tap, size, (rows[tap >> 1] ?? 0) * (columns[tap % 2] ?? 0));
  return result;
}

/** The same of 4x4 taps: the depth is four times as long, even and odd rows and columns behind each other. */
function shrunkProduct(kernel: Float32Array, size: number, point: number): Float32Array {
  const rows = POINTS[0][Math.floor(point / 3) as 0 | 1 | 2];
  const columns = POINTS[0][(point % 3) as 0 | 1 | 2];
  const result = new Float32Array(4 * size);
  for (let tap = 0; tap < 16; tap++) {
    const [y, x] = [tap >> 2, tap % 4];
    const factor = (rows[y >> 1] ?? 0) * (columns[x >> 1] ?? 0);
    addTap(result, (2 * (y % 2) + (x % 2)) * size, kernel, tap, size, factor);
  }
  return result;
}

/** `scale`: the kernel's columns are whole multiples of it, and so are their sums; those fit into two bytes. */
function packAll(
  step: ConvStep,
  kernel: Float32Array,
  depth: number,
  made: number,
  scale: Float32Array | null,
): Float32Array | Int16Array {
  const growing = grows(step);
  const taken = kernelSize(step).taken;
  const length = packedLength(depth, made);
  const size = 9 * step.phases.length * length;
  const packed = scale ? new Int16Array(size) : new Float32Array(size);
  step.phases.forEach((phase, p) => {
    const taps = [...phase.taps].sort((a, b) => a.dy - b.dy || a.dx - b.dx);
    const floats = phaseKernel(step, { ...phase, taps }, kernel);
    const own = scale ? wholeNumbers(floats, scale) : floats;
    for (let point = 0; point < 9; point++) {
      const product = growing
        ? grownProduct(own, taken * made, p, point)
        : shrunkProduct(own, taken * made, point);
      packBlocks(product, depth, made, packed, (9 * p + point) * length);
    }
  });
  return packed;
}

/** More weights than this come from far away, again for every task. */
const MANY_WEIGHTS = 2_097_152;
const FEW_TILES = 32;

function scaleAsHalves(low: Lowering, step: ConvStep, weights: number, tiles: number): Float32Array | null {
  return low.tuning.bytes && tiles <= FEW_TILES && weights > MANY_WEIGHTS ? low.scaleOf(step) : null;
}

/** Differences and products of a task's tiles should stay near the processor, */
const NEAR_BYTES = 131_072;
/** but where the weights do not, many tiles should share each of them. */
const MANY_TILES = 48;

function tilesATask(low: Lowering, bytesATile: number, weights: number, tiles: number): number {
  const fit = Math.floor(NEAR_BYTES / bytesATile / 6) * 6;
  const each = Math.ceil(tiles / low.threads);
  if (weights > MANY_WEIGHTS) return Math.min(Math.max(fit, MANY_TILES), each);
  return Math.max(6, Math.min(fit, MANY_TILES, Math.ceil(tiles / 12) * 6));
}

export function lowerWinograd(low: Lowering, step: ConvStep): void {
  const { taken, made } = kernelSize(step);
  const { arena } = low.program;
  const growing = grows(step);
  const [first] = step.phases;
  const depth = growing ? taken : 4 * taken;
  const [tall = 0, wide = 0] = first?.places ?? [];
  const products = 9 * step.phases.length;
  const bytesATile = 4 * ((growing ? 25 : 9) * depth + products * 4 * foursOf(made));
  const screen = low.screen(step.output);
  const tiles = (tall * wide) / 4;
  const weights = products * packedLength(depth, made);
  const each = screen.picture === 0 ? tilesATask(low, bytesATile, weights, tiles) : wide / 2;
  const scale = scaleAsHalves(low, step, weights, tiles);
  const weightBytes = scale ? 2 : 4;
  low.program.needScratch(each * bytesATile + 25 * 64);
  const record: Record_<"winograd"> = {
    source: low.view(step.inputs[0] ?? step.output),
    made: low.view(step.output),
    ending: endingOf(arena, low.tensor, made, step.activation, {
      scale: scale ?? undefined,
      bias: step.bias === null ? undefined : low.tensor(step.bias),
    }),
    screen,
    weights: arena.put(weightBytes * weights, () =>
      packAll(step, low.tensor(step.kernel.tensor), depth, made, scale),
    ),
    weight_bytes: weightBytes,
    grows: growing ? 1 : 0,
    before: growing ? -1 : Math.min(...(first?.taps.map(({ dy }) => dy) ?? [])),
    depth,
    fours: foursOf(made),
    tiles_y: tall / 2,
    tiles_x: wide / 2,
    tiles_a_task: each,
  };
  low.program.add(step.name, "winograd", record, Math.ceil(tiles / each));
}
