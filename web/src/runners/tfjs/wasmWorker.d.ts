// The package has no types for this file: the script of its workers, as text.
declare module "@tensorflow/tfjs-backend-wasm/wasm-out/tfjs-backend-wasm-threaded-simd.worker.js" {
  export const wasmWorkerContents: string;
}
