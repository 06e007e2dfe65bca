// A session of the engine on WebAssembly: one network, one memory, one canvas.
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
import { makeListeners } from "../listeners";
import { makePlan, multiplyAdds } from "../plan";
import type { Plan, Value } from "../plan";
import { PICTURE } from "../preprocess";
import { choose } from "../tuning";
import type { Choosing } from "../tuning";
import { readFloats, writeFloats } from "./access";
import { buildOf, codeOf } from "./code";
import type { Load } from "./code";
import { hasRelaxedSimd, mayShareMemory, usualThreads } from "./features";
import { lowerPlan } from "./lower";
import type { Lowered } from "./lower";
import { roomsFor, startMachine } from "./machine";
import type { Machine } from "./machine";
import { screenOn, Scaler } from "./pictures";
import type { Canvas, Screen } from "./pictures";
import { STEP_BYTES } from "./program";
import { tuneKernels, tuneThreads } from "./tune";
import { printChoice, readChoice, readTuning, tuningText, usualTuning } from "./tuning";
import type { Choice } from "./tuning";

export interface WasmOptions extends SessionOptions {
  /** Left out: as many as the machine has, four at most; one where the page is not isolated. */
  readonly threads?: number | null;
  readonly load?: Load;
}

interface Prepared {
  readonly lowered: Lowered;
  readonly machine: Machine;
  readonly table: number;
}

function threadsFor(wanted: number | null | undefined): number {
  if (wanted == null) return usualThreads();
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > 64)
    throw new EngineError("unsupported", "threads must be a whole number from 1 to 64.");
  if (wanted > 1 && !mayShareMemory())
    throw new EngineError(
      "unsupported",
      "Threads need a page that is isolated (COOP and COEP headers): ask for 1.",
    );
  return wanted;
}

async function prepare(model: Model, plan: Plan, choice: Choice, options: WasmOptions): Promise<Prepared> {
  const { tuning, threads } = choice;
  const lowered = lowerPlan(model, plan, { tuning, threads, keepValues: options.keepValues ?? false });
  const table = lowered.program.table();
  const rooms = roomsFor(lowered.arena, threads, lowered.program.scratch);
  const module = await codeOf(buildOf(tuning.relaxed, threads), options.load);
  return { lowered, table, machine: await startMachine(module, lowered.arena, rooms) };
}

/** Smaller networks take a millisecond or two: nothing is to be gained by timing them first. */
const WORTH_TUNING = 20_000_000;

function choicesOf(
  model: Model,
  plan: Plan,
  options: WasmOptions,
  tune: (usual: Choice) => Promise<Choice>,
): Choosing<Choice> {
  const relaxed = hasRelaxedSimd();
  const threads = threadsFor(options.threads);
  const usual = { tuning: usualTuning(relaxed), threads };
  const work = plan.steps.reduce((sum, step) => sum + (step.kind === "conv" ? multiplyAdds(step) : 0), 0);
  const cores = globalThis.navigator?.hardwareConcurrency ?? 1;
  return {
    key: {
      backEnd: "wasm",
      model: model.sha256,
      renderer: `${cores} cores`,
      asked: `${options.threads ?? "any"} of ${threads} threads`,
    },
    usual,
    forced: options.tuning == null ? null : { tuning: readTuning(options.tuning, relaxed), threads },
    worthwhile: work >= WORTH_TUNING,
    print: printChoice,
    read: (text) => readChoice(text, relaxed, threads),
    tune: () => tune(usual),
  };
}

class WasmSession implements Session {
  readonly backEnd = "wasm";
  private prepared_: Prepared | null = null;
  private preparing: Promise<void> | null = null;
  private readonly scaler = new Scaler();
  private readonly listeners = makeListeners<SessionEvent>();
  private readonly screen: Screen;
  private gone = false;
  private readonly choosing: Choosing<Choice>;
  private chosen: { choice: Choice; how: Chosen } | null = null;

  constructor(
    private readonly model: Model,
    readonly plan: Plan,
    canvas: Canvas | null,
    private readonly options: WasmOptions,
  ) {
    const [height, width] = plan.output.shape;
    this.choosing = choicesOf(model, plan, options, (usual) => this.tune(usual));
    this.screen = screenOn(canvas, width, height);
  }

  /** What runs unless the autotune finds something better. */
  usual(): Choice {
    return this.choosing.forced ?? this.choosing.usual;
  }

  get variant(): Variant {
    const { choice, how } = this.chosen ?? { choice: this.usual(), how: "usual" };
    const { threads, tuning } = choice;
    const weights = this.prepared_?.lowered.bytes ? "int8" : "float32";
    return { threads, precision: "float32", weights, tuning: tuningText(tuning), chosen: how };
  }

  renderer(): null {
    return null;
  }

  prepare(): Promise<void> {
    this.preparing ??= this.start();
    return this.preparing;
  }

  private async start(): Promise<void> {
    this.chosen = await choose(this.choosing, this.options);
    if (this.prepared_ === null) await this.make(this.chosen.choice);
  }

  private async make(choice: Choice): Promise<Prepared> {
    const prepared = await prepare(this.model, this.plan, choice, this.options);
    if (this.gone) {
      prepared.machine.destroy();
      throw new EngineError("lost", "This session was destroyed: make a new one.");
    }
    this.prepared_ = prepared;
    return prepared;
  }

  /** What is made for timing the threads stays. */
  private async tune(usual: Choice): Promise<Choice> {
    const { model, plan, options } = this;
    const tuning = await tuneKernels({ model, plan, load: options.load }, usual.tuning);
    const { machine } = await this.make({ ...usual, tuning });
    const fixed = options.threads != null || usual.threads === 1;
    const threads = fixed ? usual.threads : await tuneThreads(machine, usual.threads, () => this.run(0));
    return { tuning, threads };
  }

  private get ready(): Prepared {
    if (this.gone) throw new EngineError("lost", "This session was destroyed: make a new one.");
    if (this.prepared_ === null)
      throw new EngineError("lost", "This session is not prepared yet: await prepare().");
    return this.prepared_;
  }

  /** Instructions [from, to); left out: to the end. */
  private run(from: number, to?: number): void {
    const { machine, table, lowered } = this.ready;
    const end = to ?? lowered.program.instructions.length;
    try {
      machine.run(table + from * STEP_BYTES, table + end * STEP_BYTES);
    } catch {
      this.lose();
    }
  }

  /** The kernels trap only where a thread that they wait for has died. */
  private lose(): never {
    this.destroy();
    this.listeners.emit("device_lost");
    throw new EngineError(
      "lost",
      "A thread of the engine has stopped: make a new session, or ask for one thread.",
    );
  }

  private bytes(address: number, length: number): Uint8Array {
    return new Uint8Array(this.ready.machine.memory.buffer, address, length);
  }

  private take(source: Source): void {
    const { lowered } = this.ready;
    const data = this.scaler.bytes(source);
    const [height, width] = PICTURE;
    this.bytes(lowered.picture, 4 * height * width).set(data);
  }

  private put(): void {
    const [height, width] = this.plan.output.shape;
    this.screen.show(this.bytes(this.ready.lowered.shown, 4 * height * width));
  }

  draw(source: Source): void {
    this.take(source);
    this.run(0);
    this.put();
  }

  finished(): Promise<void> {
    if (this.gone)
      return Promise.reject(new EngineError("lost", "This session was destroyed: make a new one."));
    return Promise.resolve();
  }

  show({ width, height, data }: Bytes): void {
    const [tall, wide] = this.plan.output.shape;
    if (width !== wide || height !== tall)
      throw new EngineError("limit", `The picture must have the output's size, ${wide}x${tall}.`);
    this.screen.show(data);
  }

  readPicture(): Uint8ClampedArray {
    return this.screen.read();
  }

  private read(value: Value): Float32Array {
    const { machine, lowered } = this.ready;
    return readFloats(machine.memory, lowered.view(value));
  }

  async compute(input: Float32Array): Promise<Float32Array> {
    await this.prepare();
    const { machine, lowered } = this.ready;
    writeFloats(machine.memory, lowered.view(this.plan.input), input);
    this.run(lowered.start);
    return this.read(this.plan.output);
  }

  async prepared(source: Source): Promise<Float32Array> {
    await this.prepare();
    this.take(source);
    this.run(0, this.ready.lowered.start);
    return this.read(this.plan.input);
  }

  async readValue(name: string): Promise<Float32Array> {
    await this.prepare();
    if (!this.options.keepValues)
      throw new EngineError(
        "unsupported",
        "Values are kept only where the session was made with keepValues.",
      );
    const value = this.plan.values.find((one) => one.name === name);
    if (value === undefined) throw new EngineError("unsupported", `The plan has no value ${name}.`);
    return this.read(value);
  }

  async profile(source: Source): Promise<StepTime[]> {
    await this.prepare();
    const times: StepTime[] = [];
    const timed = (name: string, work: () => void): void => {
      const started = performance.now();
      work();
      times.push({ name, ms: performance.now() - started });
    };
    timed("take", () => this.take(source));
    this.ready.lowered.program.instructions.forEach(({ name }, i) => timed(name, () => this.run(i, i + 1)));
    timed("put", () => this.put());
    return times;
  }

  memory(): Memory {
    const machine = this.prepared_?.machine;
    if (machine === undefined) return { objects: 0, textures: 0, bytes: 0 };
    return { objects: 1 + machine.workers, textures: 0, bytes: machine.memory.buffer.byteLength };
  }

  alive(): boolean {
    return !this.gone;
  }

  listen(listener: (event: SessionEvent) => void): () => void {
    return this.listeners.add(listener);
  }

  destroy(): void {
    this.gone = true;
    this.prepared_?.machine.destroy();
    this.prepared_ = null;
    this.scaler.destroy();
  }
}

/**
 * Makes a session whose pictures appear on `canvas` (null: nowhere, `readPicture` has them). Throws `EngineError` for what
 * cannot run here; nothing is allocated before `prepare`.
 */
export async function createWasmSession(
  model: Model,
  canvas: Canvas | null,
  options: WasmOptions = {},
): Promise<Session> {
  if (options.precision !== undefined && options.precision !== "float32")
    throw new EngineError("unsupported", `direct-wasm computes in float32, not in ${options.precision}.`);
  const plan = makePlan(model.manifest, { by: "write", align: 4 });
  const session = new WasmSession(model, plan, canvas, options);
  const { tuning, threads } = session.usual();
  // The code is asked for ahead of the first picture: a browser without SIMD, or a cut line, shows here.
  await codeOf(buildOf(tuning.relaxed, threads), options.load);
  return session;
}
