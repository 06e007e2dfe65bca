// The parts of the WebGPU back end that need no device; the rest is tested in a browser.
import { describe, expect, it } from "vitest";
import { EngineError } from "../../../src/engine/device";
import { halfToFloat } from "../../../src/engine/floats";
import { geometryOf, groupSize } from "../../../src/engine/webgpu/kernels/geometry";
import { halfBits } from "../../../src/engine/webgpu/kernels/weights";
import { layoutOf } from "../../../src/engine/webgpu/slots";
import { likelyTuning, printTuning, readTuning } from "../../../src/engine/webgpu/tuning";

describe("halves", () => {
  it("gives back every half that there is", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = halfToFloat(bits);
      if (!Number.isNaN(value)) expect(halfBits(value)).toBe(bits);
    }
  });

  it.each([
    [1 + 2 ** -11, 1], // a tie goes to the even one
    [1 + 3 * 2 ** -11, 1 + 2 ** -9],
    [65520, Infinity],
    [2 ** -26, 0],
    [NaN, NaN],
  ])("rounds %d to %d", (value, rounded) => expect(halfToFloat(halfBits(value))).toBe(rounded));
});

describe("tuning", () => {
  it.each(["texture-4x2-quad-s1", "buffer-8x4-each-s8"])("reads %s as it prints it", (text) => {
    expect(printTuning(readTuning(text, "int8"))).toBe(`${text},weights=int8`);
  });

  it("takes the weights of a variant's words, else those of the bundle", () => {
    expect(readTuning("buffer-4x1-each-s8,weights=float16", "int8").weights).toBe("float16");
    expect(readTuning("buffer-4x1-each-s8", "int8").weights).toBe("int8");
  });

  it("refuses other words by quoting them", () => {
    expect(() => readTuning("block=8x4", "int8")).toThrow('no tuning "block=8x4"');
  });

  it.each([true, false])("starts at most 64 invocations in a workgroup (quads: %s)", (quads) => {
    for (const rows of [1, 2, 3, 16, 200])
      for (const made of [1, 3, 40]) {
        const extent = { rows, columns: rows + 1, phases: 4, taken: 9, made };
        const geometry = geometryOf(likelyTuning(quads, "float32"), extent);
        expect(Number.isInteger(Math.log2(groupSize(geometry)))).toBe(true);
        expect(groupSize(geometry)).toBeLessThanOrEqual(64);
      }
  });
});

describe("layouts", () => {
  const ring = { top: 1, bottom: 0, left: 1, right: 2 };
  const limits = { maxTextureDimension2D: 64, maxStorageBufferBindingSize: 8192 };
  const layout = (width: number) =>
    layoutOf("value", [5, width, 7], ring, { values: "texture", half: false }, limits);

  it("puts two groups of channels and the ring into a texture's row", () => {
    expect(layout(10)).toMatchObject({ kind: "texture", groups: 2, pitch: 26, rows: 6 });
  });

  it("takes a buffer where a texture would be too wide, and names what is too large for both", () => {
    expect(layout(30).kind).toBe("buffer");
    expect(() => layout(60)).toThrow(EngineError);
    expect(() => layout(60)).toThrow("value needs 12096 bytes");
  });
});
