// Layers without kernels: activations, merges, sizes and edges, pooling, and those that do nothing in inference.
import { byName, leakySlope, ofLayer, relu } from "./activations";
import { affine, elu, leaky, prelu, withConstant, within } from "./elementwise";
import type { BinaryOp, Place } from "./elementwise";
import { Fields, product } from "./fields";
import { channelsLast, lastAxis } from "./layerCall";
import type { LayerCall, ReadLayer } from "./layerCall";
import { SIDE } from "./limits";
import type { Draft, Value } from "./network";

const MOST_JOINED = 16;
const LARGEST_WINDOW = 16;

const one = (call: LayerCall, draft: Draft): Value =>
  call.place.builder.add(call.place.name, call.place.where, draft, [call.value]);

function paired(place: Place, op: BinaryOp, first: Value | number, second: Value | number): Value | number {
  const numbers = (value: number) => ({ shape: [1, 1, 1], values: Float32Array.of(value) });
  if (typeof first === "object" && typeof second === "object")
    return place.builder.add(place.name, place.where, { op }, [first, second]);
  if (typeof first === "object") return withConstant(place, op, first, numbers(second as number));
  if (typeof second === "object") return withConstant(place, op, second, numbers(first), true);
  return first;
}

function merged(call: LayerCall, op: BinaryOp, place = call.place): Value {
  const [first, ...others] = call.given;
  if (first === undefined || others.length === 0 || call.inputs.length === 0)
    return call.fields.refuse("it needs two inputs or more");
  const made = others.reduce((value, other, i) => {
    const name = i === others.length - 1 ? place.name : `${place.name}/${i}`;
    return paired({ ...place, name }, op, value, other);
  }, first);
  return typeof made === "object" ? made : call.fields.refuse("it puts numbers together, not pictures");
}

const pairing =
  (op: "sub" | "div"): ReadLayer =>
  (call) => {
    if (call.given.length !== 2) call.fields.refuse(`it takes exactly two inputs, not ${call.given.length}`);
    return merged(call, op);
  };

const average: ReadLayer = (call) =>
  affine(within(call.place, "mean"), merged(call, "add"), [1 / call.inputs.length], [0]);

/** Channels of values one after the other, sixteen at a time. */
export function joined({ builder, name, where }: Place, inputs: readonly Value[]): Value {
  let values = [...inputs];
  while (values.length > MOST_JOINED) {
    const part = builder.add(`${name}/part`, where, { op: "concat", axis: -1 }, values.slice(0, MOST_JOINED));
    values = [part, ...values.slice(MOST_JOINED)];
  }
  return builder.add(name, where, { op: "concat", axis: -1 }, values);
}

const concatenate: ReadLayer = (call) => {
  lastAxis(call.fields);
  return call.inputs.length === 1 ? call.value : joined(call.place, call.inputs);
};

const padding =
  (mode: "zero" | "reflect"): ReadLayer =>
  (call) => {
    channelsLast(call.fields);
    if (!call.fields.has("padding"))
      call.fields.refuse("it does not say its padding; export the model as a TensorFlow.js graph model");
    return one(call, { op: "pad", mode, edges: call.fields.edges("padding") });
  };

const cropping: ReadLayer = (call) => {
  channelsLast(call.fields);
  return one(call, { op: "crop", edges: call.fields.edges("cropping") });
};

/** To a size, with half-pixel centres, as Keras does it in all its versions, or as TensorFlow.js' own models do. */
function resized(call: LayerCall, size: readonly [number, number], method: string): Value {
  if (method !== "nearest" && method !== "bilinear")
    call.fields.refuse(`resizing by ${method.slice(0, 40)} cannot run here; use nearest or bilinear`);
  const { builder, name, where } = call.place;
  const coordinates = call.keras === 1 ? "asymmetric" : "half_pixel";
  return builder.add(name, where, { op: "resize", method, coordinates }, [call.value], size);
}

const upSampling: ReadLayer = (call) => {
  channelsLast(call.fields);
  const [down, right] = call.fields.pair("size", 1, 64, 2);
  const [height, width] = call.value.shape;
  return resized(call, [height * down, width * right], call.fields.text("interpolation", "nearest"));
};

const resizing: ReadLayer = (call) => {
  const { fields } = call;
  channelsLast(fields);
  for (const name of ["crop_to_aspect_ratio", "pad_to_aspect_ratio", "antialias"])
    if (fields.flag(name, false)) fields.wrong(name, "false (with it the layer cannot run here)");
  const size = [fields.integer("height", 1, SIDE), fields.integer("width", 1, SIDE)] as const;
  return resized(call, size, fields.text("interpolation", "bilinear"));
};

const pool =
  (op: "max_pool" | "avg_pool"): ReadLayer =>
  (call) => {
    const { fields } = call;
    channelsLast(fields);
    const window = fields.pair("pool_size", 1, LARGEST_WINDOW, 2);
    const strides = fields.has("strides") ? fields.pair("strides", 1, LARGEST_WINDOW) : window;
    const edges = fields.text("padding", "valid").toLowerCase();
    if (edges !== "same" && edges !== "valid") return fields.wrong("padding", '"same" or "valid"');
    return one(call, { op, window, strides, padding: edges });
  };

const globalMean: ReadLayer = (call) => {
  channelsLast(call.fields);
  return one(call, { op: "mean" });
};

const globalMax: ReadLayer = (call) => {
  channelsLast(call.fields);
  const [height, width] = call.value.shape;
  if (Math.max(height, width) > LARGEST_WINDOW)
    call.fields.refuse(
      `the largest of ${height}x${width} values cannot run here; at most ${LARGEST_WINDOW} a side`,
    );
  return one(call, { op: "max_pool", window: [height, width], strides: [1, 1], padding: "valid" });
};

const rescaling: ReadLayer = (call) => {
  const { fields } = call;
  const numbers = (name: string, fallback: number): number[] => {
    const value = fields.values[name];
    const list: unknown[] = Array.isArray(value) ? value : [fields.number(name, fallback)];
    return list.map((item) => new Fields(fields.where, { [name]: item }).number(name));
  };
  return affine(call.place, call.value, numbers("scale", 1), numbers("offset", 0));
};

/** Only where it is a name: the same height, width and channels, or 1 x 1 pictures written flat. */
const reshape: ReadLayer = (call) => {
  const { shape } = call.value;
  const flat = !call.fields.has("target_shape");
  const target = flat ? [-1] : call.fields.integers("target_shape", -1, 2 ** 31, 8);
  const known = product(target.filter((extent) => extent > 0));
  const whole = target.map((extent) => (extent === -1 ? product(shape) / known : extent)).join();
  const channels = shape[2];
  const same = whole === shape.join();
  const named = shape[0] === 1 && shape[1] === 1 && [`${channels}`, `1,${channels}`].includes(whole);
  if (same || named) return call.value;
  return call.fields.refuse(
    `reshaping ${shape.join("x")} to ${target.join("x")} moves values between places, which cannot run here`,
  );
};

const depthToSpace: ReadLayer = (call) => {
  channelsLast(call.fields);
  const name = ["block_size", "scale", "size"].find((each) => call.fields.has(each)) ?? "block_size";
  return one(call, { op: "depth_to_space", block: call.fields.integer(name, 2, 16) });
};

const same: ReadLayer = (call) => call.value;
const merging =
  (op: BinaryOp): ReadLayer =>
  (call) =>
    merged(call, op);
const unary =
  (op: "exp" | "abs" | "neg" | "square" | "sqrt"): ReadLayer =>
  (call) =>
    one(call, { op });
const named =
  (name: string): ReadLayer =>
  (call) =>
    byName(call.place, call.value, name, call.keras);

const NOTHING = [
  "Dropout",
  "SpatialDropout2D",
  "SpatialDropout1D",
  "GaussianNoise",
  "GaussianDropout",
  "AlphaDropout",
  "ActivityRegularization",
  "Identity",
  "InputLayer",
];

export const OTHERS: Readonly<Record<string, ReadLayer>> = {
  ...Object.fromEntries(NOTHING.map((name) => [name, same])),
  Relu: named("relu"),
  Relu6: named("relu6"),
  Tanh: named("tanh"),
  Sigmoid: named("sigmoid"),
  Silu: named("swish"),
  Activation: (call) => ofLayer(call, call.value),
  ReLU: (call) => relu(call.place, call.value, call.fields),
  LeakyReLU: (call) => leaky(call.place, leakySlope(call.fields), call.value),
  ELU: (call) => elu(call.place, call.value, call.fields.number("alpha", 1)),
  PReLU: (call) => prelu(call.place, call.weight(["alpha"], -1, -1, -1), call.value),
  Add: merging("add"),
  Multiply: merging("mul"),
  Maximum: merging("maximum"),
  Minimum: merging("minimum"),
  Subtract: pairing("sub"),
  TrueDivide: pairing("div"),
  Divide: pairing("div"),
  Average: average,
  Concatenate: concatenate,
  ZeroPadding2D: padding("zero"),
  ReflectionPadding2D: padding("reflect"),
  Cropping2D: cropping,
  UpSampling2D: upSampling,
  Resizing: resizing,
  MaxPooling2D: pool("max_pool"),
  AveragePooling2D: pool("avg_pool"),
  GlobalAveragePooling2D: globalMean,
  GlobalMaxPooling2D: globalMax,
  Rescaling: rescaling,
  Reshape: reshape,
  Flatten: reshape,
  DepthToSpace: depthToSpace,
  PixelShuffle: depthToSpace,
  Exp: unary("exp"),
  Absolute: unary("abs"),
  Negative: unary("neg"),
  Square: unary("square"),
  Sqrt: unary("sqrt"),
};
