// Two values, place by place; an extent of 1 stretches to the other's.
import type { CombineStep, Shape3 } from "../plan";
import type { Compute } from "./steps";

const OPS: Record<CombineStep["op"], (a: number, b: number) => number> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  maximum: Math.max,
  minimum: Math.min,
};

/** Where a value of this shape has what stands at (y, x, c) of the result. */
const stretched =
  ([height, width, channels]: Shape3) =>
  (y: number, x: number, c: number): number =>
    ((height === 1 ? 0 : y) * width + (width === 1 ? 0 : x)) * channels + (channels === 1 ? 0 : c);

export const combine: Compute<"combine"> = (step, [first, second]) => {
  const [, width, channels] = step.output.shape;
  const [a, b] = step.inputs.map(({ shape }) => stretched(shape));
  const size = step.output.shape.reduce((product, extent) => product * extent, 1);
  return Float32Array.from({ length: size }, (_, i) => {
    const pixel = Math.floor(i / channels);
    const at = [Math.floor(pixel / width), pixel % width, i % channels] as const;
    return OPS[step.op](first?.[a?.(...at) ?? -1] ?? NaN, second?.[b?.(...at) ?? -1] ?? NaN);
  });
};
