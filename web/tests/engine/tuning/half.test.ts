import { describe, expect, it } from "vitest";
import { isRight, mayTryHalf, precisionOf, printHalf, readHalf } from "../../../src/engine/tuning";

const words = (text: string): string => text;
const golden = { input: Float32Array.of(0), output: Float32Array.of(-1, 0, 1) };

describe("half precision", () => {
  it.each(["mrt8,split0", "mrt8,split0,half=yes", "mrt8,split0,half=wrong"])(
    "is printed and read: %s",
    (text) => expect(printHalf(readHalf(text, words), words)).toBe(text),
  );

  it("is float32 where it was wrong, whatever was asked for", () => {
    const of = (half: "no" | "yes" | "wrong") => precisionOf({ tuning: "", half }, "float16");
    expect([of("no"), of("yes"), of("wrong")]).toEqual(["float16", "float16", "float32"]);
  });

  it("is tried only where it can be checked and nothing else is asked for", () => {
    expect(mayTryHalf({ golden })).toBe(true);
    expect([
      mayTryHalf({}),
      mayTryHalf({ golden: null }),
      mayTryHalf({ golden, precision: "float32" }),
    ]).toEqual([false, false, false]);
  });

  it("passes small differences, and neither large ones nor what is no number", () => {
    const right = (...made: number[]) => isRight(Float32Array.of(...made), golden, [-1, 1]);
    expect(right(-0.99, 0.01, 1)).toBe(true);
    expect([right(-0.8, 0, 1), right(NaN, 0, 1), right(-1, 0, Infinity)]).toEqual([false, false, false]);
  });
});
