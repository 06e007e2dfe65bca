// Where a resize by the nearest place looks, exactly, as in kit/models/resizing.py.
import type { ResizeNode } from "./nodes";

/** For each of `target` places the one of `source` that it takes. In whole numbers, so nothing is rounded. */
export function nearestPlaces(
  source: number,
  target: number,
  coordinates: ResizeNode["coordinates"],
): readonly number[] {
  const last = Math.max(target - 1, 1);
  const place = {
    asymmetric: (i: number) => Math.floor((i * source) / target),
    half_pixel: (i: number) => Math.floor(((2 * i + 1) * source) / (2 * target)),
    align_corners: (i: number) => Math.floor((2 * i * (source - 1) + last) / (2 * last)),
  }[coordinates];
  return Array.from({ length: target }, (_, i) => Math.min(place(i), source - 1));
}
