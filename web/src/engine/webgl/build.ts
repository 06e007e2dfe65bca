// Everything that a session has on the GPU: textures, programs and the draws of one picture in their order.
import type { Model } from "../device";
import type { Precision } from "../golden";
import type { Plan } from "../plan";
import { PICTURE, planPreprocessing } from "../preprocess";
import { readerOf } from "./address";
import { shareTextures } from "./allocate";
import { displaySource } from "./display";
import type { Layout } from "./layout";
import { toTexels } from "./layout";
import type { Limits } from "./limits";
import { PICTURE_TEXTURE, isSlot } from "./passes";
import type { Pass, Read, Slot } from "./passes";
import { PREPROCESSING, lowerPreprocessing } from "./preprocess";
import { buildPrograms, shaderOf } from "./programs";
import type { Shader } from "./programs";
import type { Resources } from "./resources";
import { Lowering, lowerStep } from "./steps";
import type { Tuning } from "./tuning";

/** A texture on a unit. */
export interface Binding {
  readonly target: number;
  readonly texture: WebGLTexture;
}

/** One draw call with all that it needs. */
export interface Draw {
  readonly step: string;
  readonly program: WebGLProgram;
  readonly framebuffer: WebGLFramebuffer | null;
  readonly viewport: readonly [number, number, number, number];
  readonly bindings: readonly Binding[];
  /** What has to be set before this draw, because other draws with other numbers use the same program. */
  readonly numbers: { readonly at: WebGLUniformLocation | null; readonly values: Int32Array } | null;
}

/** Where a slot lies. */
export interface Stored {
  readonly layout: Layout;
  readonly texture: WebGLTexture;
  readonly framebuffer: WebGLFramebuffer;
}

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

/** All passes of a network, without a graphics context. Throws `EngineError` "limit" where something does not fit. */
export function lowerPlan({ model, plan, limits, tuning }: BuildOptions): Lowering {
  const lowering = new Lowering(model, limits, tuning);
  const [height, width] = PICTURE;
  const preprocessing = planPreprocessing(model.manifest.preprocessing, height, width);
  lowerPreprocessing(lowering, preprocessing, [height, width], plan.input);
  for (const { value } of plan.constants) lowering.place(value);
  for (const step of plan.steps) lowerStep(lowering, step);
  return lowering;
}

class Builder {
  readonly stored = new Map<Slot, Stored>();
  private readonly tables = new Map<Read["from"], WebGLTexture>();
  readonly picture: WebGLTexture;

  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly resources: Resources,
    private readonly options: BuildOptions,
    private readonly lowering: Lowering,
  ) {
    const [height, width] = PICTURE;
    this.picture = resources.byteTexture(width, height);
    this.placeSlots();
    this.fillConstants();
    for (const pass of lowering.passes) for (const { from } of pass.reads) this.binding(from);
    resources.check("the weights of this model");
  }

  private placeSlots(): void {
    const { plan, keepValues, precision } = this.options;
    const lasting = new Set(
      [...plan.constants.map(({ value }) => value), plan.output].map((value) => this.lowering.slotOf(value)),
    );
    const all = this.lowering.slots.all;
    const shared = new Map<number, Pick<Stored, "texture" | "framebuffer">>();
    shareTextures(this.lowering.passes, all, lasting, keepValues).forEach((number, id) => {
      const slot = all[id];
      if (slot === undefined || number < 0) return;
      const { width, height, layers } = slot.layout;
      const make = (): Pick<Stored, "texture" | "framebuffer"> => {
        const texture = this.resources.arrayTexture(width, height, layers + 1, precision);
        return { texture, framebuffer: this.resources.framebuffer(texture, layers) };
      };
      const found = shared.get(number) ?? make();
      shared.set(number, found);
      this.stored.set(slot, { layout: slot.layout, ...found });
    });
    this.resources.check("the values of this model");
  }

  private fillConstants(): void {
    for (const { value, tensor } of this.options.plan.constants) {
      const stored = this.stored.get(this.lowering.slotOf(value));
      if (stored !== undefined) writeValue(this.gl, stored, this.options.model.tensor(tensor));
    }
  }

  private binding(from: Read["from"]): Binding {
    const { gl } = this;
    if (from === PICTURE_TEXTURE) return { target: gl.TEXTURE_2D, texture: this.picture };
    if (isSlot(from)) {
      const stored = this.stored.get(from);
      if (stored === undefined) throw new Error(`${from.name} has no texture.`);
      return { target: gl.TEXTURE_2D_ARRAY, texture: stored.texture };
    }
    const texture = this.tables.get(from) ?? this.resources.tableTexture(from);
    this.tables.set(from, texture);
    return { target: gl.TEXTURE_2D, texture };
  }

  draw(pass: Pass, programs: ReadonlyMap<string, WebGLProgram>): Draw {
    const program = programs.get(pass.fragment);
    const to = this.stored.get(pass.to);
    if (program === undefined || to === undefined) throw new Error(`${pass.step} cannot be drawn.`);
    return {
      step: pass.step,
      program,
      framebuffer: to.framebuffer,
      viewport: [0, pass.rows[0], to.layout.width, pass.rows[1]],
      bindings: pass.reads.map(({ from }) => this.binding(from)),
      numbers: pass.numbers ? { at: this.gl.getUniformLocation(program, "N"), values: pass.numbers } : null,
    };
  }
}

/** Numbers [h, w, c] into a slot. */
export function writeValue(
  gl: WebGL2RenderingContext,
  { layout, texture }: Stored,
  values: Float32Array,
): void {
  const { width, height, layers } = layout;
  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
  const texels = toTexels(layout, values);
  gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, 0, width, height, layers, gl.RGBA, gl.FLOAT, texels);
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

/** Compiles, allocates and uploads. What it made until an error is in `resources`, for the caller to give back. */
export async function build(
  gl: WebGL2RenderingContext,
  resources: Resources,
  options: BuildOptions,
): Promise<Built> {
  const lowering = lowerPlan(options);
  const { plan, model } = options;
  const display = displayShader(lowering.slotOf(plan.output).layout);
  // The driver compiles on threads of its own, while textures are filled here.
  const compiling = buildPrograms(gl, resources, [...lowering.passes.map(shaderOf), display]);
  const builder = await whileCompiling(compiling, () => new Builder(gl, resources, options, lowering));
  const programs = await compiling;
  const draws = lowering.passes.map((pass) => builder.draw(pass, programs));
  const stored = (slot: Slot): Stored => {
    const found = builder.stored.get(slot);
    if (found === undefined) throw new Error(`${slot.name} has no texture.`);
    return found;
  };
  const output = stored(lowering.slotOf(plan.output));
  const program = programs.get(display.fragment);
  if (program === undefined) throw new Error("The display has no program.");
  const values = plan.values.flatMap((value): [string, Stored][] => {
    const found = builder.stored.get(lowering.slotOf(value));
    return found === undefined ? [] : [[value.name, found]];
  });
  return {
    preprocessing: draws.filter(({ step }) => step === PREPROCESSING),
    network: draws.filter(({ step }) => step !== PREPROCESSING),
    display: displayDraw(gl, program, output, model.manifest.output.range),
    picture: builder.picture,
    input: stored(lowering.slotOf(plan.input)),
    output,
    values: new Map(values),
  };
}
