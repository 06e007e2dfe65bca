// The words of a TensorFlow GraphDef in JSON, as TensorFlow.js reads it, and what a bundle's node becomes in them.
import type { LoadedBundle } from "../../engine/bundle";
import { refuse } from "../../engine/checks";
import type { Padding } from "../../engine/nodes";

export type Attributes = Record<string, unknown>;

export interface GraphDefNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr: Attributes;
}

export interface Weight {
  readonly name: string;
  readonly shape: readonly number[];
  readonly dtype: "float32" | "int32";
  /** Unpacked when it is asked for; made anew by every call. */
  readonly values: () => ArrayBufferLike;
}

/** What one node of a bundle becomes: nodes, the last of which has its name, and the constants that they need. */
export interface Piece {
  readonly nodes: readonly GraphDefNode[];
  readonly weights: readonly Weight[];
}

// Text in a GraphDef's JSON is base64.
export const text = (value: string): Attributes => ({ s: btoa(value) });
export const texts = (values: readonly string[]): Attributes => ({ list: { s: values.map((v) => btoa(v)) } });
export const float = (value: number): Attributes => ({ f: value });
export const integers = (values: readonly number[]): Attributes => ({ list: { i: values.map(String) } });
export const type = (dtype: "float32" | "int32"): Attributes => ({
  type: dtype === "int32" ? "DT_INT32" : "DT_FLOAT",
});
export const shapeOf = (shape: readonly number[]): Attributes => ({
  shape: { dim: shape.map((size) => ({ size: String(size) })) },
});

/**
 * The name of a bundle's value in the GraphDef. A colon there means one of several outputs. Names with a # (tensors, parts
 * of a node) are this file's own: no bundle can have them.
 */
export const valueName = (name: string): string => name.replaceAll(":", "%3A");
export const partName = (name: string, part: string): string => `${valueName(name)}#${part}`;

export function makeNode(
  name: string,
  op: string,
  input: readonly string[],
  attr: Attributes = {},
): GraphDefNode {
  return { name, op, input, attr: { T: type("float32"), ...attr } };
}

/** A tensor of the bundle as it is; one that several nodes use has one name. */
export function storedWeight(bundle: LoadedBundle, name: string): Weight {
  const entry = bundle.manifest.tensors.find((tensor) => tensor.name === name);
  if (entry === undefined) return refuse(`tensor ${name}`, "is not in this bundle");
  const values = (): ArrayBufferLike => bundle.tensor(name).buffer;
  return { name: `#${valueName(name)}`, shape: entry.shape, dtype: "float32", values };
}

export function filled(name: string, shape: readonly number[], value: number): Weight {
  const size = shape.reduce((product, extent) => product * extent, 1);
  return { name, shape, dtype: "float32", values: () => new Float32Array(size).fill(value).buffer };
}

export function wholeNumbers(name: string, shape: readonly number[], values: readonly number[]): Weight {
  return { name, shape, dtype: "int32", values: () => Int32Array.from(values).buffer };
}

/** Attributes for `padding` on a [1, h, w, c] value. */
export function paddingAttributes(padding: Padding): Attributes {
  if (typeof padding === "string") return { padding: text(padding.toUpperCase()) };
  return { padding: text("EXPLICIT"), explicit_paddings: integers([0, 0, ...padding.flat(), 0, 0]) };
}
