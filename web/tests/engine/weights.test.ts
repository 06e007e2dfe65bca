import { describe, expect, it } from "vitest";
import { halfToFloat, toFloats } from "../../src/engine/floats";
import type { Manifest, TensorEntry } from "../../src/engine/manifest";
import { unpackTensor } from "../../src/engine/weights";

const tensor = (more: Partial<TensorEntry>): TensorEntry => ({
  name: "kernel",
  shape: [2, 2, 1, 2],
  dtype: "int8",
  scale: "scale",
  channel_axis: 3,
  taps: null,
  parts: [{ shard: 0, offset: 0, bytes: 8 }],
  ...more,
});
const scale = (values: number[], shard: number): TensorEntry =>
  tensor({ name: "scale", shape: [values.length], dtype: "float32", scale: null, channel_axis: 0, parts: [{ shard, offset: 0, bytes: 4 * values.length }] }); // prettier-ignore
const bytes = (values: number[]): Uint8Array => new Uint8Array(Int8Array.from(values).buffer);
const floats = (values: number[]): Uint8Array => new Uint8Array(Float32Array.from(values).buffer);
const unpack = (tensors: TensorEntry[], shards: Uint8Array[]): number[] => [
  ...unpackTensor({ tensors } as unknown as Manifest, shards, "kernel"),
];

describe("unpackTensor", () => {
  it("scales each output channel", () => {
    const shards = [bytes([1, 1, 2, 2, 3, 3, -4, -128]), floats([0.5, 2])];
    expect(unpack([tensor({}), scale([0.5, 2], 1)], shards)).toEqual([0.5, 2, 1, 4, 1.5, 6, -2, -256]);
  });

  it("scales Keras' transposed kernels, whose output channels are the third axis", () => {
    const kernel = tensor({
      shape: [1, 1, 2, 3],
      channel_axis: 2,
      parts: [{ shard: 0, offset: 0, bytes: 6 }],
    });
    const shards = [bytes([1, 2, 3, 4, 5, 6]), floats([1, 10])];
    expect(unpack([kernel, scale([1, 10], 1)], shards)).toEqual([1, 2, 3, 40, 50, 60]);
  });

  it("puts taps where they belong and zeros elsewhere", () => {
    const kernel = tensor({ dtype: "float32", scale: null, taps: [[0, 1], [1, 0]], parts: [{ shard: 0, offset: 0, bytes: 16 }] }); // prettier-ignore
    expect(unpack([kernel], [floats([1, 2, 3, 4])])).toEqual([0, 0, 1, 2, 3, 4, 0, 0]);
  });

  it("joins parts that lie in several shards", () => {
    const parts = [
      { shard: 1, offset: 2, bytes: 3 },
      { shard: 0, offset: 0, bytes: 5 },
    ];
    const shards = [bytes([4, 5, 6, 7, 8]), bytes([9, 9, 1, 2, 3]), floats([1, 1])];
    expect(unpack([tensor({ parts }), scale([1, 1], 2)], shards)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("says which tensor is cut off", () => {
    expect(() => unpack([tensor({}), scale([1, 1], 1)], [bytes([1])])).toThrow(
      "kernel ends behind the end of shard 0",
    );
  });
});

describe("halves", () => {
  it.each([
    [0x3c00, 1],
    [0xc000, -2],
    [0x3555, 0.333251953125],
    [0x0001, 2 ** -24],
    [0x7bff, 65504],
    [0xfc00, -Infinity],
  ])("%i is %d", (bits, value) => {
    expect(halfToFloat(bits)).toBe(value);
  });

  it("are read in little-endian order", () => {
    expect([...toFloats(Uint8Array.of(0x00, 0x3c, 0x00, 0xc0), "float16")]).toEqual([1, -2]);
  });
});
