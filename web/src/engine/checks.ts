// Small readers for data that comes from outside: each either returns the value, typed, or names the field that is wrong.

/** A bundle's manifest or files are not what they should be; the message names the field and says what is expected. */
export class BundleError extends Error {
  override readonly name = "BundleError";
}

export type Json = Record<string, unknown>;

/** Height, width, channels; no batch. */
export type Shape3 = readonly [number, number, number];

export function refuse(path: string, expected: string): never {
  throw new BundleError(`${path} ${expected}`);
}

export function asObject(value: unknown, path: string): Json {
  if (typeof value !== "object" || value === null || Array.isArray(value)) refuse(path, "must be an object");
  return value as Json;
}

export function asList(value: unknown, path: string, longest = 10_000): unknown[] {
  if (!Array.isArray(value)) refuse(path, "must be a list");
  if (value.length > longest) refuse(path, `has ${value.length} entries, at most ${longest} are allowed`);
  return value as unknown[];
}

export function asText(value: unknown, path: string, pattern = /^[^\0]{0,2000}$/): string {
  if (typeof value !== "string" || !pattern.test(value))
    refuse(path, `must be text that matches ${pattern.source}`);
  return value;
}

export function asNumber(value: unknown, path: string): number {
  if (typeof value !== "number" || !Number.isFinite(value)) refuse(path, "must be a finite number");
  return value;
}

export function asNumberFrom(value: unknown, path: string, least: number, most: number): number {
  const number = asNumber(value, path);
  if (number < least || number > most) refuse(path, `must be from ${least} to ${most}, not ${number}`);
  return number;
}

export function asInteger(value: unknown, path: string, least: number, most: number): number {
  const number = asNumber(value, path);
  if (!Number.isInteger(number) || number < least || number > most) {
    refuse(path, `must be a whole number from ${least} to ${most}, not ${number}`);
  }
  return number;
}

export function asOneOf<T extends string>(value: unknown, path: string, allowed: readonly T[]): T {
  const found = allowed.find((option) => option === value);
  if (found === undefined) refuse(path, `must be one of ${allowed.join(", ")}, not ${JSON.stringify(value)}`);
  return found;
}

/** A list of exactly `length` entries, each read by `read`. */
export function asTuple<T>(
  value: unknown,
  path: string,
  length: number,
  read: (entry: unknown, path: string) => T,
): T[] {
  const list = asList(value, path);
  if (list.length !== length) refuse(path, `must have ${length} entries, not ${list.length}`);
  return list.map((entry, index) => read(entry, `${path}.${index}`));
}

/** Refuses a key that nobody reads: what is misspelt must not be left out in silence. */
export function asKeys(json: Json, path: string, allowed: readonly string[]): void {
  const odd = Object.keys(json).find((key) => !allowed.includes(key));
  if (odd !== undefined) refuse(`${path}.${odd}`, `is not known here: allowed are ${allowed.join(", ")}`);
}

const NODE_NAME = /^[A-Za-z0-9][A-Za-z0-9_./:-]{0,99}$/;

export const asNodeName = (value: unknown, path: string): string => asText(value, path, NODE_NAME);
export const asNodeNameOrNull = (value: unknown, path: string): string | null =>
  value === null ? null : asNodeName(value, path);
export const asExtent = (value: unknown, path: string): number => asInteger(value, path, 1, 8192);
export const asChannels = (value: unknown, path: string): number => asInteger(value, path, 1, 65_536);

export function asShape3(value: unknown, path: string): Shape3 {
  const [height, width, channels] = asTuple(value, path, 3, asChannels) as [number, number, number];
  return [asExtent(height, `${path}.0`), asExtent(width, `${path}.1`), channels];
}
