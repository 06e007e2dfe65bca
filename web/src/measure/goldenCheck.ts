// Correct first: the picture as shown for the golden picture against the golden output, after a known pattern has shown
// that what is read back is what was drawn.
import type { LoadedBundle } from "../engine/bundle";
import { compareShown, passes } from "../engine/golden";
import { PICTURE } from "../engine/preprocess";
import type { Frame, Runner } from "../runners/types";
import type { Golden } from "../wire/types";
import { frameFromRgb } from "./frames";

/** Drawing bytes through a float texture may round by one level; masking browsers change values by more. */
const PATTERN_TOLERANCE = 1;

/**
 * A grey, speckled pattern that stays the same when it is mirrored, turned or its channels are swapped: it shows whether
 * read-backs are masked, and nothing else. A picture that is upside down must be a wrong picture, not a masked one. (It is
 * not plain, because browsers that add noise leave plain canvases alone.)
 */
export function knownPattern(width: number, height: number): Frame {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    const [a, b] = [Math.min(x, width - 1 - x), Math.min(y, height - 1 - y)];
    const grey = (a * b * 7 + (a + b) * 31) % 256;
    data.set([grey, grey, grey, 255], 4 * i);
  }
  return { width, height, data };
}

/** Whether what was read back is not what was drawn. */
export function isMasked(shown: Uint8ClampedArray, pattern: Frame): boolean {
  if (shown.length !== pattern.data.length) return true;
  return shown.some((value, i) => Math.abs(value - (pattern.data[i] ?? 0)) > PATTERN_TOLERANCE);
}

const unchecked = (status: Golden["status"]): Golden => ({ status, max_abs_error: null, psnr_db: null });

/** The golden picture of a bundle as an input frame; black for a model that has none. */
export function goldenFrame(bundle: LoadedBundle): Frame {
  const [height, width] = PICTURE;
  return frameFromRgb(bundle.golden?.picture ?? new Uint8Array(3 * height * width), width, height);
}

/** Draws, reads and compares. Throws only what the runner throws. */
export async function checkGolden(runner: Runner, bundle: LoadedBundle): Promise<Golden> {
  if (bundle.golden === null) return unchecked("not_checked");
  const { shape, range } = bundle.manifest.output;
  const [height, width, channels] = shape;
  const pattern = knownPattern(width, height);
  runner.drawPattern(pattern);
  if (isMasked(runner.readPicture(), pattern)) return unchecked("readback_masked");
  await runner.draw(goldenFrame(bundle));
  const shown = runner.readPicture(); // Same task: a WebGL canvas is empty again afterwards.
  await runner.close();
  const difference = compareShown(shown, bundle.golden.output, range, channels);
  return {
    status: passes(difference, runner.variant.precision) ? "pass" : "fail",
    max_abs_error: difference.maxAbsError,
    psnr_db: difference.psnrDb,
  };
}
