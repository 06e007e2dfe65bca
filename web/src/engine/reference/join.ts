// Channels of several values, one after the other.
import type { Value } from "../plan";
import type { Dense } from "./store";

export function join(
  { inputs: values }: { readonly inputs: readonly Value[] },
  inputs: readonly Dense[],
): Dense {
  const all = values.reduce((sum, { shape }) => sum + shape[2], 0);
  const result = new Float32Array((all / (values[0]?.shape[2] ?? 1)) * (inputs[0]?.length ?? 0));
  let channel = 0;
  values.forEach(({ shape: [height, width, channels] }, part) => {
    for (let pixel = 0; pixel < height * width; pixel++) {
      for (let c = 0; c < channels; c++)
        result[pixel * all + channel + c] = inputs[part]?.[pixel * channels + c] ?? NaN;
    }
    channel += channels;
  });
  return result;
}
