// The display's refresh rate, from idle animation frames.
import { median } from "./steady";

/** Gaps between animation frames in ms; fewer than asked for where the tab is hidden and they stop coming. */
function idleGaps(count: number, limitMs: number): Promise<number[]> {
  return new Promise((resolve) => {
    const gaps: number[] = [];
    let before: number | null = null;
    const timer = setTimeout(() => finish(), limitMs);
    let handle = requestAnimationFrame(function tick(at) {
      if (before !== null && at > before) gaps.push(at - before);
      before = at;
      if (gaps.length >= count) finish();
      else handle = requestAnimationFrame(tick);
    });
    function finish(): void {
      clearTimeout(timer);
      cancelAnimationFrame(handle);
      resolve(gaps);
    }
  });
}

/** Refresh rate in Hz: the median of `gaps` idle gaps, or null where they do not come (hidden tab). Takes 2 s at 60 Hz. */
export async function measureRefresh(gaps = 120): Promise<number | null> {
  if (document.hidden) return null;
  const seen = await idleGaps(gaps, 8_000);
  return seen.length >= gaps ? 1000 / median(seen) : null;
}
