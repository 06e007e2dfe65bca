// The WebGL2 back end: one network, one context, one canvas.
import { EngineError } from "../device";
import type {
  Bytes,
  Chosen,
  Memory,
  Model,
  Session,
  SessionEvent,
  SessionOptions,
  Source,
  StepTime,
  Variant,
} from "../device";
import type { Precision } from "../golden";
import { makeListeners } from "../listeners";
import { makePlan } from "../plan";
import type { Plan } from "../plan";
import { PICTURE } from "../preprocess";
import { choose, inSoftware, isRight, mayTryHalf, precisionOf, remember } from "../tuning";
import type { Choosing } from "../tuning";
import { build } from "./build";
import type { Built } from "./build";
import { openWebgl, readRenderer, releaseWebgl } from "./context";
import { readCanvas } from "./display";
import { Drawer } from "./draws";
import { closeFence } from "./fence";
import { choosePrecision, readLimits } from "./limits";
import type { Limits } from "./limits";
import { PictureUpload } from "./picture";
import { writeValue } from "./placed";
import type { Stored } from "./placed";
import { timeDraws } from "./profile";
import { readStored } from "./readback";
import { Resources } from "./resources";
import { tune } from "./tune";
import { DEFAULT_TUNING, printChoice, readChoice } from "./tuning";
import type { Choice } from "./tuning";

export interface WebglOptions extends SessionOptions {
  /** Limits tighter than the context's, to try what small devices do. */
  readonly limits?: Partial<Limits>;
}

/** A canvas whose context the session opens and gives back, or a context that stays the caller's. */
export type Surface = HTMLCanvasElement | { readonly gl: WebGL2RenderingContext };

const gone = (): EngineError => new EngineError("lost", "The graphics context was lost.");

class WebglSession implements Session {
  readonly backEnd = "webgl";
  readonly plan: Plan;
  private readonly events = makeListeners<SessionEvent>();
  private resources: Resources;
  private readonly drawer: Drawer;
  private readonly upload: PictureUpload;
  /** Where half precision is not chosen. */
  private readonly precision: Precision;
  private readonly limits: Limits;
  private readonly rendererFound: { vendor: string; renderer: string };
  private readonly choosing: Choosing<Choice>;
  /** Null until something was chosen. */
  private chosen: { choice: Choice; how: Chosen } | null = null;
  private built: Built | null = null;
  private building: Promise<void> | null = null;
  private lost = false;
  /** Counts what may have been under way when all was forgotten. */
  private generation = 0;
  private destroyed = false;

  constructor(
    private readonly model: Model,
    private readonly gl: WebGL2RenderingContext,
    private readonly owned: boolean,
    private readonly options: WebglOptions,
  ) {
    this.limits = readLimits(gl, options.limits);
    this.precision = choosePrecision(this.limits, options.precision);
    this.plan = makePlan(model.manifest, { by: "read" });
    this.rendererFound = readRenderer(gl);
    this.choosing = this.choices();
    this.resources = new Resources(gl);
    this.drawer = new Drawer(gl);
    this.upload = new PictureUpload(gl, PICTURE[1], PICTURE[0]);
    this.sizeCanvas();
    gl.canvas.addEventListener("webglcontextlost", this.onLost);
    gl.canvas.addEventListener("webglcontextrestored", this.onRestored);
  }

  private choices(): Choosing<Choice> {
    const { gl, model, plan, limits, precision, options } = this;
    const { renderer } = this.rendererFound;
    const usual: Choice = { tuning: DEFAULT_TUNING, half: "no" };
    const mayHalve = mayTryHalf(options) && precision === "float32" && limits.float16;
    return {
      key: { backEnd: "webgl", model: model.sha256, renderer, asked: `${precision} ${mayHalve}` },
      usual,
      forced: options.tuning == null ? null : readChoice(options.tuning),
      worthwhile: !inSoftware(renderer),
      print: printChoice,
      read: readChoice,
      tune: () => tune(gl, { model, plan, limits, precision, mayHalve, usual }),
    };
  }

  private sizeCanvas(): void {
    const [height, width] = this.plan.output.shape;
    const { canvas } = this.gl;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
  }

  private readonly onLost = (event: Event): void => {
    event.preventDefault(); // Else the browser never gives it back.
    this.lost = true;
    this.forget();
    this.events.emit("context_lost");
  };

  private readonly onRestored = (): void => {
    this.lost = false;
    // Extensions have to be asked for anew, or float targets are refused.
    readLimits(this.gl);
    this.events.emit("context_restored");
  };

  private forget(): void {
    this.generation += 1;
    this.built = null;
    this.building = null;
    this.resources.clear();
  }

  get variant(): Variant {
    const { choice, how } = this.chosen ?? {
      choice: this.choosing.forced ?? this.choosing.usual,
      how: "usual",
    };
    const kernels = this.plan.steps.filter((step) => step.kind === "conv");
    const entries = new Map(this.model.manifest.tensors.map(({ name, dtype }) => [name, dtype]));
    const small =
      choice.tuning.int8 &&
      kernels.length > 0 &&
      kernels.every(({ kernel, depthwise }) => !depthwise && entries.get(kernel.tensor) === "int8");
    return {
      threads: null,
      precision: precisionOf(choice, this.precision),
      weights: small ? "int8" : "float32",
      tuning: printChoice(choice),
      chosen: how,
    };
  }

  renderer(): { vendor: string; renderer: string } | null {
    return this.alive() ? this.rendererFound : null;
  }

  alive(): boolean {
    return !this.destroyed && !this.lost && !this.gl.isContextLost();
  }

  private checkAlive(): void {
    if (this.destroyed) throw new EngineError("lost", "This session was destroyed: make another one.");
    if (!this.alive()) throw gone();
  }

  async prepare(): Promise<void> {
    this.checkAlive();
    if (this.built !== null) return;
    this.building ??= this.make();
    await this.building;
  }

  /** Throws if the context was lost since, or the session destroyed: what was made belongs to nobody. */
  private checkSame(generation: number): void {
    this.checkAlive();
    if (generation !== this.generation) throw gone();
  }

  private async make(): Promise<void> {
    const { gl, generation } = this;
    try {
      this.chosen ??= await choose(this.choosing, this.options);
      this.checkSame(generation);
      await this.makeWith(this.chosen.choice, generation);
      await this.checkHalf(this.chosen, generation);
    } catch (error) {
      if (generation === this.generation) this.building = null;
      throw gl.isContextLost() ? gone() : error;
    }
  }

  private async makeWith(choice: Choice, generation: number): Promise<void> {
    const { gl, model, plan, limits } = this;
    const resources = new Resources(gl);
    try {
      const keepValues = this.options.keepValues ?? false;
      const precision = precisionOf(choice, this.precision);
      const { tuning } = choice;
      const built = await build(gl, resources, { model, plan, limits, tuning, precision, keepValues });
      this.checkSame(generation);
      this.drawer.prepare(resources.vertexArray());
      this.resources = resources;
      this.built = built;
    } catch (error) {
      resources.clear();
      throw error;
    }
  }

  /** Half precision stays only where its output is right, or where there is nothing else. */
  private async checkHalf(
    { choice, how }: { choice: Choice; how: Chosen },
    generation: number,
  ): Promise<void> {
    const { golden } = this.options;
    const { precision } = this.variant;
    if (precision === "float32" || golden == null || !this.limits.float32) return;
    const made = await this.compute(golden.input);
    this.checkSame(generation);
    if (isRight(made, golden, this.model.manifest.output.range)) return;
    const refused: Choice = { ...choice, half: "wrong" };
    this.chosen = { choice: refused, how };
    if (how === "tuned" || how === "remembered")
      remember(this.options.memory, this.choosing.key, printChoice(refused));
    this.built = null;
    this.resources.clear();
    await this.makeWith(refused, generation);
  }

  private ready(): Built {
    this.checkAlive();
    if (this.built === null) throw new Error("prepare() comes first.");
    return this.built;
  }

  private preprocess(built: Built, source: Source): void {
    this.drawer.bind(0, this.gl.TEXTURE_2D, built.picture);
    this.upload.upload(source);
    for (const draw of built.preprocessing) this.drawer.issue(draw);
  }

  draw(source: Source): void {
    const built = this.ready();
    this.preprocess(built, source);
    for (const draw of built.network) this.drawer.issue(draw);
    this.drawer.issue(built.display);
  }

  async finished(): Promise<void> {
    this.checkAlive();
    await closeFence(this.gl);
  }

  show({ data }: Bytes): void {
    const built = this.ready();
    const [, , channels] = this.plan.output.shape;
    const [low, high] = this.model.manifest.output.range;
    const shown = Math.min(channels, 3);
    const values = new Float32Array((data.length / 4) * channels);
    for (let pixel = 0; pixel < data.length / 4; pixel++)
      for (let c = 0; c < shown; c++)
        values[pixel * channels + c] = low + ((data[4 * pixel + c] ?? 0) / 255) * (high - low);
    writeValue(this.gl, built.output, values);
    this.drawer.forget();
    this.drawer.issue(built.display);
  }

  readPicture(): Uint8ClampedArray {
    const shown = readCanvas(this.gl);
    this.drawer.forget();
    return shown;
  }

  async compute(input: Float32Array): Promise<Float32Array> {
    const built = this.ready();
    writeValue(this.gl, built.input, input);
    this.drawer.forget();
    for (const draw of built.network) this.drawer.issue(draw);
    return this.read(built.output);
  }

  async prepared(source: Source): Promise<Float32Array> {
    const built = this.ready();
    this.preprocess(built, source);
    return this.read(built.input);
  }

  async readValue(name: string): Promise<Float32Array> {
    const stored = this.ready().values.get(name);
    if (stored === undefined || this.options.keepValues !== true)
      throw new EngineError(
        "unsupported",
        `There is no value ${name} to read: ask for keepValues, and a name of the plan.`,
      );
    return this.read(stored);
  }

  private read(stored: Stored): Float32Array {
    const values = readStored(this.gl, this.resources, stored);
    this.drawer.forget();
    this.checkAlive();
    return values;
  }

  async profile(source: Source): Promise<StepTime[]> {
    const built = this.ready();
    this.preprocess(built, source);
    const draws = [...built.preprocessing, ...built.network, built.display];
    return timeDraws(this.gl, this.resources, this.drawer, draws);
  }

  memory(): Memory {
    const { objects, textures, bytes } = this.resources;
    return { objects, textures, bytes };
  }

  listen(listener: (event: SessionEvent) => void): () => void {
    return this.events.add(listener);
  }

  destroy(): void {
    if (this.destroyed) return;
    const { canvas } = this.gl;
    canvas.removeEventListener("webglcontextlost", this.onLost);
    canvas.removeEventListener("webglcontextrestored", this.onRestored);
    this.forget();
    this.destroyed = true;
    this.events.clear();
    if (this.owned && !this.gl.isContextLost()) releaseWebgl(this.gl);
  }
}

function contextOf(surface: Surface): { gl: WebGL2RenderingContext; owned: boolean } {
  if ("gl" in surface) return { gl: surface.gl, owned: false };
  const { gl, reason } = openWebgl(surface);
  if (gl === null || gl.isContextLost())
    throw new EngineError("limit", `This browser gives no WebGL2 context now${reason ? `: ${reason}` : "."}`);
  return { gl, owned: true };
}

/**
 * A session on a canvas, which gets the size of the network's output. Throws `EngineError` where there is no WebGL2 or
 * what was asked for cannot be had; nothing is allocated before `prepare`.
 */
export async function createWebglSession(
  model: Model,
  surface: Surface,
  options: WebglOptions = {},
): Promise<Session> {
  const { gl, owned } = contextOf(surface);
  try {
    return new WebglSession(model, gl, owned, options);
  } catch (error) {
    if (owned) releaseWebgl(gl);
    throw error;
  }
}
