// Over height and width, per channel: the mean, or what instance normalisation makes of the values.
import type { Compute } from "./steps";
import type { Dense } from "./store";

/** The mean of `of(x, channel)` over all places, for each channel. */
function means(source: Dense, channels: number, of: (x: number, channel: number) => number): Float64Array {
  const sums = new Float64Array(channels);
  source.forEach((x, i) => {
    const channel = i % channels;
    sums[channel] = (sums[channel] ?? NaN) + of(x, channel);
  });
  return sums.map((sum) => (sum * channels) / source.length);
}

export const norm: Compute<"norm"> = ({ op, output }, [source = new Float32Array()], tensor) => {
  const channels = output.shape[2];
  const mean = means(source, channels, (x) => x);
  if (op.type === "mean") return Float32Array.from(mean);
  const variance = means(source, channels, (x, channel) => (x - (mean[channel] ?? NaN)) ** 2);
  const scale = op.scale === null ? null : tensor(op.scale);
  const shift = op.shift === null ? null : tensor(op.shift);
  return source.map((x, i) => {
    const channel = i % channels;
    const normed = (x - (mean[channel] ?? NaN)) / Math.sqrt((variance[channel] ?? NaN) + op.epsilon);
    return normed * (scale?.[channel] ?? 1) + (shift?.[channel] ?? 0);
  });
};
