// A network on a TensorFlow.js back end of its own: the WebGPU and WebAssembly rivals, one runner each.
import { GraphModel } from "@tensorflow/tfjs-converter";
import { registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import type { KernelBackend, Tensor4D } from "@tensorflow/tfjs-core";
import type { LoadedBundle } from "../../engine/bundle";
import type { Frame } from "../types";
import { activate, ownBackend } from "./active";
import { valueName } from "./graphDef";
import { registerKernels, unregisterKernels } from "./kernels";
import { makePreprocessing } from "./preprocess";
import { bundleHandler } from "./topology";

export interface PlainNetwork {
  readonly bundle: LoadedBundle;
  /** Bytes to output [1, h, w, c] in the manifest's range; to be called inside `tidy`. */
  run(frame: Frame): Tensor4D;
  dispose(): void;
}

let opened = 0;

/** `kind`: whose kernels run, as TensorFlow.js calls them. The back end is given back with the network. */
export async function openNetwork(
  kind: "webgpu" | "wasm",
  backend: KernelBackend,
  bundle: LoadedBundle,
  fellBack: () => void,
): Promise<PlainNetwork> {
  const name = `fieldkit-${kind}-${(opened += 1)}`;
  registerKernels(kind, name);
  registerBackend(name, () => backend);
  const forget = ownBackend(name);
  const close = (): void => {
    removeBackend(name); // disposes of it too
    unregisterKernels(name);
    forget();
  };
  try {
    if (!(await setBackend(name))) throw new Error(`TensorFlow.js did not accept its ${kind} back end.`);
    const model = new GraphModel(bundleHandler(bundle));
    await model.load();
    activate(name, fellBack);
    const preprocessing = makePreprocessing(bundle.manifest);
    const [inputName, outputName] = [bundle.manifest.input, bundle.manifest.output].map((end) =>
      valueName(end.name),
    );
    return {
      bundle,
      run(frame) {
        activate(name, fellBack);
        return model.execute({ [inputName ?? ""]: preprocessing.run(frame) }, outputName ?? "") as Tensor4D;
      },
      dispose() {
        activate(name, fellBack);
        model.dispose();
        preprocessing.dispose();
        close();
      },
    };
  } catch (error) {
    close();
    throw error;
  }
}
