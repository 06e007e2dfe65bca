// Every output place of odd convolutions against the definition: a sum over all taps of the whole kernel.
import { describe, expect, it } from "vitest";
import type { Padding, Pair } from "../../../src/engine/graph";
import { makePlan, multiplyAdds } from "../../../src/engine/plan";
import type { ConvStep } from "../../../src/engine/plan";
import { runPlan } from "../../../src/engine/reference";
import { grownLength, windowPlaces } from "../../../src/engine/windows";
import { LINEAR, network, numbers } from "./networks";

interface Case {
  readonly size: Pair;
  readonly kernel: Pair;
  readonly strides: Pair;
  readonly padding: Padding;
}

const PADDINGS: readonly Padding[] = ["same", "valid", [[1, 0], [0, 2]]]; // prettier-ignore
const WINDOWS: readonly (readonly [Pair, Pair])[] = [
  [[4, 4], [2, 2]], [[3, 5], [1, 2]], [[2, 3], [3, 2]], [[5, 4], [3, 3]], [[3, 3], [1, 1]],
]; // prettier-ignore
const SIZES: readonly Pair[] = [[1, 1], [2, 3], [5, 4], [7, 6]]; // prettier-ignore
const ALL: readonly Case[] = SIZES.flatMap((size) =>
  WINDOWS.flatMap(([kernel, strides]) => PADDINGS.map((padding) => ({ size, kernel, strides, padding }))),
);

const side = (padding: Padding, axis: 0 | 1) => (typeof padding === "string" ? padding : padding[axis]);
const extent = ({ size, kernel, strides, padding }: Case, axis: 0 | 1, transposed: boolean): number =>
  (transposed ? grownLength : windowPlaces)(size[axis], kernel[axis], strides[axis], side(padding, axis));

/** Rows and columns before the first that is kept, by the definition of "same": half of what is too much, rounded down. */
function before({ size, kernel, strides, padding }: Case, axis: 0 | 1, transposed: boolean): number {
  const sides = side(padding, axis);
  if (sides === "valid") return 0;
  if (sides !== "same") return sides[0];
  const [long, short] = transposed
    ? [size[axis] * strides[axis], size[axis]]
    : [size[axis], Math.ceil(size[axis] / strides[axis])];
  return Math.floor(Math.max((short - 1) * strides[axis] + kernel[axis] - long, 0) / 2);
}

/** Output place = place of the first tap's input, by the definition; counts what it adds up. One channel each. */
function defined(one: Case, transposed: boolean, source: Float32Array, kernel: Float32Array) {
  const [tall, wide] = [extent(one, 0, transposed), extent(one, 1, transposed)];
  const [top, left] = [before(one, 0, transposed), before(one, 1, transposed)];
  const made = new Float64Array(tall * wide);
  let count = 0;
  const add = (y: number, x: number, sy: number, sx: number, tap: number): void => {
    if (
      y < 0 ||
      x < 0 ||
      y >= tall ||
      x >= wide ||
      sy < 0 ||
      sx < 0 ||
      sy >= one.size[0] ||
      sx >= one.size[1]
    )
      return;
    made[y * wide + x]! += source[sy * one.size[1] + sx]! * kernel[tap]!;
    count += 1;
  };
  const [rows, columns] = transposed ? one.size : [tall, wide];
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      for (let ky = 0; ky < one.kernel[0]; ky++)
        for (let kx = 0; kx < one.kernel[1]; kx++) {
          const [y, x] = [i * one.strides[0] + ky - top, j * one.strides[1] + kx - left];
          const tap = ky * one.kernel[1] + kx;
          if (transposed)
            add(y, x, i, j, tap); // place (i, j) paints the kernel
          else add(i, j, y, x, tap);
        }
  return { made, count };
}

function planned(one: Case, op: "conv2d" | "conv2d_transpose") {
  const shape = [extent(one, 0, op !== "conv2d"), extent(one, 1, op !== "conv2d"), 1] as const;
  const { strides, padding } = one;
  const node = { op, name: "made", inputs: ["input"], shape, kernel: "k", bias: null, strides, padding };
  const net = network([...one.size, 1], { k: [...one.kernel, 1, 1] }, { ...node, activation: LINEAR });
  return makePlan(net, { by: "read" });
}

describe.each(["conv2d", "conv2d_transpose"] as const)("%s", (op) => {
  const possible = ALL.filter(
    (one) => Math.min(extent(one, 0, op !== "conv2d"), extent(one, 1, op !== "conv2d")) > 0,
  );

  it.each(possible)("of $size by $kernel, strides $strides, padding $padding", (one) => {
    const plan = planned(one, op);
    const [source, kernel] = [numbers(one.size[0] * one.size[1]), numbers(one.kernel[0] * one.kernel[1], 2)];
    const { made, count } = defined(one, op !== "conv2d", source, kernel);
    const got = runPlan(plan, () => kernel, source).read(plan.output);
    expect([...got].map((value) => value.toFixed(5))).toEqual(
      [...made].map((value) => Math.fround(value).toFixed(5)),
    );
    expect(multiplyAdds(plan.steps[0] as ConvStep)).toBe(count);
  });

  it("has no tap that meets nothing", () => {
    for (const one of possible) {
      const step = planned(one, op).steps[0] as ConvStep;
      const taps = step.phases.map((phase) => ({
        ...step,
        phases: phase.taps.map((tap) => ({ ...phase, taps: [tap] })),
      }));
      for (const alone of taps.flatMap(({ phases }) => phases.map((phase) => ({ ...step, phases: [phase] }))))
        expect(multiplyAdds(alone)).toBeGreaterThan(0);
    }
  });
});
