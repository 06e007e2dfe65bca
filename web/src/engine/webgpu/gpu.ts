// One device with everything that was made on it: counted, checked, and given back together.
import { EngineError } from "../device";
import type { Memory, SessionEvent } from "../device";
import { makeListeners } from "../listeners";
import { describeAdapter } from "./adapter";
import type { Opened } from "./adapter";

const bytesOf = (texture: GPUTexture): number =>
  texture.width * texture.height * ({ rgba32float: 16, rgba16float: 8 }[texture.format as string] ?? 4);

/** An error that the device reported, in the engine's words. */
function asEngineError(error: GPUError): EngineError {
  if (error instanceof GPUOutOfMemoryError)
    return new EngineError("memory", `The graphics device is out of memory: ${error.message}`);
  return new EngineError("limit", `The graphics device refused a command: ${error.message}`);
}

export class Gpu {
  readonly device: GPUDevice;
  readonly adapter: GPUAdapter;
  readonly events = makeListeners<SessionEvent>();
  private readonly buffers = new Set<GPUBuffer>();
  private readonly textures = new Set<GPUTexture>();
  /** Pipelines have nothing to destroy; they go with the device. */
  private pipelines = 0;
  private failure: EngineError | null = null;
  private readonly gone: Promise<never>;
  private destroyed = false;

  constructor({ adapter, device }: Opened) {
    this.adapter = adapter;
    this.device = device;
    this.gone = device.lost.then(({ message }) => {
      const lost = new EngineError("lost", `The graphics device was lost: ${message || "no reason given"}.`);
      this.failure ??= lost;
      if (!this.destroyed) this.events.emit("device_lost");
      throw lost;
    });
    this.gone.catch(() => undefined); // Whoever waits hears of it; nobody has to.
    device.addEventListener("uncapturederror", (event) => {
      event.preventDefault();
      this.failure ??= asEngineError(event.error);
    });
  }

  buffer(label: string, size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    const buffer = this.device.createBuffer({ label, size: Math.max(16, Math.ceil(size / 16) * 16), usage });
    this.buffers.add(buffer);
    return buffer;
  }

  /** A storage buffer that holds `data`. */
  filled(label: string, data: Float32Array | Int32Array | Uint32Array): GPUBuffer {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST;
    const buffer = this.buffer(label, data.byteLength, usage);
    this.device.queue.writeBuffer(buffer, 0, data as BufferSource & typeof data);
    return buffer;
  }

  texture(
    label: string,
    [width, height]: readonly [number, number],
    format: GPUTextureFormat,
    usage: number,
  ): GPUTexture {
    const texture = this.device.createTexture({ label, size: [width, height], format, usage });
    this.textures.add(texture);
    return texture;
  }

  countPipeline(): void {
    this.pipelines++;
  }

  free(thing: GPUBuffer | GPUTexture): void {
    thing.destroy();
    this.buffers.delete(thing as GPUBuffer);
    this.textures.delete(thing as GPUTexture);
  }

  /** When its answer is called, what was made since this call is given back. */
  mark(): () => void {
    const before = new Set<GPUBuffer | GPUTexture>([...this.buffers, ...this.textures]);
    const { pipelines } = this;
    return () => {
      for (const thing of [...this.buffers, ...this.textures]) if (!before.has(thing)) this.free(thing);
      this.pipelines = pipelines;
    };
  }

  /** What `make` gives, once the device has agreed to all of it. Rejects with `EngineError`. */
  async checked<T>(make: () => Promise<T>): Promise<T> {
    this.device.pushErrorScope("validation");
    // What did not fit is invalid wherever it is used, so the inner scope, whose answer comes first, is that of memory.
    this.device.pushErrorScope("out-of-memory");
    // The scopes see what is issued before `make` first waits for something; they are closed whatever happens.
    const made = make();
    const errors = [this.device.popErrorScope(), this.device.popErrorScope()];
    const [[result], found] = await Promise.all([Promise.allSettled([made]), Promise.allSettled(errors)]);
    // A shader that does not compile is a validation error too; what it complains of says more.
    const own: unknown = result.status === "rejected" ? result.reason : null;
    if (own instanceof EngineError && own.fault === "compile") throw own;
    for (const error of found)
      if (error.status === "fulfilled" && error.value !== null) throw asEngineError(error.value);
    this.check();
    return made;
  }

  /** Throws what went wrong since the device was opened: a picture drawn after an error may be a wrong one. */
  check(): void {
    if (this.failure !== null) throw this.failure;
  }

  /** Resolves when everything that was issued is finished. Rejects when the device is gone or has refused something. */
  async finished(): Promise<void> {
    this.check();
    await this.until(this.device.queue.onSubmittedWorkDone());
  }

  /** The same promise, but it rejects when the device is gone or has refused something. */
  async until<T>(work: Promise<T>): Promise<T> {
    try {
      const done = await Promise.race([work, this.gone]);
      this.check();
      return done;
    } catch (error) {
      // Commands of a lost device may fail before its loss is told.
      throw this.failure ?? (await this.lossOr(error));
    }
  }

  private async lossOr(error: unknown): Promise<unknown> {
    const soon = new Promise((resolve) => setTimeout(resolve, 50, error));
    return Promise.race([soon, this.gone.catch((lost: unknown) => lost)]);
  }

  alive(): boolean {
    return this.failure === null && !this.destroyed;
  }

  renderer(): { vendor: string; renderer: string } | null {
    return this.alive() ? describeAdapter(this.adapter.info) : null;
  }

  memory(): Memory {
    const sizes = [...[...this.buffers].map(({ size }) => size), ...[...this.textures].map(bytesOf)];
    return {
      objects: this.buffers.size + this.textures.size + this.pipelines,
      textures: this.textures.size,
      bytes: sizes.reduce((sum, size) => sum + size, 0),
    };
  }

  destroy(): void {
    this.destroyed = true;
    for (const thing of [...this.buffers, ...this.textures]) thing.destroy();
    this.buffers.clear();
    this.textures.clear();
    this.pipelines = 0;
    this.events.clear();
    this.device.destroy();
  }
}
