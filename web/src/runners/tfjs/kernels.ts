// TensorFlow.js looks kernels up by the name of a back end: those of our own names run the ones that came with it.
import { getKernelsForBackend, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";

export function registerKernels(from: string, name: string): void {
  for (const kernel of getKernelsForBackend(from)) registerKernel({ ...kernel, backendName: name });
}

export function unregisterKernels(name: string): void {
  for (const kernel of getKernelsForBackend(name)) unregisterKernel(kernel.kernelName, name);
}
