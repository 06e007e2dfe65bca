// TensorFlow's graph as TensorFlow.js keeps it: nodes with attributes in protobuf's JSON, constants beside them.
import { BundleError } from "../checks";
import type { Json } from "../checks";
import { halfToFloat } from "../floats";
import { Fields, isJson, product, shown } from "./fields";
import { room } from "./known";
import { FOLDED_VALUES, GRAPH_NODES, RANK } from "./limits";
import type { Weight } from "./weights";

/** Attributes of a node, each asked for by its type. */
export class Attributes {
  constructor(
    readonly where: string,
    private readonly values: Json,
  ) {}

  private one(name: string): Json {
    const value = this.values[name];
    return isJson(value) ? value : {};
  }

  private wrong(name: string, needed: string): never {
    throw new BundleError(`${this.where}: ${name} must be ${needed}`);
  }

  /** An integer, which protobuf's JSON writes as a text when it has 64 bits. */
  private whole(name: string, value: unknown): number {
    const number = typeof value === "string" && value.length < 25 ? Number(value) : value;
    return Number.isSafeInteger(number) ? (number as number) : this.wrong(name, "a whole number");
  }

  private list(name: string, kind: string): readonly unknown[] {
    const list = this.one(name)["list"];
    const entries = isJson(list) ? (list[kind] ?? []) : [];
    return Array.isArray(entries) && entries.length <= 10_000
      ? (entries as unknown[])
      : this.wrong(name, "a list");
  }

  integers(name: string): number[] {
    return this.list(name, "i").map((value) => this.whole(name, value));
  }

  texts(name: string): string[] {
    return this.list(name, "s").map((value) => decoded(value, this.where));
  }

  text(name: string, fallback: string): string {
    const value = this.one(name)["s"];
    return value === undefined ? fallback : decoded(value, this.where);
  }

  integer(name: string, fallback: number): number {
    const value = this.one(name)["i"];
    return value === undefined ? fallback : this.whole(name, value);
  }

  number(name: string, fallback: number): number {
    const value = this.one(name)["f"];
    if (value === undefined) return fallback;
    const number = typeof value === "string" ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? number : this.wrong(name, "a number");
  }

  /** Null where it is not said. */
  flag(name: string): boolean | null {
    const value = this.one(name)["b"];
    return typeof value === "boolean" ? value : null;
  }

  type(name: string): string {
    return String(this.one(name)["type"] ?? "");
  }

  /** A shape, -1 for unknown extents; null when even the rank is unknown. */
  shape(name: string): number[] | null {
    const shape = this.one(name)["shape"];
    return isJson(shape) ? dimensions(shape, this.where) : null;
  }

  tensor(name: string): Json | null {
    const tensor = this.one(name)["tensor"];
    return isJson(tensor) ? tensor : null;
  }
}

export interface GraphNode {
  readonly name: string;
  readonly op: string;
  /** Without control inputs; "name" or "name:1". */
  readonly inputs: readonly string[];
  readonly attributes: Attributes;
  readonly where: string;
}

function bytesOf(value: unknown, where: string): Uint8Array {
  // Older converters write the bytes as a list of numbers.
  if (Array.isArray(value)) return Uint8Array.from(value as number[]);
  try {
    if (typeof value === "string") return Uint8Array.from(atob(value), (sign) => sign.charCodeAt(0));
  } catch {
    // Said below.
  }
  throw new BundleError(`${where}: a text must be base64; export the model again`);
}

const decoded = (value: unknown, where: string): string => new TextDecoder().decode(bytesOf(value, where));

function dimensions(shape: Json, where: string): number[] | null {
  if (shape["unknownRank"] === true) return null;
  const dims = Array.isArray(shape["dim"]) ? (shape["dim"] as unknown[]) : [];
  if (dims.length > RANK) throw new BundleError(`${where}: a shape has ${dims.length} extents`);
  return dims.map((dim) => {
    const size = Number(isJson(dim) ? (dim["size"] ?? 0) : dim);
    if (!Number.isSafeInteger(size)) throw new BundleError(`${where}: a shape must hold whole numbers`);
    return Math.max(size, -1);
  });
}

/** Types of numbers, and where protobuf's JSON lists values of each. */
export const LISTED: Readonly<Record<string, string>> = {
  DT_FLOAT: "floatVal",
  DT_DOUBLE: "doubleVal",
  DT_INT64: "int64Val",
  DT_INT32: "intVal",
  DT_INT16: "intVal",
  DT_INT8: "intVal",
  DT_UINT8: "intVal",
  DT_BOOL: "boolVal",
};

/** How each type lies in bytes: how many, and how one is read. */
export const CONTENT: Readonly<Record<string, readonly [number, (view: DataView, at: number) => number]>> = {
  DT_FLOAT: [4, (view, at) => view.getFloat32(at, true)],
  DT_DOUBLE: [8, (view, at) => view.getFloat64(at, true)],
  DT_HALF: [2, (view, at) => halfToFloat(view.getUint16(at, true))],
  DT_INT64: [8, (view, at) => Number(view.getBigInt64(at, true))],
  DT_INT32: [4, (view, at) => view.getInt32(at, true)],
  DT_INT16: [2, (view, at) => view.getInt16(at, true)],
  DT_INT8: [1, (view, at) => view.getInt8(at)],
  DT_UINT8: [1, (view, at) => view.getUint8(at)],
  DT_BOOL: [1, (view, at) => Number(view.getUint8(at) !== 0)],
};

const FLOATING: readonly string[] = ["DT_FLOAT", "DT_DOUBLE", "DT_HALF"];
const LARGEST_WHOLE = 2 ** 31 - 1;
/** Integers are kept in 32 bits; "to the end" is often written as the largest of 64. */
const inRange = (value: number): number => Math.min(Math.max(value, -LARGEST_WHOLE - 1), LARGEST_WHOLE);

function content(bytes: Uint8Array, type: string, shape: readonly number[], where: string): Weight | null {
  const [each, read] = (Object.hasOwn(CONTENT, type) ? CONTENT[type] : undefined) ?? [0, null];
  if (read === null) return null;
  if (bytes.length !== each * product(shape))
    throw new BundleError(`${where}: its content has ${bytes.length} bytes, but its shape needs others`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return filled(type, shape, (i) => read(view, i * each));
}

function filled(type: string, shape: readonly number[], at: (index: number) => number): Weight {
  const whole = !FLOATING.includes(type);
  const values = room(whole, product(shape));
  for (let i = 0; i < values.length; i++) values[i] = whole ? inRange(at(i)) : at(i);
  return { shape, values };
}

/** A constant that the JSON itself holds; null where its values lie elsewhere, or are texts. */
export function inlineConstant(node: GraphNode): Weight | null {
  const tensor = node.attributes.tensor("value");
  if (tensor === null) return null;
  const type = typeof tensor["dtype"] === "string" ? tensor["dtype"] : "DT_FLOAT";
  const shape = isJson(tensor["tensorShape"]) ? (dimensions(tensor["tensorShape"], node.where) ?? []) : [];
  const count = product(shape);
  if (count > FOLDED_VALUES)
    throw new BundleError(`${node.where}: a constant of ${count} values does not belong in a graph's JSON`);
  if (tensor["tensorContent"] !== undefined && tensor["tensorContent"] !== "") {
    return content(bytesOf(tensor["tensorContent"], node.where), type, shape, node.where);
  }
  const listed = Object.hasOwn(LISTED, type) ? tensor[LISTED[type] ?? ""] : undefined;
  if (!Array.isArray(listed)) return count === 0 ? filled(type, shape, () => 0) : null;
  const numbers = listed.slice(0, count).map(Number);
  if (numbers.some((value) => Number.isNaN(value)))
    throw new BundleError(`${node.where}: its values must be numbers; export the model again`);
  // A list that ends early repeats its last value.
  return filled(type, shape, (i) => numbers[Math.min(i, numbers.length - 1)] ?? 0);
}

function readNode(value: unknown, index: number): GraphNode {
  const fields = Fields.of(`node ${index} of the graph`, value);
  const [name, op] = [fields.text("name"), fields.text("op")];
  const where = `node ${shown(name)} (${shown(op)})`;
  const inputs = fields.list("input", 1_000, []).filter((input) => typeof input === "string");
  const attr = fields.values["attr"];
  return {
    name,
    op,
    inputs: inputs.filter((input) => !input.startsWith("^")),
    attributes: new Attributes(where, isJson(attr) ? attr : {}),
    where,
  };
}

/** All nodes by name. */
export function readNodes(topology: Json): Map<string, GraphNode> {
  const list = new Fields("model.json: modelTopology", topology).list("node", GRAPH_NODES);
  const nodes = new Map(list.map(readNode).map((node) => [node.name, node]));
  if (nodes.size !== list.length)
    throw new BundleError("the graph has two nodes of one name; export the model again");
  return nodes;
}
