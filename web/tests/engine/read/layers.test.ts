import { beforeAll, describe, expect, it } from "vitest";
import * as tf from "@tensorflow/tfjs-layers";
import { tensor1d, tensor4d } from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import { PLAIN, noise, read, run, savedFiles, useCpu, worst } from "./stock";

const { layers } = tf;
const SHAPE = [16, 16, 3];

/** What stock TensorFlow.js gives, and what the model gives once it was read from its files. */
async function compare(model: tf.LayersModel): Promise<{ error: number; nodes: readonly string[] }> {
  const input = noise(16 * 16 * 3);
  const expected = await (model.predict(tensor4d(input, [1, 16, 16, 3])) as Tensor).data();
  const bundle = (await read(await savedFiles(model))).bundle(PLAIN);
  const made = await run(bundle, input);
  return { error: worst(made, expected), nodes: bundle.manifest.graph.map((node) => node.op) };
}

/** Statistics that are not the initial ones, so that folding them matters. */
function trained(model: tf.LayersModel): tf.LayersModel {
  for (const layer of model.layers) {
    if (layer.getClassName() !== "BatchNormalization") continue;
    const channels = layer.getWeights()[0]?.shape[0] ?? 1;
    const row = (from: number) => tensor1d(Float32Array.from({ length: channels }, (_, i) => from + i / 7));
    layer.setWeights([row(0.5), row(-0.2), row(0.1), row(0.4)]);
  }
  return model;
}

type Symbolic = tf.SymbolicTensor;
const apply = (layer: { apply(value: unknown): unknown }, value: Symbolic | Symbolic[]): Symbolic =>
  layer.apply(value) as Symbolic;

/** From a picture through `middle` to a picture. */
function around(middle: (value: Symbolic) => Symbolic): tf.LayersModel {
  const input = tf.input({ shape: SHAPE });
  const end = layers.conv2d({ filters: 3, kernelSize: 1, activation: "tanh" });
  return tf.model({ inputs: input, outputs: apply(end, middle(input)) });
}

describe("layers models saved by TensorFlow.js", () => {
  beforeAll(useCpu);

  it("runs a small U-Net as stock TensorFlow.js does, norms and activations folded", async () => {
    const input = tf.input({ shape: SHAPE });
    const down = (filters: number) =>
      layers.conv2d({ filters, kernelSize: 4, strides: 2, padding: "same", useBias: false });
    const first = apply(layers.leakyReLU({ alpha: 0.2 }), apply(down(4), input));
    const second = apply(layers.leakyReLU(), apply(layers.batchNormalization(), apply(down(6), first)));
    const grow = layers.conv2dTranspose({
      filters: 4,
      kernelSize: 4,
      strides: 2,
      padding: "same",
      useBias: false,
    });
    const up = apply(layers.reLU(), apply(layers.batchNormalization(), apply(grow, second)));
    const both = apply(layers.concatenate(), [up, first]);
    const last = layers.conv2dTranspose({
      filters: 3,
      kernelSize: 4,
      strides: 2,
      padding: "same",
      activation: "tanh",
    });
    const { error, nodes } = await compare(trained(tf.model({ inputs: input, outputs: apply(last, both) })));
    expect(error).toBeLessThan(1e-5);
    expect(nodes).toEqual(["conv2d", "conv2d", "conv2d_transpose", "concat", "conv2d_transpose"]);
  });

  it.each<[string, (value: Symbolic) => Symbolic]>([
    [
      "valid windows and dilation",
      (x) => apply(layers.conv2d({ filters: 4, kernelSize: 3, dilationRate: 2 }), x),
    ],
    [
      "a valid transposed convolution",
      (x) => apply(layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2 }), x),
    ],
    [
      "depthwise",
      (x) => apply(layers.depthwiseConv2d({ kernelSize: 3, depthMultiplier: 2, padding: "same" }), x),
    ],
    [
      "separable",
      (x) => apply(layers.separableConv2d({ filters: 4, kernelSize: 3, activation: "relu6" }), x),
    ],
    ["max pooling", (x) => apply(layers.maxPooling2d({ poolSize: 2 }), x)],
    [
      "average pooling",
      (x) => apply(layers.averagePooling2d({ poolSize: 3, strides: 2, padding: "same" }), x),
    ],
    ["nearest up-sampling", (x) => apply(layers.upSampling2d({ size: [2, 3] }), x)],
    [
      "bilinear up-sampling",
      (x) => apply(layers.upSampling2d({ size: [2, 2], interpolation: "bilinear" }), x),
    ],
    [
      "zero padding into a convolution",
      (x) =>
        apply(
          layers.conv2d({ filters: 2, kernelSize: 3 }),
          apply(
            layers.zeroPadding2d({
              padding: [
                [1, 2],
                [0, 3],
              ],
            }),
            x,
          ),
        ),
    ],
    [
      "cropping",
      (x) =>
        apply(
          layers.cropping2D({
            cropping: [
              [1, 2],
              [3, 4],
            ],
          }),
          x,
        ),
    ],
    ["batch norm before a convolution", (x) => apply(layers.batchNormalization(), x)],
    ["elu", (x) => apply(layers.elu(), x)],
    ["a bounded relu", (x) => apply(layers.reLU({ maxValue: 0.5 }), x)],
    ["PReLU", (x) => apply(layers.prelu({ sharedAxes: [1, 2], alphaInitializer: "randomUniform" }), x)],
    ["selu", (x) => apply(layers.activation({ activation: "selu" }), x)],
    ["softsign", (x) => apply(layers.activation({ activation: "softsign" }), x)],
    ["hard sigmoid", (x) => apply(layers.activation({ activation: "hardSigmoid" }), x)],
    ["swish", (x) => apply(layers.activation({ activation: "swish" }), x)],
    ["dropout", (x) => apply(layers.dropout({ rate: 0.5 }), x)],
    ["dense on channels", (x) => apply(layers.dense({ units: 5, activation: "sigmoid" }), x)],
    [
      "sums of three",
      (x) => apply(layers.add(), [x, apply(layers.conv2d({ filters: 3, kernelSize: 1 }), x), x]),
    ],
    ["averages", (x) => apply(layers.average(), [x, apply(layers.conv2d({ filters: 3, kernelSize: 1 }), x)])],
    ["products and maxima", (x) => apply(layers.maximum(), [x, apply(layers.multiply(), [x, x])])],
  ])("runs %s as stock TensorFlow.js does", async (_, middle) => {
    const { error } = await compare(trained(around(middle)));
    expect(error).toBeLessThan(1e-5);
  });

  it("reads models in models, used twice, and sequential ones", async () => {
    const inner = tf.sequential({
      layers: [
        layers.conv2d({ filters: 3, kernelSize: 3, padding: "same", inputShape: SHAPE, activation: "elu" }),
        layers.batchNormalization(),
      ],
    });
    trained(inner);
    const { error } = await compare(around((x) => apply(inner, apply(inner, x))));
    expect(error).toBeLessThan(1e-5);
  });

  it("says what is known of a model and leaves open sizes open", async () => {
    const conv = layers.conv2d({
      filters: 3,
      kernelSize: 3,
      padding: "same",
      activation: "sigmoid",
      inputShape: [null, null, 1],
    });
    const model = await read(await savedFiles(tf.sequential({ layers: [conv] })));
    expect(model).toMatchObject({
      anySize: true,
      inputShape: [256, 256, 1],
      outputRange: [0, 1],
      parameters: 30,
    });
    expect(model.resized(64)).toMatchObject({ outputShape: [64, 64, 3], sha256: model.sha256 });
    expect(model.bundle({ ...PLAIN, inputRange: [0, 1] })).toMatchObject({
      local: true,
      golden: null,
      manifest: { name: "local-model", version: "0.0.0", input: { range: [0, 1] } },
    });
  });
});
