// Runs a plan step by step.
import type { Model } from "../device";
import { makePlan } from "../plan";
import type { Joining, Plan } from "../plan";
import { computeStep } from "./steps";
import type { Tensors } from "./steps";
import { Store } from "./store";

export interface ReferenceOptions {
  readonly joining?: Joining;
  /** Called after each step, for tests that look or interfere. */
  readonly afterStep?: (index: number, store: Store) => void;
}

/** Runs a plan on an input [h, w, c]; gives its memory. */
export function runPlan(
  plan: Plan,
  tensor: Tensors,
  input: Float32Array,
  afterStep: ReferenceOptions["afterStep"] = () => undefined,
): Store {
  const store = new Store(plan);
  store.write(plan.input, input);
  for (const constant of plan.constants) store.write(constant.value, tensor(constant.tensor));
  plan.steps.forEach((step, i) => {
    store.write(
      step.output,
      computeStep(
        step,
        step.inputs.map((value) => store.read(value)),
        tensor,
      ),
    );
    afterStep(i, store);
  });
  return store;
}

/** All values of a network by name, [h, w, c], for an input [h, w, c] as preprocessing leaves it. */
export function runReference(
  model: Model,
  input: Float32Array,
  { joining = { by: "read" }, afterStep }: ReferenceOptions = {},
): Map<string, Float32Array> {
  const plan = makePlan(model.manifest, joining);
  const store = runPlan(plan, (name) => model.tensor(name), input, afterStep);
  return new Map(plan.values.map((value) => [value.name, store.read(value)]));
}
