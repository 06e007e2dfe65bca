// Everything that a session has on the GPU: textures, programs and the draws of one picture in their order.
import type { Model } from "../device";
import type { Precision } from "../golden";
import type { Plan } from "../plan";
import { PICTURE, planPreprocessing } from "../preprocess";
import { readerOf } from "./address";
import { displaySource } from "./display";
import type { Layout } from "./layout";
import type { Limits } from "./limits";
import { Placed, writeValue } from "./placed";
import type { Draw, Stored } from "./placed";
import { lowerPreprocessing } from "./preprocess";
import { buildPrograms, shaderOf } from "./programs";
import type { Shader } from "./programs";
import type { Resources } from "./resources";
import { Lowering, lowerStep } from "./steps";
import type { Tuning } from "./tuning";

export interface Built {
  readonly preprocessing: readonly Draw[];
  readonly network: readonly Draw[];
  readonly display: Draw;
  readonly picture: WebGLTexture;
  readonly input: Stored;
  readonly output: Stored;
  /** By the value's name. */
  readonly values: ReadonlyMap<string, Stored>;
}

export interface BuildOptions {
  readonly model: Model;
  readonly plan: Plan;
  readonly limits: Limits;
  readonly tuning: Tuning;
  readonly precision: Precision;
  readonly keepValues: boolean;
}

interface Lowered {
  readonly lowering: Lowering;
  /** How many of the passes come before the network. */
  readonly preprocessing: number;
}

/** All passes of a network, without a graphics context. Throws `EngineError` "limit" where something does not fit. */
export function lowerPlan({ model, plan, limits, tuning }: BuildOptions): Lowered {
  const lowering = new Lowering(model, limits, tuning);
  const [height, width] = PICTURE;
  const steps = planPreprocessing(model.manifest.preprocessing, height, width);
  lowerPreprocessing(lowering, steps, [height, width], plan.input);
  const preprocessing = lowering.passes.length;
  for (const { value } of plan.constants) lowering.place(value);
  for (const step of plan.steps) lowerStep(lowering, step);
  return { lowering, preprocessing };
}

const displayShader = (layout: Layout): Shader => {
  const [height, width] = layout.shape;
  const reading = `${readerOf("shown", layout)}
ivec2 pictureSize() { return ivec2(${width}, ${height}); }
vec4 valueAt(ivec2 at) { return shown_texel(at.y, at.x, 0); }
`;
  return { what: "the display", fragment: displaySource(reading), samplers: ["shown"] };
};

function displayDraw(
  gl: WebGL2RenderingContext,
  program: WebGLProgram,
  output: Stored,
  range: readonly [number, number],
): Draw {
  const [height, width, channels] = output.layout.shape;
  gl.useProgram(program);
  gl.uniform2f(gl.getUniformLocation(program, "range"), range[0], range[1]);
  gl.uniform1i(gl.getUniformLocation(program, "grey"), channels === 1 ? 1 : 0);
  return {
    step: "display",
    program,
    framebuffer: null,
    viewport: [0, 0, width, height],
    bindings: [{ target: gl.TEXTURE_2D_ARRAY, texture: output.texture }],
    numbers: null,
  };
}

/** Does the work; where it fails, the programs are waited for, so that they can be given back. */
async function whileCompiling<T>(compiling: Promise<unknown>, work: () => T): Promise<T> {
  try {
    return work();
  } catch (error) {
    await compiling.catch(() => undefined);
    throw error;
  }
}

function place(
  gl: WebGL2RenderingContext,
  resources: Resources,
  options: BuildOptions,
  lowering: Lowering,
): Placed {
  const { plan, model, precision, keepValues } = options;
  const lasting = new Set(
    [...plan.constants.map(({ value }) => value), plan.output].map((value) => lowering.slotOf(value)),
  );
  const placed = new Placed(gl, resources, lowering, { precision, lasting, apart: keepValues });
  for (const { value, tensor } of plan.constants)
    writeValue(gl, placed.stored(lowering.slotOf(value)), model.tensor(tensor));
  return placed;
}

/** Compiles, allocates and uploads. What it made until an error is in `resources`, for the caller to give back. */
export async function build(
  gl: WebGL2RenderingContext,
  resources: Resources,
  options: BuildOptions,
): Promise<Built> {
  const { plan, model } = options;
  const { lowering, preprocessing } = lowerPlan(options);
  const display = displayShader(lowering.slotOf(plan.output).layout);
  // The driver compiles on threads of its own, while textures are filled here.
  const compiling = buildPrograms(gl, resources, [...lowering.passes.map(shaderOf), display]);
  const placed = await whileCompiling(compiling, () => place(gl, resources, options, lowering));
  const programs = await compiling;
  const draws = placed.draws(lowering.passes, programs);
  const program = programs.get(display.fragment);
  if (program === undefined) throw new Error("The display has no program.");
  const output = placed.stored(lowering.slotOf(plan.output));
  const values = plan.values.flatMap((value): [string, Stored][] => {
    const found = placed.find(lowering.slotOf(value));
    return found === null ? [] : [[value.name, found]];
  });
  return {
    preprocessing: draws.slice(0, preprocessing),
    network: draws.slice(preprocessing),
    display: displayDraw(gl, program, output, model.manifest.output.range),
    picture: placed.picture,
    input: placed.stored(lowering.slotOf(plan.input)),
    output,
    values: new Map(values),
  };
}
