// What the pictures of all modes are compared with.
import type { LoadedBundle } from "../engine/bundle";
import { makePlan, multiplyAdds } from "../engine/plan";
import { asShown, referencePicture } from "../engine/reference";
import type { Frame } from "../runners/types";

export interface Yardstick {
  readonly name: string;
  readonly data: Uint8ClampedArray;
  readonly golden: boolean;
}

/** Some seconds of plain TypeScript. */
const MOST_MULTIPLY_ADDS = 1e9;

export function planMultiplyAdds(bundle: LoadedBundle): number {
  const { steps } = makePlan(bundle.manifest, { by: "read" });
  return steps.reduce((sum, step) => sum + (step.kind === "conv" ? multiplyAdds(step) : 0), 0);
}

/**
 * The golden output for the golden picture; what the plain reference makes of any other; null for a model that is too
 * large for that, whose modes can only be compared with each other.
 */
export function yardstickFor(bundle: LoadedBundle, frame: Frame, golden: boolean): Yardstick | null {
  const { shape, range } = bundle.manifest.output;
  if (golden && bundle.golden !== null)
    return { name: "the golden output", data: asShown(bundle.golden.output, shape[2], range), golden: true };
  if (planMultiplyAdds(bundle) > MOST_MULTIPLY_ADDS) return null;
  return {
    name: "the plain reference in this page",
    data: referencePicture(bundle, frame).data,
    golden: false,
  };
}
