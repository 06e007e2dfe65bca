// TensorFlow.js' WebAssembly back end, opened by hand: its own opening makes the workers' script from the text of a
// function (which bundlers change) and loads it from a blob: address (which our content policy refuses), so that its
// threads never started. Here the workers load the very file that the package brings, from this server.
import { BackendWasm, setThreadsCount } from "@tensorflow/tfjs-backend-wasm";
import openThreaded from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js";
import threadedScript from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.js?url";
import threadedCode from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.wasm?url";
import { wasmWorkerContents } from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js";
import openSingle from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm.js";
import singleCode from "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-simd.wasm?url";

/** Emscripten's way to call C, which the package's types leave out. */
interface Calls {
  cwrap(name: string, gives: "number" | null, takes: readonly "number"[]): (...numbers: number[]) => never;
}
type WasmModule = ConstructorParameters<typeof BackendWasm>[0] & Calls;

export interface OpenedWasm {
  readonly backend: BackendWasm;
  /** As the back end itself counts them. */
  readonly threads: number;
}

/** The calls that TensorFlow.js expects on a module; it puts them there when it opens one itself. */
function withCalls(module: WasmModule): WasmModule {
  const numbers = (count: number): "number"[] => Array.from({ length: count }, () => "number");
  module.tfjs = {
    init: module.cwrap("init", null, []),
    initWithThreadsCount: module.cwrap("init_with_threads_count", null, numbers(1)),
    getThreadsCount: module.cwrap("get_threads_count", "number", []),
    registerTensor: module.cwrap("register_tensor", null, numbers(3)),
    disposeData: module.cwrap("dispose_data", null, numbers(1)),
    dispose: module.cwrap("dispose", null, []),
  };
  return module;
}

const absolute = (path: string): string => new URL(path, location.href).href;

async function threaded(): Promise<WasmModule> {
  // Its line ends stand inside quotes, where the package's own text of it has lost the backslash.
  const script = wasmWorkerContents.replaceAll("\n", "\\n");
  const worker = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    return (await openThreaded({
      mainScriptUrlOrBlob: absolute(threadedScript),
      locateFile: (path) => (path.endsWith(".worker.js") ? worker : absolute(threadedCode)),
    })) as WasmModule;
  } finally {
    URL.revokeObjectURL(worker);
  }
}

const single = async (): Promise<WasmModule> =>
  (await openSingle({ locateFile: () => absolute(singleCode) })) as WasmModule;

/**
 * TensorFlow.js uses at most half of the processors that the browser tells of, however many threads it is asked for: on two
 * it has no second one. It asks once, while it opens, and is told twice as many, so that it gets what the engine gets.
 */
async function withProcessors<T>(threads: number, work: () => Promise<T>): Promise<T> {
  Object.defineProperty(navigator, "hardwareConcurrency", { value: 2 * threads, configurable: true });
  try {
    return await work();
  } finally {
    Reflect.deleteProperty(navigator, "hardwareConcurrency");
  }
}

/** With threads where the page is isolated and more than one is there or asked for; one alone has a build without locks. */
export async function openWasm(wanted: number | null): Promise<OpenedWasm> {
  const most = wanted ?? navigator.hardwareConcurrency;
  const several = globalThis.crossOriginIsolated === true && most > 1;
  const module = several ? await withProcessors(most, threaded) : await single();
  setThreadsCount(several ? most : 1);
  const backend = new BackendWasm(withCalls(module));
  return { backend, threads: several ? module.tfjs.getThreadsCount() : 1 };
}
