// Values of a graph that are known before any picture comes: weights, sizes, axes, and what is computed from them.
import { BundleError } from "../checks";
import { product } from "./fields";
import { FOLDED_VALUES } from "./limits";

export interface Known {
  readonly dims: readonly number[];
  readonly values: Float32Array | Int32Array;
}

export const integersOf = (values: readonly number[]): Known => ({
  dims: [values.length],
  values: Int32Array.from(values),
});

const isWhole = (...all: readonly Known[]): boolean =>
  all.every(({ values }) => values instanceof Int32Array);

/** Values one by one, as integers or as floats. */
export function valuesBy(
  whole: boolean,
  count: number,
  at: (index: number) => number,
): Float32Array | Int32Array {
  const values = whole ? new Int32Array(count) : new Float32Array(count);
  for (let i = 0; i < count; i++) values[i] = at(i);
  return values;
}

function bounded(count: number, where: string): number {
  if (count > FOLDED_VALUES) throw new BundleError(`${where}: a constant of ${count} values is too large`);
  return count;
}

/** How far apart neighbours along each axis lie. */
const stridesOf = (dims: readonly number[]): number[] => dims.map((_, axis) => product(dims.slice(axis + 1)));

/** Two known values place by place, extents of 1 stretched. */
export function combine(a: Known, b: Known, op: (x: number, y: number) => number, where: string): Known {
  const rank = Math.max(a.dims.length, b.dims.length);
  const wide = ({ dims }: Known): number[] => [...Array<number>(rank - dims.length).fill(1), ...dims];
  const [first, second] = [wide(a), wide(b)];
  const dims = first.map((extent, i) => {
    const other = second[i] ?? 1;
    if (extent !== other && extent !== 1 && other !== 1)
      throw new BundleError(`${where}: ${a.dims.join("x")} and ${b.dims.join("x")} do not fit together`);
    return extent === 1 ? other : extent;
  });
  const steps = stridesOf(dims);
  const at = (extents: number[], index: number): number =>
    stridesOf(extents).reduce((sum, stride, axis) => {
      const place = Math.floor(index / (steps[axis] ?? 1)) % (dims[axis] ?? 1);
      return sum + (extents[axis] === 1 ? 0 : place * stride);
    }, 0);
  const values = valuesBy(isWhole(a, b), bounded(product(dims), where), (i) =>
    op(a.values[at(first, i)] ?? 0, b.values[at(second, i)] ?? 0),
  );
  return { dims, values };
}

export function apply(a: Known, op: (x: number) => number): Known {
  return { dims: a.dims, values: valuesBy(isWhole(a), a.values.length, (i) => op(a.values[i] ?? 0)) };
}

export function transpose(a: Known, order: readonly number[], where: string): Known {
  const dims = order.map((axis) => a.dims[axis] ?? 1);
  if (dims.length !== a.dims.length || new Set(order).size !== order.length)
    throw new BundleError(`${where}: the order of axes does not fit`);
  const [from, to] = [stridesOf(a.dims), stridesOf(dims)];
  const values = valuesBy(isWhole(a), a.values.length, (i) => {
    let source = 0;
    for (let axis = 0; axis < dims.length; axis++)
      source += (Math.floor(i / (to[axis] ?? 1)) % (dims[axis] ?? 1)) * (from[order[axis] ?? 0] ?? 0);
    return a.values[source] ?? 0;
  });
  return { dims, values };
}

/** One after the other along the first axis; what shapes are put together with. */
export function join(parts: readonly Known[]): Known {
  const inner = parts[0]?.dims.slice(1) ?? [];
  const values = parts.flatMap((part) => Array.from(part.values));
  const first = parts.reduce((sum, part) => sum + (part.dims[0] ?? 1), 0);
  return {
    dims: [first, ...inner],
    values: valuesBy(isWhole(...parts), values.length, (i) => values[i] ?? 0),
  };
}

/** The dims that a reshape asks for, with -1 worked out; null where the number of values would change. */
export function reshapedTo(target: readonly number[], count: number): number[] | null {
  const known = product(target.filter((extent) => extent !== -1));
  const dims = target.map((extent) => (extent === -1 ? count / known : extent));
  return product(dims) === count && dims.every(Number.isInteger) ? dims : null;
}
