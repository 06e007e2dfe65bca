// Values between the memory and plain arrays [h, w, c].
import { EngineError } from "../device";
import type { Record_ } from "./records";

type View = Record_<"view">;

const sizeOf = ({ height, width, channels }: View): number => height * width * channels;

/** A value without what lies around it. */
export function readFloats(memory: WebAssembly.Memory, view: View): Float32Array {
  const floats = new Float32Array(memory.buffer);
  const { data, row, place, width, channels } = view;
  return Float32Array.from({ length: sizeOf(view) }, (_, i) => {
    const [pixel, channel] = [Math.floor(i / channels), i % channels];
    const address = data + Math.floor(pixel / width) * row + (pixel % width) * place;
    return floats[address / 4 + channel] ?? NaN;
  });
}

/** Fills a value whose places lie side by side, as those of the input do. */
export function writeFloats(memory: WebAssembly.Memory, view: View, numbers: Float32Array): void {
  if (numbers.length !== sizeOf(view))
    throw new EngineError("limit", `The input must have ${sizeOf(view)} numbers, not ${numbers.length}.`);
  const floats = new Float32Array(memory.buffer);
  const size = view.width * view.channels;
  for (let y = 0; y < view.height; y++)
    floats.set(numbers.subarray(y * size, (y + 1) * size), (view.data + y * view.row) / 4);
}
