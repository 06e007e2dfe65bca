// Blocks of channels become blocks of places (depth to space).
import type { Compute } from "./steps";

export const blocks: Compute<"blocks"> = ({ block, output, inputs }, [source = new Float32Array()]) => {
  const [, sourceWidth = 0, sourceChannels = 0] = inputs[0]?.shape ?? [];
  const [height, width, made] = output.shape;
  return Float32Array.from({ length: height * width * made }, (_, i) => {
    const pixel = Math.floor(i / made);
    const [y, x] = [Math.floor(pixel / width), pixel % width];
    const channel = ((y % block) * block + (x % block)) * made + (i % made);
    const at = Math.floor(y / block) * sourceWidth + Math.floor(x / block);
    return source[at * sourceChannels + channel] ?? NaN;
  });
};
