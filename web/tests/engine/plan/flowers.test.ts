import { describe, expect, it } from "vitest";
import { makePlan, multiplyAdds, planRows, printPlan, weightCount } from "../../../src/engine/plan";
import type { Joining } from "../../../src/engine/plan";
import { rawManifest, shippedBundle } from "./shipped";

const JOININGS: readonly Joining[] = [{ by: "read" }, { by: "write", align: 4 }];
const { manifest } = shippedBundle("flowers-small");
const { parameters } = rawManifest("flowers-small");

describe.each(JOININGS)("the plan of flowers-small, joined by $by", (joining) => {
  const plan = makePlan(manifest, joining);

  it("is 16 convolutions and nothing else", () => {
    expect(plan.steps.map(({ kind }) => kind)).toEqual(Array.from({ length: 16 }, () => "conv"));
  });

  it("has the multiply-adds that the manifest counts", () => {
    const sum = plan.steps.reduce(
      (total, step) => total + (step.kind === "conv" ? multiplyAdds(step) : 0),
      0,
    );
    expect(sum).toBe(parameters.multiply_adds_live);
    expect(sum).toBe(144_981_728);
  });

  it("takes transposed convolutions of stride 2 as four phases of at most four taps", () => {
    const ups = plan.steps.filter((step) => step.kind === "conv" && step.kernel.transposed);
    expect(ups).toHaveLength(8);
    for (const step of ups) {
      const taps = step.kind === "conv" ? step.phases.map((phase) => phase.taps.length) : [];
      expect(taps).toHaveLength(4);
      expect(Math.max(...taps)).toBe(step.inputs[0]?.shape[0] === 1 ? 1 : 4);
    }
  });

  it("is printed with a line for each step and the sums", () => {
    const text = printPlan(plan);
    expect(text.split("\n")).toHaveLength(18);
    expect(text).toContain("16 steps");
    expect(text).toMatch(/144981728$/);
    expect(text).toMatch(/transposed conv, 4 phases of 4 taps, tanh/);
  });

  it("has a row for each step with what it holds", () => {
    const rows = planRows(plan);
    expect(rows.map(({ name }) => name)).toEqual(plan.steps.map(({ name }) => name));
    expect(rows.map(({ weights }) => weights)).toEqual(plan.steps.map(weightCount));
    expect(rows[0]).toMatchObject({ from: "256x256x1", to: "128x128x8", weights: 128 });
  });
});

it("reads joined channels from both, or writes both into one", () => {
  const [read, write] = JOININGS.map((joining) => makePlan(manifest, joining));
  expect(read?.steps.filter(({ inputs }) => inputs.length === 2)).toHaveLength(7);
  expect(write?.steps.filter(({ inputs }) => inputs.length === 2)).toHaveLength(0);
  expect(write?.values.filter(({ home }) => home !== null)).toHaveLength(14);
});
