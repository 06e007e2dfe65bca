// Padding, cropping and resizing as places along each axis.
import type { CropNode, PadNode, ResizeNode } from "../graph";
import { nearestPlaces } from "../places";
import type { AxisSample, Shape3 } from "./types";

function exactly(places: readonly number[]): AxisSample {
  const low = Int32Array.from(places);
  return { low, high: low, share: new Float32Array(places.length), exact: true };
}

/** The place that stands at `i` of a line of `size` that goes on beyond its ends; -1: a zero. */
const beyond: Record<PadNode["mode"], (i: number, size: number) => number> = {
  zero: (i, size) => (i < 0 || i >= size ? -1 : i),
  reflect: (i, size) => (i < 0 ? -i : i >= size ? 2 * size - 2 - i : i),
  symmetric: (i, size) => (i < 0 ? -1 - i : i >= size ? 2 * size - 1 - i : i),
};

export function padSample(node: PadNode, source: Shape3, axis: 0 | 1): AxisSample {
  const [before] = node.edges[axis];
  const place = beyond[node.mode];
  return exactly(Array.from({ length: node.shape[axis] }, (_, i) => place(i - before, source[axis])));
}

export function cropSample(node: CropNode, axis: 0 | 1): AxisSample {
  const [before] = node.edges[axis];
  return exactly(Array.from({ length: node.shape[axis] }, (_, i) => i + before));
}

/** As kit/models/resizing.py. */
function bilinearSample(node: ResizeNode, source: number, target: number): AxisSample {
  const at = {
    asymmetric: (i: number) => (i * source) / target,
    half_pixel: (i: number) => ((i + 0.5) * source) / target - 0.5,
    align_corners: (i: number) => (i * (source - 1)) / Math.max(target - 1, 1),
  }[node.coordinates];
  const places = Array.from({ length: target }, (_, i) => Math.min(Math.max(at(i), 0), source - 1));
  const low = Int32Array.from(places, Math.floor);
  const share = Float32Array.from(places, (place, i) => place - (low[i] ?? 0));
  return {
    low,
    high: low.map((i) => Math.min(i + 1, source - 1)),
    share,
    exact: share.every((s) => s === 0),
  };
}

export function resizeSample(node: ResizeNode, source: Shape3, axis: 0 | 1): AxisSample {
  const target = node.shape[axis];
  if (node.method === "nearest") return exactly(nearestPlaces(source[axis], target, node.coordinates));
  return bilinearSample(node, source[axis], target);
}
