// Models made and run by stock TensorFlow.js, on its plain JavaScript back end: what the readers are compared with.
import "@tensorflow/tfjs-backend-cpu";
import { GraphModel } from "@tensorflow/tfjs-converter";
import { io, ready, setBackend, tensor4d } from "@tensorflow/tfjs-core";
import type { Tensor } from "@tensorflow/tfjs-core";
import type { LayersModel } from "@tensorflow/tfjs-layers";
import { createHash } from "node:crypto";
import type { LoadedBundle } from "../../../src/engine/bundle";
import type { Json } from "../../../src/engine/checks";
import { readIndex, readModel } from "../../../src/engine/read";
import type { LocalModel, ModelFile } from "../../../src/engine/read";
import { bundleHandler } from "../../../src/runners/tfjs/topology";

export async function useCpu(): Promise<void> {
  await setBackend("cpu");
  await ready();
}

export type Files = Map<string, ModelFile>;

export const file = (name: string, bytes: Uint8Array | string): ModelFile => {
  const blob = new Blob([typeof bytes === "string" ? bytes : new Uint8Array(bytes)]);
  return { name, size: blob.size, slice: (start, end) => blob.slice(start, end) };
};

/** The files that `model.save()` offers for download, the weights cut into shards. */
export async function savedFiles(model: LayersModel, shards = 2): Promise<Files> {
  let saved: io.ModelArtifacts | null = null;
  await model.save(
    io.withSaveHandler((artifacts) => {
      saved = artifacts;
      const modelArtifactsInfo = { dateSaved: new Date(0), modelTopologyType: "JSON" } as const;
      return Promise.resolve({ modelArtifactsInfo });
    }),
  );
  const { modelTopology, weightSpecs, weightData } = saved as unknown as io.ModelArtifacts;
  const data = io.CompositeArrayBuffer.join(weightData);
  const size = Math.ceil(data.byteLength / shards);
  const paths = Array.from({ length: shards }, (_, i) => `model.weights-${i + 1}of${shards}.bin`);
  const json = { format: "layers-model", modelTopology, weightsManifest: [{ paths, weights: weightSpecs }] };
  const parts = paths.map((path, i) => file(path, new Uint8Array(data.slice(i * size, (i + 1) * size))));
  return new Map([file("model.json", JSON.stringify(json)), ...parts].map((each) => [each.name, each]));
}

export const sha256 = (bytes: Uint8Array): Promise<string> =>
  Promise.resolve(createHash("sha256").update(bytes).digest("hex"));

export async function read(files: Files): Promise<LocalModel> {
  return await readModel(await readIndex(files.get("model.json")!), files, { digest: sha256 });
}

export const PLAIN = { inputRange: [-1, 1], outputRange: [-1, 1], cells: null } as const;

/** What a bundle's network gives for an input, by way of the runners' own topology. */
export async function run(bundle: LoadedBundle, input: Float32Array): Promise<Float32Array> {
  const model = new GraphModel(bundleHandler(bundle));
  await model.load();
  const [height, width, channels] = bundle.manifest.input.shape;
  const output = model.predict(tensor4d(input, [1, height, width, channels])) as Tensor;
  return Float32Array.from(await output.data());
}

/** Values in [-1, 1], the same ones every time. */
export const noise = (count: number): Float32Array =>
  Float32Array.from({ length: count }, (_, i) => Math.sin(i * 12.9898) * Math.cos(i * 0.37));

export const worst = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce(
    (most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? Infinity))),
    a.length === b.length ? 0 : Infinity,
  );

/** A graph model's files from nodes in protobuf's JSON and constants. */
export function graphFiles(
  node: Json[],
  constants: Record<string, { shape: number[]; values: number[]; dtype?: "int32" }>,
  more: Json = {},
): Files {
  const entries = Object.entries(constants);
  const weights = entries.map(([name, { shape, dtype }]) => ({ name, shape, dtype: dtype ?? "float32" }));
  const bytes = entries.flatMap(([, { values, dtype }]) => [
    ...new Uint8Array((dtype === "int32" ? Int32Array : Float32Array).from(values).buffer),
  ]);
  const consts = entries.map(([name]) => ({ name, op: "Const", attr: {} }));
  const weightsManifest = [{ paths: ["group1-shard1of1.bin"], weights }];
  const json = {
    format: "graph-model",
    modelTopology: { node: [...consts, ...node], versions: { producer: 1, minConsumer: 1 } },
    weightsManifest,
    ...more,
  };
  const all = [
    file("model.json", JSON.stringify(json)),
    file("group1-shard1of1.bin", Uint8Array.from(bytes)),
  ];
  return new Map(all.map((each) => [each.name, each]));
}

/** What stock TensorFlow.js makes of a graph model's files as they are. */
export async function runStock(files: Files, input: Float32Array, shape: number[]): Promise<Float32Array> {
  const bytes = async (each: ModelFile): Promise<ArrayBuffer> => await each.slice(0, each.size).arrayBuffer();
  const json = JSON.parse(new TextDecoder().decode(await bytes(files.get("model.json")!))) as {
    modelTopology: object;
    weightsManifest: { weights: io.WeightsManifestEntry[] }[];
  };
  const load = async (): Promise<io.ModelArtifacts> => ({
    modelTopology: json.modelTopology,
    weightSpecs: json.weightsManifest[0]!.weights,
    weightData: await bytes(files.get("group1-shard1of1.bin")!),
  });
  const model = new GraphModel({ load });
  await model.load();
  const output = model.predict(tensor4d(input, shape as [number, number, number, number])) as Tensor;
  return Float32Array.from(await output.data());
}
