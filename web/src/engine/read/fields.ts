// Values out of an object whose maker is unknown: each getter checks type and range, each refusal names the field.
import { BundleError } from "../checks";
import type { Json } from "../checks";

type Pair = readonly [number, number];

/** A stranger's name or value, fit for a sentence. */
export function shown(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "nothing");
  const safe = text.replace(/[^\x20-\x7e\u00a0-\uffff]/g, "?");
  return safe.length <= 80 ? safe : `${safe.slice(0, 77)}...`;
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export const product = (extents: readonly number[]): number =>
  extents.reduce((size, extent) => size * extent, 1);

const isWhole = (value: unknown, low: number, high: number): value is number =>
  Number.isInteger(value) && (value as number) >= low && (value as number) <= high;

/** An object's fields; `where` begins each error ("layer conv2d_3 (Conv2D)"). A getter with a fallback takes null for it. */
export class Fields {
  constructor(
    readonly where: string,
    readonly values: Json,
  ) {}

  /** The object that a field holds, or a refusal. */
  static of(where: string, value: unknown): Fields {
    if (!isJson(value)) throw new BundleError(`${where} must be an object; export the model again`);
    return new Fields(where, value);
  }

  has(name: string): boolean {
    return this.values[name] !== undefined && this.values[name] !== null;
  }

  refuse(says: string): never {
    throw new BundleError(`${this.where}: ${says}`);
  }

  wrong(name: string, needed: string): never {
    this.refuse(`${name} must be ${needed}, not ${shown(this.values[name])}`);
  }

  private get<T>(name: string, fallback: T | undefined): unknown {
    if (this.has(name)) return this.values[name];
    if (fallback === undefined) this.refuse(`${name} is missing; export the model again`);
    return fallback;
  }

  text(name: string, fallback?: string): string {
    const value = this.get(name, fallback);
    if (typeof value !== "string" || value.length > 1_000) this.wrong(name, "a text");
    return value;
  }

  flag(name: string, fallback?: boolean): boolean {
    const value = this.get(name, fallback);
    if (typeof value !== "boolean") this.wrong(name, "true or false");
    return value;
  }

  integer(name: string, low: number, high: number, fallback?: number): number {
    const value = this.get(name, fallback);
    if (!isWhole(value, low, high)) this.wrong(name, `a whole number from ${low} to ${high}`);
    return value;
  }

  number(name: string, fallback?: number): number {
    const value = this.get(name, fallback);
    if (typeof value !== "number" || !Number.isFinite(value)) this.wrong(name, "a number");
    return value;
  }

  list(name: string, most: number, fallback?: readonly unknown[]): readonly unknown[] {
    const value = this.get(name, fallback);
    if (!Array.isArray(value) || value.length > most) this.wrong(name, `a list of at most ${most} entries`);
    return value as unknown[];
  }

  integers(name: string, low: number, high: number, most = 64): number[] {
    return this.list(name, most).map((value) =>
      isWhole(value, low, high) ? value : this.wrong(name, `whole numbers from ${low} to ${high}`),
    );
  }

  /** Two whole numbers, or one that stands for both. */
  pair(name: string, low: number, high: number, fallback?: number): Pair {
    const value = this.get(name, fallback);
    const both = Array.isArray(value) ? (value as unknown[]) : [value, value];
    const [first, second] = both;
    if (both.length === 2 && isWhole(first, low, high) && isWhole(second, low, high)) return [first, second];
    return this.wrong(name, `one or two whole numbers from ${low} to ${high}`);
  }

  /** Rows above and below, columns left and right, in any of the three ways that Keras writes them. */
  edges(name: string, high = 1_024): readonly [Pair, Pair] {
    const value = this.values[name];
    if (Array.isArray(value) && value.length === 2 && value.every(Array.isArray)) {
      const side = (i: number): Pair => new Fields(this.where, { [name]: value[i] }).pair(name, 0, high);
      return [side(0), side(1)];
    }
    const [rows, columns] = this.pair(name, 0, high);
    return [
      [rows, rows],
      [columns, columns],
    ];
  }

  inner(name: string): Fields {
    return Fields.of(`${this.where}: ${name}`, this.get(name, undefined));
  }
}
