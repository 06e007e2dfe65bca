// Values of a graph that are known before any picture comes: weights, sizes, axes, and what is computed from them.
import { BundleError } from "../checks";
import { product } from "./fields";
import { FOLDED_TOTAL, FOLDED_VALUES, RANK } from "./limits";

/** Integers and truths (0 and 1) are an Int32Array, all else is floats. */
export interface Known {
  readonly dims: readonly number[];
  readonly values: Float32Array | Int32Array;
}

export const integersOf = (values: readonly number[]): Known => ({
  dims: [values.length],
  values: Int32Array.from(values),
});

export const isWhole = ({ values }: Known): boolean => values instanceof Int32Array;

/** Room for so many integers or floats. */
export const room = (whole: boolean, count: number): Float32Array | Int32Array =>
  whole ? new Int32Array(count) : new Float32Array(count);

/** How far apart neighbours along each axis lie. */
export const stridesOf = (dims: readonly number[]): number[] =>
  dims.map((_, axis) => product(dims.slice(axis + 1)));

/** The dims as they are, where so many values may come out of few. */
export function bounded(dims: readonly number[], where: string, most = FOLDED_VALUES): readonly number[] {
  const count = product(dims);
  if (count >= 0 && count <= most && dims.length <= RANK && !dims.some((extent) => extent < 0)) return dims;
  throw new BundleError(
    `${where}: a constant of shape ${dims.slice(0, RANK).join("x")} is too large or none at all`,
  );
}

/**
 * Calls `visit` for each place of `dims` in order, and says where several others are that move by their own strides along
 * each axis: 0 stays, a negative one goes back.
 */
export function walk(
  dims: readonly number[],
  strides: readonly (readonly number[])[],
  visit: (index: number, at: readonly number[]) => void,
  starts: readonly number[] = strides.map(() => 0),
): void {
  const last = dims.length - 1;
  const [count, width] = [product(dims), dims[last] ?? 1];
  const counter = new Int32Array(dims.length);
  const at = [...starts];
  const move = (axis: number, times: number): void => {
    for (let i = 0; i < at.length; i++) at[i] = (at[i] ?? 0) + (strides[i]?.[axis] ?? 0) * times;
  };
  for (let index = 0; index < count;) {
    for (let place = 0; place < width; place++) {
      visit(index++, at);
      move(last, 1);
    }
    move(last, -width);
    for (let axis = last - 1; axis >= 0; axis--) {
      counter[axis] = (counter[axis] ?? 0) + 1;
      move(axis, 1);
      if ((counter[axis] ?? 0) < (dims[axis] ?? 1)) break;
      counter[axis] = 0;
      move(axis, -(dims[axis] ?? 1));
    }
  }
}

/** Values of another array in the order that strides and a start say. */
export function taken(known: Known, dims: readonly number[], strides: readonly number[], start = 0): Known {
  const values = room(isWhole(known), product(dims));
  walk(dims, [strides], (i, [at = 0]) => (values[i] = known.values[at] ?? 0), [start]);
  return { dims, values };
}

/** The dims of several values together, extents of 1 stretched as in NumPy. */
function stretched(parts: readonly Known[], where: string): number[] {
  const rank = Math.max(...parts.map(({ dims }) => dims.length));
  return Array.from({ length: rank }, (_, i) => {
    const extents = parts.map(({ dims }) => dims[i - rank + dims.length] ?? 1);
    const long = extents.find((extent) => extent !== 1) ?? 1;
    if (extents.some((extent) => extent !== 1 && extent !== long))
      throw new BundleError(
        `${where}: ${parts.map(({ dims }) => dims.join("x")).join(" and ")} do not fit together`,
      );
    return long;
  });
}

/** Strides of a value that is stretched to `dims`. */
function stretchedStrides(known: Known, dims: readonly number[]): number[] {
  const own = stridesOf(known.dims);
  const before = dims.length - known.dims.length;
  return dims.map((_, i) => (i < before || known.dims[i - before] === 1 ? 0 : (own[i - before] ?? 0)));
}

/** The dims of several values stretched to each other's; refused where they grow beyond what constants may. */
function together(parts: readonly Known[], where: string): number[] {
  const dims = stretched(parts, where);
  if (!parts.some((part) => part.dims.join() === dims.join())) bounded(dims, where);
  return dims;
}

/** Two known values place by place, extents of 1 stretched. */
export function combine(
  a: Known,
  b: Known,
  op: (x: number, y: number) => number,
  where: string,
  whole = isWhole(a) && isWhole(b),
): Known {
  const dims = together([a, b], where);
  const values = room(whole, product(dims));
  const visit = (i: number, x: number, y: number): void => {
    values[i] = op(a.values[x] ?? 0, b.values[y] ?? 0);
  };
  // The plain case, and by far the largest: the same shape.
  if (a.dims.join() === b.dims.join()) for (let i = 0; i < values.length; i++) visit(i, i, i);
  else
    walk(dims, [stretchedStrides(a, dims), stretchedStrides(b, dims)], (i, [x = 0, y = 0]) => visit(i, x, y));
  return { dims, values };
}

/** `a` where the condition holds, else `b`. */
export function select(condition: Known, a: Known, b: Known, where: string): Known {
  const parts = [condition, a, b];
  const dims = together(parts, where);
  const values = room(isWhole(a) && isWhole(b), product(dims));
  const strides = parts.map((part) => stretchedStrides(part, dims));
  walk(dims, strides, (i, [test = 0, x = 0, y = 0]) => {
    values[i] = (condition.values[test] === 0 ? b.values[y] : a.values[x]) ?? 0;
  });
  return { dims, values };
}

export function apply(a: Known, op: (x: number) => number, whole = isWhole(a)): Known {
  const values = room(whole, a.values.length);
  for (let i = 0; i < values.length; i++) values[i] = op(a.values[i] ?? 0);
  return { dims: a.dims, values };
}

export function broadcast(a: Known, dims: readonly number[], where: string): Known {
  if (stretched([a, { dims: bounded(dims, where), values: a.values }], where).join() !== dims.join())
    throw new BundleError(`${where}: ${a.dims.join("x")} cannot be stretched to ${dims.join("x")}`);
  return taken(a, dims, stretchedStrides(a, dims));
}

export function transpose(a: Known, order: readonly number[], where: string): Known {
  if ([...order].sort((x, y) => x - y).join() !== a.dims.map((_, i) => i).join())
    throw new BundleError(`${where}: the order of axes does not fit`);
  const strides = stridesOf(a.dims);
  return taken(
    a,
    order.map((axis) => a.dims[axis] ?? 1),
    order.map((axis) => strides[axis] ?? 0),
  );
}

/** Each axis so many times over. */
export function tile(a: Known, times: readonly number[], where: string): Known {
  if (times.length !== a.dims.length)
    throw new BundleError(`${where}: its multiples do not fit ${a.dims.join("x")}`);
  const dims = bounded(
    a.dims.map((extent, i) => extent * Math.max(times[i] ?? 1, 0)),
    where,
  );
  const strides = stridesOf(a.dims);
  const twice = a.dims.flatMap((extent, i) => [Math.max(times[i] ?? 1, 0), extent]);
  return {
    dims,
    values: taken(
      a,
      twice,
      strides.flatMap((stride) => [0, stride]),
    ).values,
  };
}

/** One after the other along an axis. */
export function join(parts: readonly Known[], axis: number, where: string): Known {
  const [first] = parts;
  const rank = first?.dims.length ?? 0;
  const at = axis < 0 ? axis + rank : axis;
  const around = ({ dims }: Known): string => dims.map((extent, i) => (i === at ? "any" : extent)).join("x");
  if (first === undefined || at < 0 || at >= rank || parts.some((part) => around(part) !== around(first)))
    throw new BundleError(
      `${where}: constants of shape ${parts.map(({ dims }) => dims.join("x")).join(" and ")} cannot be joined`,
    );
  const dims = [...first.dims];
  dims[at] = parts.reduce((sum, part) => sum + (part.dims[at] ?? 0), 0);
  const values = room(parts.every(isWhole), product(bounded(dims, where, FOLDED_TOTAL)));
  const blocks = parts.map((part) => product(part.dims.slice(at)));
  let start = 0;
  for (let outer = 0; outer < product(dims.slice(0, at)); outer++)
    parts.forEach((part, i) => {
      const block = blocks[i] ?? 0;
      values.set(part.values.subarray(outer * block, (outer + 1) * block), start);
      start += block;
    });
  return { dims, values };
}

/** Some places of an axis, in the order of the indices. */
export function gathered(a: Known, indices: Known, axis: number, where: string): Known {
  const rank = a.dims.length;
  const at = axis < 0 ? axis + rank : axis;
  const extent = a.dims[at] ?? 0;
  if (at < 0 || at >= rank || indices.values.some((index) => index < 0 || index >= extent))
    throw new BundleError(`${where}: it picks what is not there`);
  const dims = bounded([...a.dims.slice(0, at), ...indices.dims, ...a.dims.slice(at + 1)], where);
  const values = room(isWhole(a), product(dims));
  const inner = product(a.dims.slice(at + 1));
  let start = 0;
  for (let outer = 0; outer < product(a.dims.slice(0, at)); outer++)
    indices.values.forEach((index) => {
      const from = (outer * extent + index) * inner;
      values.set(a.values.subarray(from, from + inner), start);
      start += inner;
    });
  return { dims, values };
}

/** What the values along some axes come to, taken together one by one. `finish` gets the sum and how many went into it. */
export function reduce(
  a: Known,
  axes: readonly number[],
  keep: boolean,
  op: (sum: number, value: number) => number,
  { start = 0, finish = (sum: number, _count: number): number => sum },
): Known {
  const rank = Math.max(a.dims.length, 1);
  const gone = new Set(axes.map((axis) => ((axis % rank) + rank) % rank));
  const held = a.dims.map((extent, i) => (gone.has(i) ? 1 : extent));
  const steps = stridesOf(held).map((stride, i) => (gone.has(i) ? 0 : stride));
  const sums = new Float64Array(product(held)).fill(start);
  walk(a.dims, [steps], (i, [at = 0]) => (sums[at] = op(sums[at] ?? 0, a.values[i] ?? 0)));
  const values = room(isWhole(a), sums.length);
  values.set(sums.map((sum) => finish(sum, a.values.length / sums.length)));
  return { dims: keep ? held : a.dims.filter((_, i) => !gone.has(i)), values };
}

/** The dims that a reshape asks for, with -1 worked out; null where the number of values would change. */
export function reshapedTo(target: readonly number[], count: number): number[] | null {
  const known = product(target.filter((extent) => extent !== -1));
  const dims = target.map((extent) => (extent === -1 ? count / known : extent));
  const fits = dims.every((extent) => Number.isInteger(extent) && extent >= 0);
  return product(dims) === count && fits ? dims : null;
}
