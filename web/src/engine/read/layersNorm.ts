// Layers that normalise: batch norm as in inference, and instance norm as several libraries write it.
import { affine, instanceNorm, within } from "./elementwise";
import { lastAxis } from "./layerCall";
import { Fields } from "./fields";
import type { LayerCall, ReadLayer } from "./layerCall";

const batchNorm: ReadLayer = (call) => {
  lastAxis(call.fields);
  // With the statistics of a batch of one picture it is an instance norm.
  if (call.training) return perChannel(call);
  const channels = call.value.shape[2];
  const { gamma, beta } = scaleAndShift(call);
  const mean = call.weight(["moving_mean"], channels).values;
  const variance = call.weight(["moving_variance"], channels).values;
  const epsilon = call.fields.number("epsilon", 1e-3);
  if (variance.some((value) => value + epsilon <= 0))
    call.fields.refuse("its moving variance is negative; the training went wrong, or the file");
  const scale = Array.from(variance, (value, i) => (gamma?.[i] ?? 1) / Math.sqrt(value + epsilon));
  const shift = scale.map((factor, i) => (beta?.[i] ?? 0) - (mean[i] ?? 0) * factor);
  return affine(call.place, call.value, scale, shift);
};

interface ScaleAndShift {
  readonly gamma: Float32Array | null;
  readonly beta: Float32Array | null;
}

/** gamma and beta, where the layer has them. */
function scaleAndShift(call: LayerCall): ScaleAndShift {
  const channels = call.value.shape[2];
  return {
    gamma: call.fields.flag("scale", true) ? call.weight(["gamma"], channels).values : null,
    beta: call.fields.flag("center", true) ? call.weight(["beta"], channels).values : null,
  };
}

const perChannel: ReadLayer = (call) =>
  instanceNorm(call.place, call.value, {
    ...scaleAndShift(call),
    epsilon: call.fields.number("epsilon", 1e-3),
  });

const groupNorm: ReadLayer = (call) => {
  lastAxis(call.fields);
  const groups = call.fields.integer("groups", -1, 65_536, 32);
  const channels = call.value.shape[2];
  if (groups !== -1 && groups !== channels)
    call.fields.refuse(
      `${groups} groups for ${channels} channels cannot run here; only one channel per group can (instance norm)`,
    );
  return perChannel(call);
};

/** TensorFlow Addons writes `groups`; keras-contrib does not, and adds epsilon to the deviation itself. */
const eitherInstanceNorm: ReadLayer = (call) => {
  const { fields, place, value } = call;
  if (!fields.has("groups") && !fields.has("axis"))
    fields.refuse("axis=None mixes the channels; only axis=-1 can run here");
  lastAxis(fields);
  if (fields.has("groups")) return perChannel(call);
  const { builder, name, where } = place;
  const mean = builder.add(`${name}/mean`, where, { op: "mean" }, [value]);
  const centred = builder.add(`${name}/centred`, where, { op: "sub" }, [value, mean]);
  const square = builder.add(`${name}/square`, where, { op: "square" }, [centred]);
  const variance = builder.add(`${name}/variance`, where, { op: "mean" }, [square]);
  const deviation = builder.add(`${name}/deviation`, where, { op: "sqrt" }, [variance]);
  const below = affine(within(place, "below"), deviation, [1], [fields.number("epsilon", 1e-3)]);
  const made = builder.add(`${name}/normed`, where, { op: "div" }, [centred, below]);
  const { gamma, beta } = scaleAndShift(call);
  return gamma === null && beta === null ? made : affine(place, made, gamma ?? [1], beta ?? [0]);
};

function listed(fields: Fields, name: string): number[] {
  let value = fields.values[name];
  while (Array.isArray(value) && value.length === 1 && Array.isArray(value[0])) value = value[0] as unknown;
  if (!Array.isArray(value)) return [fields.number(name)];
  return value.map((item: unknown) => new Fields(fields.where, { [name]: item }).number(name));
}

/** (x - mean) / sqrt(variance), or back, with what was learned or what the configuration says. */
const normalization: ReadLayer = (call) => {
  lastAxis(call.fields);
  const numbers = (name: string): number[] =>
    call.fields.has("mean") ? listed(call.fields, name) : Array.from(call.weight([name]).values);
  const mean = numbers("mean");
  const deviation = numbers("variance").map((variance) => Math.sqrt(Math.max(variance, 1e-14))); // Keras' floor
  if (call.fields.flag("invert", false)) return affine(call.place, call.value, deviation, mean);
  const scale = deviation.map((value) => 1 / value);
  const shift = scale.map((factor, i) => -(mean[mean.length === 1 ? 0 : i] ?? 0) * factor);
  return affine(call.place, call.value, scale, shift);
};

export const NORMS: Readonly<Record<string, ReadLayer>> = {
  BatchNormalization: batchNorm,
  BatchNormalizationV1: batchNorm,
  BatchNormalizationV2: batchNorm,
  SyncBatchNormalization: batchNorm,
  GroupNormalization: groupNorm,
  InstanceNormalization: eitherInstanceNorm,
  Normalization: normalization,
};
