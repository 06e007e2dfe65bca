// ONNX Runtime Web, as far as the two modes use it.
import { loadModule, runtimeAddress, versionOf } from "../runtimes";

export interface OrtTensor {
  readonly data: Float32Array;
  readonly dims: readonly number[];
  dispose(): void;
}

export interface OrtSession {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  run(
    feeds: Readonly<Record<string, OrtTensor>>,
    fetches?: Readonly<Record<string, OrtTensor>>,
  ): Promise<Record<string, OrtTensor>>;
  release(): Promise<void>;
}

export interface Ort {
  readonly env: {
    logLevel: string;
    readonly wasm: { wasmPaths: string; numThreads: number };
    readonly webgpu: { device: GPUDevice };
  };
  readonly Tensor: {
    new (type: "float32", data: Float32Array, dims: readonly number[]): OrtTensor;
    fromGpuBuffer(buffer: GPUBuffer, options: { dataType: "float32"; dims: readonly number[] }): OrtTensor;
  };
  readonly InferenceSession: {
    create(model: Uint8Array, options: Readonly<Record<string, unknown>>): Promise<OrtSession>;
  };
}

export interface LoadedOrt {
  readonly ort: Ort;
  readonly library: string;
}

/**
 * `file`: one of the package's builds. A runtime opens its threads once and for all, so each number of them is a runtime of
 * its own, which the end of the address makes it.
 */
export async function loadOrt(file: string, threads: number): Promise<LoadedOrt> {
  const address = await runtimeAddress("onnxruntime-web");
  const ort = await loadModule<Ort>(`${address}dist/${file}?threads=${threads}`);
  ort.env.logLevel = "error";
  ort.env.wasm.wasmPaths = `${address}dist/`;
  ort.env.wasm.numThreads = threads;
  return { ort, library: `onnxruntime-web ${versionOf(address)}` };
}

export async function openSession(
  { ort }: LoadedOrt,
  model: Uint8Array,
  options: Readonly<Record<string, unknown>>,
): Promise<OrtSession> {
  return ort.InferenceSession.create(model, { graphOptimizationLevel: "all", ...options });
}

/** The one input or output of a form. */
export function nameOf(names: readonly string[]): string {
  const [name] = names;
  if (name === undefined) throw new Error("The ONNX file has no input or no output.");
  return name;
}
