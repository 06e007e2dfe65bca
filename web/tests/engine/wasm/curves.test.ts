import { describe, expect, it } from "vitest";
import type { Model } from "../../../src/engine/device";
import type { Manifest } from "../../../src/engine/manifest";
import { network } from "../plan/networks";
import { sessionOf } from "./sessions";

const COUNT = 4096;
/** Densely around 0, where digits are lost, and far out, where things overflow. */
const INPUT = Float32Array.from({ length: COUNT }, (_, i) => {
  const t = (2 * i) / (COUNT - 1) - 1;
  return 100 * t ** 5;
});

/** What is smaller may become 0: no picture tells it from nothing. */
const UNDERFLOW = 1e-35;

const NODES = {
  tanh: { op: "activation", activation: { type: "tanh" } },
  sigmoid: { op: "activation", activation: { type: "sigmoid" } },
  swish: { op: "activation", activation: { type: "swish" } },
  elu: { op: "activation", activation: { type: "elu" } },
  exp: { op: "exp" },
} as const;

const EXACT: Readonly<Record<keyof typeof NODES, (x: number) => number>> = {
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  swish: (x) => x / (1 + Math.exp(-x)),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  exp: Math.exp,
};

async function curveOf(name: keyof typeof NODES, tuning: string, input: Float32Array): Promise<Float32Array> {
  const shape = [1, input.length, 1] as const;
  const made = network(shape, {}, { name, inputs: ["input"], shape, ...NODES[name] });
  const manifest = {
    ...made,
    output: { ...made.output, range: [-1, 1] },
    preprocessing: [{ op: "area", size: [1, 1] }],
  };
  const model: Model = {
    manifest: manifest as unknown as Manifest,
    sha256: "",
    tensor: () => new Float32Array(),
  };
  const session = await sessionOf(model, { tuning });
  const result = await session.compute(input);
  session.destroy();
  return result;
}

describe.each(["plain", "relaxed"])("curves, tuned %s", (tuning) => {
  it.each(Object.keys(NODES) as (keyof typeof NODES)[])(
    "%s errs in the last digits at most",
    async (name) => {
      const got = await curveOf(name, tuning, INPUT);
      const worst = got.reduce((most, value, i) => {
        const exact = Math.fround(EXACT[name](INPUT[i]!));
        if (exact === value) return most;
        return Math.max(most, (Math.abs(value - exact) - UNDERFLOW) / Math.abs(exact));
      }, 0);
      expect(worst).toBeLessThan(5e-7); // A float's last digit is 1.2e-7 at most.
    },
  );

  it.each(Object.keys(NODES) as (keyof typeof NODES)[])("%s of a NaN is one", async (name) => {
    const got = await curveOf(name, tuning, Float32Array.of(NaN, 0, NaN));
    expect(got.map((value) => value + 0)).toEqual(Float32Array.of(NaN, EXACT[name](0), NaN)); // -0 is 0 here
  });
});
