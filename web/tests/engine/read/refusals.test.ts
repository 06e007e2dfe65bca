import { beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../../../src/engine/checks";
import { readIndex, readModel } from "../../../src/engine/read";
import { file, read, sha256, useCpu } from "./stock";
import type { Files } from "./stock";

const layer = (kind: string, config: Json = {}): Json => ({
  class_name: kind,
  config: { name: "odd", ...config },
});
const INPUT = layer("InputLayer", { name: "in", batch_input_shape: [null, 8, 8, 3] });

/** A sequential model of these layers, with weights as they come. */
function model(layers: Json[], weights: Json[] = [], bytes = new Uint8Array(), paths = ["w.bin"]): Files {
  const modelTopology = { class_name: "Sequential", config: { name: "m", layers } };
  const json = { modelTopology, weightsManifest: [{ paths, weights }] };
  const all = [file("model.json", JSON.stringify(json)), file("w.bin", bytes)];
  return new Map(all.map((each) => [each.name, each]));
}

const conv = layer("Conv2D", { filters: 3, kernel_size: [1, 1], padding: "same", use_bias: false });
const kernel = (more: Json = {}): Json => ({
  name: "odd/kernel",
  shape: [1, 1, 3, 3],
  dtype: "float32",
  ...more,
});
const floats = (count: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(new Float32Array(count).fill(0.5).buffer);

describe("what is refused, in one sentence", () => {
  beforeAll(useCpu);

  it.each<[string, Files, string]>([
    ["code", model([INPUT, layer("Lambda")]), "layer odd (Lambda): it holds code, which is never run"],
    [
      "a layer that cannot run",
      model([INPUT, layer("LSTM")]),
      "layer odd (LSTM): it is not a layer that can run here",
    ],
    [
      "an unknown activation",
      model([INPUT, layer("Activation", { activation: "mish" })]),
      "the activation mish cannot run here",
    ],
    [
      "an activation that comes in two kinds",
      model([INPUT, layer("Activation", { activation: "gelu" })]),
      "the activation gelu cannot run here",
    ],
    [
      "a layer of Keras 1",
      model([INPUT, layer("Merge", { mode: "sum" })]),
      "is not a layer that can run here",
    ],
    [
      "channels first",
      model([INPUT, layer("MaxPooling2D", { data_format: "channels_first" })]),
      "build the model with channels_last",
    ],
    [
      "two channels",
      model([layer("InputLayer", { batch_input_shape: [null, 8, 8, 2] })]),
      "its input has 2 channels; a picture has 1, 3 or 4",
    ],
    [
      "an input that is no picture",
      model([layer("InputLayer", { batch_input_shape: [null, 10] })]),
      "not a picture of [batch, height, width, channels]",
    ],
    [
      "a batch of two",
      model([layer("InputLayer", { batch_input_shape: [2, 8, 8, 3] })]),
      "it takes 2 pictures at once",
    ],
    [
      "an absurd size",
      model([
        INPUT,
        layer("UpSampling2D", { size: [64, 64] }),
        layer("UpSampling2D", { size: [64, 64], name: "even" }),
      ]),
      "too large",
    ],
    ["a weight that is not there", model([INPUT, conv]), "its weight kernel is not among the weights"],
    [
      "a weight of another shape",
      model([INPUT, conv], [kernel({ shape: [1, 1, 4, 3] })], floats(12)),
      "made for 4 channels",
    ],
    [
      "too few bytes",
      model([INPUT, conv], [kernel()], floats(8)),
      "needs 36 bytes, but its weight files hold only 32 more",
    ],
    ["too many bytes", model([INPUT, conv], [kernel()], floats(10)), "they belong to different exports"],
    ["values that are not finite", model([INPUT, conv], [kernel()], floats(9).fill(255)), "not finite"],
    [
      "a type that nobody reads",
      model([INPUT, conv], [kernel({ dtype: "complex64" })], floats(9)),
      "weights of type complex64",
    ],
    [
      "a weight twice",
      model([INPUT, conv], [kernel(), kernel()], floats(18)),
      "lists the weight odd/kernel twice",
    ],
    [
      "a padding that is none",
      model(
        [INPUT, { ...conv, config: { ...(conv["config"] as Json), padding: "causal" } }],
        [kernel()],
        floats(9),
      ),
      'padding must be "same" or "valid"',
    ],
  ])("%s", async (_, files, said) => {
    await expect(read(files)).rejects.toThrow(said);
  });

  it.each([
    ["what is not JSON", "{", "is not JSON; drop the model.json"],
    ["JSON of something else", "{}", "has no modelTopology"],
    ["a model without weights", '{"modelTopology": {}}', "lists no weights"],
    [
      "a model of a class of its own",
      '{"modelTopology": {"class_name": "Mine", "config": {}}, "weightsManifest": [{"paths": [], "weights": []}]}',
      "not a Sequential or Functional model",
    ],
  ])("%s", async (_, json, said) => {
    await expect(read(new Map([["model.json", file("model.json", json)]]))).rejects.toThrow(said);
  });

  it("says by name which file is missing", async () => {
    const files = model([INPUT, conv], [kernel()], floats(9), ["w.bin", "folder/w2.bin"]);
    const index = await readIndex(files.get("model.json")!);
    expect(index.needed).toEqual(["w.bin", "w2.bin"]);
    await expect(readModel(index, files, { digest: sha256 })).rejects.toThrow("w2.bin is missing");
  });

  it("reads 8 and 16 bit weights as TensorFlow.js stores them", async () => {
    const quantised = kernel({ quantization: { dtype: "uint8", scale: 0.5, min: -1 } });
    const read8 = await read(model([INPUT, conv], [quantised], Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 7, 8)));
    const bundle = read8.bundle({ inputRange: [0, 1], outputRange: [0, 1], cells: null });
    expect([...bundle.tensor(bundle.manifest.tensors[0]!.name)]).toEqual([
      -1, -0.5, 0, 0.5, 1, 1.5, 2, 2.5, 3,
    ]);
    const half = kernel({ quantization: { dtype: "float16" } });
    const read16 = await read(
      model([INPUT, conv], [half], new Uint8Array(Uint16Array.from({ length: 9 }, () => 0x3c00).buffer)),
    );
    const other = read16.bundle({ inputRange: [0, 1], outputRange: [0, 1], cells: null });
    expect(other.tensor(other.manifest.tensors[0]!.name)[0]).toBe(1);
    expect(other.sha256).not.toBe(bundle.sha256);
  });
});
