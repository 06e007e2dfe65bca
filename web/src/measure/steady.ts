// When is a runner warm? When its newest frames take as long as the ones before them.

const SPAN = 10;
const TOLERANCE = 0.1;

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Whether the medians of the newest ten frame times and of the ten before differ by a tenth at most. */
export function isSteady(frameTimes: readonly number[]): boolean {
  if (frameTimes.length < 2 * SPAN) return false;
  const newest = median(frameTimes.slice(-SPAN));
  const before = median(frameTimes.slice(-2 * SPAN, -SPAN));
  return Math.abs(newest - before) <= TOLERANCE * Math.max(newest, before);
}
