// One network on one WebGPU device, one command buffer a frame.
import { EngineError } from "../device";
import type { Bytes, Model, Session, SessionOptions, Source, StepTime, Variant } from "../device";
import type { Precision } from "../golden";
import { makePlan } from "../plan";
import type { Plan, Value } from "../plan";
import { openDevice } from "./adapter";
import { Gpu } from "./gpu";
import { narrowed } from "./narrow";
import { showOn } from "./picture";
import type { Shown } from "./picture";
import type { Ready } from "./pipelines";
import { profileSteps } from "./profile";
import { makeProgram } from "./program";
import type { Program, Recipe } from "./program";
import { layoutsOf } from "./slots";
import { readSlot, writeSlot } from "./transfer";
import { hasQuads, likelyTuning, printTuning, readTuning } from "./tuning";
import type { Tuning } from "./tuning";

type Canvas = HTMLCanvasElement | OffscreenCanvas;

function tuningFor(gpu: Gpu, model: Model, options: SessionOptions): Tuning {
  const quads = hasQuads(gpu.adapter, gpu.device);
  if (options.tuning == null) return likelyTuning(quads, model.manifest.precision);
  const tuning = readTuning(options.tuning, model.manifest.precision);
  if (tuning.quad && !quads)
    throw new EngineError(
      "unsupported",
      "The tuning wants quads; subgroups are not four wide on this device.",
    );
  return tuning;
}

function configure(gpu: Gpu, canvas: Canvas, [height, width]: Plan["output"]["shape"]): GPUCanvasContext {
  canvas.width = width;
  canvas.height = height;
  const context = canvas.getContext("webgpu") as GPUCanvasContext | null;
  if (context === null)
    throw new EngineError("unsupported", "The canvas gives no WebGPU context; it may have another one.");
  const format = navigator.gpu.getPreferredCanvasFormat();
  context.configure({ device: gpu.device, format, alphaMode: "opaque" });
  return context;
}

function issue(pass: GPUComputePassEncoder, work: readonly Ready[]): void {
  for (const { pipeline, group, grid } of work) {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
  }
}

class WebgpuSession implements Session {
  readonly backEnd = "webgpu";
  readonly plan: Plan;
  readonly variant: Variant;
  private program: Program | null = null;
  private preparing: Promise<void> | null = null;
  private reader: OffscreenCanvasRenderingContext2D | null = null;

  constructor(
    private readonly gpu: Gpu,
    private readonly context: GPUCanvasContext,
    private readonly canvas: Canvas,
    private readonly recipe: Recipe,
    precision: Precision,
  ) {
    const { tuning } = recipe;
    this.plan = recipe.plan;
    this.variant = { threads: null, precision, weights: tuning.weights, tuning: printTuning(tuning) };
  }

  renderer = () => this.gpu.renderer();
  finished = () => this.gpu.finished();
  memory = () => this.gpu.memory();
  alive = () => this.gpu.alive();
  listen: Session["listen"] = (listener) => this.gpu.events.add(listener);

  prepare(): Promise<void> {
    this.preparing ??= this.gpu
      .checked(() => makeProgram(this.gpu, this.recipe))
      .then((program) => void (this.program = program));
    return this.preparing;
  }

  private ready(): Program {
    this.gpu.check();
    if (this.program === null) throw new Error("prepare() comes before the first picture");
    return this.program;
  }

  /** One command buffer of one compute pass and, where something is shown, one render pass. */
  private submit(work: readonly (readonly Ready[])[], shown: Shown | null): void {
    const { device } = this.gpu;
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (const part of work) issue(pass, part);
    pass.end();
    if (shown !== null) showOn(this.context, encoder, shown);
    device.queue.submit([encoder.finish()]);
  }

  draw(source: Source): void {
    const { upload, preparing, network, output } = this.frame();
    upload.put(source);
    this.submit([preparing, network], output);
  }

  private frameParts: (Program & { readonly network: readonly Ready[] }) | null = null;
  private frame(): Program & { readonly network: readonly Ready[] } {
    const program = this.ready();
    this.frameParts ??= { ...program, network: program.steps.flatMap(({ work }) => work) };
    return this.frameParts;
  }

  show({ width, height, data }: Bytes): void {
    const { pattern, bytes } = this.ready();
    if (width !== pattern.width || height !== pattern.height)
      throw new Error(`show() takes ${pattern.width}x${pattern.height} pixels, not ${width}x${height}`);
    const pixels = data as Uint8ClampedArray<ArrayBuffer>;
    const rows = { bytesPerRow: width * 4 };
    this.gpu.device.queue.writeTexture({ texture: pattern }, pixels, rows, [width, height]);
    this.submit([], bytes);
  }

  readPicture(): Uint8ClampedArray {
    this.gpu.check();
    const { width, height } = this.canvas;
    this.reader ??= new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
    if (this.reader === null) throw new Error("The browser gives no 2D canvas to read the picture by.");
    this.reader.drawImage(this.canvas, 0, 0);
    return this.reader.getImageData(0, 0, width, height).data;
  }

  async compute(input: Float32Array): Promise<Float32Array> {
    const { slot, network } = this.frame();
    writeSlot(this.gpu, slot(this.plan.input), input);
    this.submit([network], null);
    return readSlot(this.gpu, slot(this.plan.output));
  }

  async prepared(source: Source): Promise<Float32Array> {
    const { slot, upload, preparing } = this.ready();
    upload.put(source);
    this.submit([preparing], null);
    return readSlot(this.gpu, slot(this.plan.input));
  }

  async readValue(name: string): Promise<Float32Array> {
    const { slot } = this.ready();
    if (!this.recipe.keepValues) throw new Error("readValue() needs a session with keepValues");
    const value = this.plan.values.find((one: Value) => one.name === name);
    if (value === undefined) throw new Error(`The plan has no value ${name}.`);
    return readSlot(this.gpu, slot(value));
  }

  async profile(source: Source): Promise<StepTime[]> {
    const { preparing, steps } = this.ready();
    this.draw(source);
    return profileSteps(this.gpu, [{ name: "preparing", work: preparing }, ...steps]);
  }

  destroy(): void {
    this.context.unconfigure();
    this.program = null;
    this.frameParts = null;
    this.gpu.destroy();
  }
}

/**
 * A session on a device of its own. `canvas` gets the size of the output. Rejects with `EngineError`: "unsupported" where
 * there is no WebGPU, "limit" for a network that is too large for the device; nothing is allocated then.
 */
export async function createWebgpuSession(
  model: Model,
  canvas: Canvas,
  options: SessionOptions = {},
): Promise<Session> {
  const plan = narrowed(makePlan(model.manifest, { by: "read" }));
  const gpu = new Gpu(await openDevice());
  try {
    const tuning = tuningFor(gpu, model, options);
    const precision = options.precision ?? "float32";
    const holding = { values: tuning.values, half: precision === "float16" };
    const layouts = layoutsOf(plan, holding, gpu.device.limits);
    const recipe = { model, plan, layouts, tuning, keepValues: options.keepValues ?? false };
    const context = configure(gpu, canvas, plan.output.shape);
    return new WebgpuSession(gpu, context, canvas, recipe, precision);
  } catch (error) {
    gpu.destroy();
    throw error;
  }
}
