// Words that go out and come back: tunings, and what shader compilers say.
import { describe, expect, it } from "vitest";
import { readComplaints } from "../../../src/engine/webgl/complaints";
import { Uniforms } from "../../../src/engine/webgl/numbers";
import { DEFAULT_TUNING, printTuning, readTuning } from "../../../src/engine/webgl/tuning";

describe("tunings", () => {
  it.each([DEFAULT_TUNING, { pixels: 4, split: 16, int8: false }, { pixels: 1, split: 0, int8: true }])(
    "are read as they are written: %o",
    (tuning) => expect(readTuning(printTuning(tuning))).toEqual(tuning),
  );

  it("take the default for what is left out, and name what nobody knows", () => {
    expect(readTuning("mrt4")).toEqual({ ...DEFAULT_TUNING, pixels: 4 });
    expect(() => readTuning("mrt4,wide")).toThrow("wide");
  });
});

it.each([
  ["ERROR: 0:12: 'x' : undeclared identifier\n\0", { line: 12, text: "'x' : undeclared identifier" }],
  ["0:7(3): error: no function with name 'y'", { line: 7, text: "error: no function with name 'y'" }],
  ["0(9) : error C1008: undefined variable", { line: 9, text: "error C1008: undefined variable" }],
  ["out of registers", { line: 0, text: "out of registers" }],
])("finds the line in %j", (log, complaint) => {
  expect(readComplaints(log)).toEqual([complaint]);
});

it("gives numbers to shaders in the order in which they were asked for", () => {
  const numbers = new Uniforms();
  expect([numbers.int(7), numbers.over("n", 4)]).toEqual(["N[0].x", "quotient(n, intBitsToFloat(N[0].y))"]);
  expect(numbers.declaration()).toBe("uniform ivec4 N[1];");
  expect(numbers.values()[0]).toBe(7);
  expect(new Float32Array(numbers.values().buffer)[1]).toBe(0.25);
});
