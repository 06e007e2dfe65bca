// TensorFlow's graph as TensorFlow.js keeps it: nodes with attributes in protobuf's JSON, constants beside them.
import { BundleError } from "../checks";
import type { Json } from "../checks";
import { Fields, isJson, product, shown } from "./fields";
import { valuesBy } from "./known";
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

export function dimensions(shape: Json, where: string): number[] | null {
  if (shape["unknownRank"] === true) return null;
  const dims = Array.isArray(shape["dim"]) ? (shape["dim"] as unknown[]) : [];
  if (dims.length > RANK) throw new BundleError(`${where}: a shape has ${dims.length} extents`);
  return dims.map((dim) => {
    const size = Number(isJson(dim) ? (dim["size"] ?? 0) : dim);
    if (!Number.isSafeInteger(size)) throw new BundleError(`${where}: a shape must hold whole numbers`);
    return Math.max(size, -1);
  });
}

const LISTED: Readonly<Record<string, string>> = {
  DT_FLOAT: "floatVal",
  DT_INT32: "intVal",
  DT_INT64: "int64Val",
  DT_BOOL: "boolVal",
};

function content(bytes: Uint8Array, type: string, count: number): Float32Array | Int32Array | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const each = { DT_FLOAT: 4, DT_INT32: 4, DT_INT64: 8, DT_BOOL: 1 }[type];
  if (each === undefined || bytes.length !== each * count) return null;
  if (type === "DT_FLOAT")
    return Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true));
  if (type === "DT_INT32") return Int32Array.from({ length: count }, (_, i) => view.getInt32(4 * i, true));
  if (type === "DT_BOOL") return Int32Array.from(bytes);
  return Int32Array.from({ length: count }, (_, i) => Number(view.getBigInt64(8 * i, true)));
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
    const values = content(bytesOf(tensor["tensorContent"], node.where), type, count);
    return values && { shape, values };
  }
  const listed = tensor[LISTED[type] ?? ""];
  if (!Array.isArray(listed) || listed.length === 0) return null;
  // A list that ends early repeats its last value.
  const at = (i: number): number => Number((listed as unknown[])[Math.min(i, listed.length - 1)]);
  return { shape, values: valuesBy(type !== "DT_FLOAT", count, at) };
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
