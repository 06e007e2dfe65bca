// A plan becomes a program: every value its room, every step its record, every weight its place.
import type { Manifest } from "../manifest";
import type { Model } from "../device";
import { PICTURE } from "../preprocess";
import type { ConvStep, Plan, Step, Value } from "../plan";
import { Arena } from "./arena";
import { lowerConv, lowerDepthwise } from "./conv";
import { NO_SCREEN } from "./lowering";
import type { Lowering } from "./lowering";
import { lowerBlocks, lowerCombine, lowerJoin, lowerMap, lowerNorm, lowerPool, lowerSample } from "./others";
import { lowerPreprocessing } from "./preparing";
import { Program } from "./program";
import type { Record_ } from "./records";
import type { Tuning } from "./tuning";
import { placeValues } from "./values";
import type { Places } from "./values";
import { lowerWinograd, suitsWinograd } from "./winograd";

export interface Lowered {
  readonly arena: Arena;
  readonly program: Program;
  /** The first instruction behind the preprocessing. */
  readonly start: number;
  /** RGBA bytes that come in and go out. */
  readonly picture: number;
  readonly shown: number;
  /** Some weights stay bytes. */
  readonly bytes: boolean;
  view(value: Value): Record_<"view">;
}

export interface LowerOptions {
  readonly tuning: Tuning;
  readonly threads: number;
  readonly keepValues: boolean;
}

function lowerStep(low: Lowering, step: Step): void {
  switch (step.kind) {
    case "conv":
      if (step.depthwise) return lowerDepthwise(low, step);
      return low.tuning.winograd && suitsWinograd(step) ? lowerWinograd(low, step) : lowerConv(low, step);
    case "map":
      return lowerMap(low, step);
    case "combine":
      return lowerCombine(low, step);
    case "join":
      return lowerJoin(low, step);
    case "sample":
      return lowerSample(low, step);
    case "pool":
      return lowerPool(low, step);
    case "blocks":
      return lowerBlocks(low, step);
    case "norm":
      return lowerNorm(low, step);
  }
}

/** The scales of a kernel that the bundle holds as bytes with one scale for each output channel. */
function scaleOf(model: Model, step: ConvStep): Float32Array | null {
  const entry = model.manifest.tensors.find(({ name }) => name === step.kernel.tensor);
  const ofOutput = entry?.channel_axis === (step.kernel.transposed ? 2 : 3);
  if (entry?.dtype !== "int8" || entry.scale === null || !ofOutput) return null;
  return model.tensor(entry.scale);
}

/** The last step shows its rows itself if it is a convolution; else a step of its own does. */
function lowerPicture(program: Program, plan: Plan, screen: Record_<"screen">, view: Record_<"view">): void {
  const last = plan.steps.find(({ output }) => output === plan.output);
  if (last?.kind === "conv" && !last.depthwise) return;
  program.add("show", "show", { source: view, screen }, plan.output.shape[0]);
}

const screenOf = ({ range: [low, high] }: Manifest["output"], picture: number): Record_<"screen"> => ({
  picture,
  gain: 255 / (high - low),
  offset: (-low * 255) / (high - low),
});

function putConstants(arena: Arena, model: Model, plan: Plan, view: Lowered["view"]): void {
  for (const { value, tensor } of plan.constants) {
    const { data, row } = view(value);
    const [height, width, channels] = value.shape;
    arena.write(data, () => {
      const values = model.tensor(tensor);
      const size = width * channels;
      const rows = new Float32Array(((height - 1) * row) / 4 + size);
      for (let y = 0; y < height; y++) rows.set(values.subarray(y * size, (y + 1) * size), (y * row) / 4);
      return rows;
    });
  }
}

interface Begun {
  readonly low: Lowering;
  readonly arena: Arena;
  readonly clears: Places["clears"];
  readonly picture: number;
  readonly shown: number;
  readonly screen: Record_<"screen">;
  /** Whether weights stay bytes in what was lowered until now. */
  readonly bytes: () => boolean;
}

/** Room for all values and pictures; no step yet. */
function begin(model: Model, plan: Plan, options: LowerOptions): Begun {
  const arena = new Arena();
  const [tall, wide] = PICTURE;
  const picture = arena.room(4 * tall * wide);
  const shown = arena.room(4 * plan.output.shape[0] * plan.output.shape[1]);
  const { view, clears } = placeValues(plan, arena, options.keepValues);
  const screen = screenOf(model.manifest.output, shown);
  let bytes = false;
  const low: Lowering = {
    program: new Program(arena),
    ...options,
    view,
    tensor: (name) => model.tensor(name),
    scaleOf(step) {
      const scale = scaleOf(model, step);
      bytes ||= scale !== null;
      return scale;
    },
    screen: (output) => (output === plan.output ? screen : NO_SCREEN),
  };
  return { low, arena, clears, picture, shown, screen, bytes: () => bytes };
}

/** One step by itself, to be timed. */
export function lowerAlone(
  model: Model,
  plan: Plan,
  step: Step,
  options: LowerOptions,
): Pick<Lowered, "arena" | "program"> {
  const { low, arena } = begin(model, plan, options);
  lowerStep(low, step);
  return { arena, program: low.program };
}

export function lowerPlan(model: Model, plan: Plan, options: LowerOptions): Lowered {
  const { manifest } = model;
  const { low, arena, clears, picture, shown, screen, bytes } = begin(model, plan, options);
  const { program, view } = low;
  putConstants(arena, model, plan, view);
  lowerPreprocessing(program, manifest.preprocessing, picture, plan.input, view(plan.input));
  const start = program.instructions.length;
  plan.steps.forEach((step, i) => {
    for (const { view: made, border } of clears.get(i) ?? [])
      program.add(
        `${step.name} border`,
        "clear",
        { made, ...border },
        border.top + made.height + border.bottom,
      );
    lowerStep(low, step);
  });
  lowerPicture(program, plan, screen, view(plan.output));
  return { arena, program, start, picture, shown, bytes: bytes(), view };
}
