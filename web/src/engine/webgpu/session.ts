// One network on one WebGPU device, one command buffer a frame.
import { EngineError } from "../device";
import type { Bytes, Chosen, Model, Session, SessionOptions, Source, StepTime, Variant } from "../device";
import { makePlan } from "../plan";
import type { Plan, Value } from "../plan";
import { choose, inSoftware, isRight, mayTryHalf, precisionOf, remember } from "../tuning";
import type { Choosing } from "../tuning";
import { describeAdapter, openDevice } from "./adapter";
import { Gpu } from "./gpu";
import { narrowed } from "./narrow";
import { showOn } from "./picture";
import type { Shown } from "./picture";
import { issue } from "./pipelines";
import type { Ready } from "./pipelines";
import { profileSteps } from "./profile";
import { makeProgram } from "./program";
import type { Program } from "./program";
import { layoutsOf } from "./slots";
import type { Layout } from "./slots";
import { readSlot, writeSlot } from "./transfer";
import { tune } from "./tune";
import { hasQuads, likelyTuning, printChoice, readChoice } from "./tuning";
import type { Choice } from "./tuning";

type Canvas = HTMLCanvasElement | OffscreenCanvas;

/** A choice from outside; this device may not have it. */
function readChoiceFor(gpu: Gpu, model: Model, text: string): Choice {
  const choice = readChoice(text, model.manifest.precision);
  if (choice.tuning.quad && !hasQuads(gpu.adapter, gpu.device))
    throw new EngineError(
      "unsupported",
      "The tuning wants quads; subgroups are not four wide on this device.",
    );
  return choice;
}

function choicesOf(gpu: Gpu, model: Model, plan: Plan, options: SessionOptions): Choosing<Choice> {
  const quads = hasQuads(gpu.adapter, gpu.device);
  const usual: Choice = { tuning: likelyTuning(quads, model.manifest.precision), half: "no" };
  const { renderer } = describeAdapter(gpu.adapter.info);
  const precision = options.precision ?? "float32";
  const mayHalve = mayTryHalf(options);
  return {
    key: { backEnd: "webgpu", model: model.sha256, renderer, asked: `${precision} ${mayHalve}` },
    usual,
    forced: options.tuning == null ? null : readChoiceFor(gpu, model, options.tuning),
    worthwhile: !inSoftware(renderer),
    print: printChoice,
    read: (text) => readChoiceFor(gpu, model, text),
    tune: () => tune(gpu, { model, plan, precision, mayHalve, usual }),
  };
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

/** Throws `EngineError` "limit" for values that are too large for the device. */
function layoutsFor(gpu: Gpu, plan: Plan, choice: Choice, { precision }: SessionOptions): (Layout | null)[] {
  const half = precisionOf(choice, precision ?? "float32") === "float16";
  return layoutsOf(plan, { values: choice.tuning.values, half }, gpu.device.limits);
}

class WebgpuSession implements Session {
  readonly backEnd = "webgpu";
  private chosen: { choice: Choice; how: Chosen } | null = null;
  private program: Program | null = null;
  private preparing: Promise<void> | null = null;
  private reader: OffscreenCanvasRenderingContext2D | null = null;

  constructor(
    private readonly gpu: Gpu,
    private readonly context: GPUCanvasContext,
    private readonly canvas: Canvas,
    private readonly model: Model,
    readonly plan: Plan,
    private readonly choosing: Choosing<Choice>,
    private readonly options: SessionOptions,
  ) {}

  get variant(): Variant {
    const { usual, forced } = this.choosing;
    const { choice, how } = this.chosen ?? { choice: forced ?? usual, how: "usual" };
    return {
      threads: null,
      precision: precisionOf(choice, this.options.precision ?? "float32"),
      weights: choice.tuning.weights,
      tuning: printChoice(choice),
      chosen: how,
    };
  }

  renderer = () => this.gpu.renderer();
  finished = () => this.gpu.finished();
  memory = () => this.gpu.memory();
  alive = () => this.gpu.alive();
  listen: Session["listen"] = (listener) => this.gpu.events.add(listener);

  prepare(): Promise<void> {
    this.preparing ??= this.make();
    return this.preparing;
  }

  private async make(): Promise<void> {
    const { gpu, choosing, options } = this;
    this.chosen = await choose(choosing, options);
    const forget = gpu.mark();
    await this.makeWith(this.chosen.choice);
    if (await this.isRight()) return;
    const { choice, how } = this.chosen;
    this.chosen = { choice: { ...choice, half: "wrong" }, how };
    if (how === "tuned" || how === "remembered")
      remember(options.memory, choosing.key, printChoice(this.chosen.choice));
    this.frameParts = null;
    forget();
    await this.makeWith(this.chosen.choice);
  }

  private async makeWith(choice: Choice): Promise<void> {
    const { gpu, model, plan, options } = this;
    const layouts = layoutsFor(gpu, plan, choice, options);
    const { tuning } = choice;
    const recipe = { model, plan, layouts, tuning, keepValues: options.keepValues ?? false };
    this.program = await gpu.checked(() => makeProgram(gpu, recipe));
  }

  /** Half precision stays only where its output is right. */
  private async isRight(): Promise<boolean> {
    const { golden } = this.options;
    if (this.variant.precision === "float32" || golden == null) return true;
    const made = await this.compute(golden.input);
    return isRight(made, golden, this.model.manifest.output.range);
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
    if (!this.options.keepValues) throw new Error("readValue() needs a session with keepValues");
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
    const choosing = choicesOf(gpu, model, plan, options);
    layoutsFor(gpu, plan, choosing.forced ?? choosing.usual, options);
    const context = configure(gpu, canvas, plan.output.shape);
    return new WebgpuSession(gpu, context, canvas, model, plan, choosing, options);
  } catch (error) {
    gpu.destroy();
    throw error;
  }
}
