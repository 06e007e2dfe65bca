// The registry of the reference: one function for each kind of step. The compiler misses none.
import type { Step } from "../plan";
import { blocks } from "./blocks";
import { combine } from "./combine";
import { conv } from "./conv";
import { join } from "./join";
import { map } from "./map";
import { norm } from "./norm";
import { pool } from "./pool";
import { sample } from "./sample";
import type { Dense } from "./store";

/** A tensor of the model by name, in its full shape. */
export type Tensors = (name: string) => Float32Array;

/** What a step gives for its inputs. Sums are added up in double precision. */
export type Compute<Kind extends Step["kind"]> = (
  step: Extract<Step, { readonly kind: Kind }>,
  inputs: readonly Dense[],
  tensor: Tensors,
) => Dense;

const KINDS: { readonly [Kind in Step["kind"]]: Compute<Kind> } = {
  ...{ blocks, combine, conv, join },
  ...{ map, norm, pool, sample },
};

export function computeStep(step: Step, inputs: readonly Dense[], tensor: Tensors): Dense {
  return (KINDS[step.kind] as (step: Step, inputs: readonly Dense[], tensor: Tensors) => Dense)(
    step,
    inputs,
    tensor,
  );
}
