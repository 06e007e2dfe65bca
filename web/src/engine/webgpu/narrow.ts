// A device binds only so many values at once: steps that read more get them joined before, a few at a time.
import type { Plan, Step, Value } from "../plan";

/** Every device binds eight storage buffers: a convolution has weights, biases, sizes and a target besides. */
const MOST = 4;

/** The same plan, but no step reads more than `MOST` values. */
export function narrowed(plan: Plan): Plan {
  const values: Value[] = [...plan.values];
  const join = (inputs: readonly Value[]): { value: Value; step: Step } => {
    const [height = 1, width = 1] = inputs[0]?.shape ?? [];
    const channels = inputs.reduce((sum, { shape }) => sum + shape[2], 0);
    const name = `joined ${values.length}`;
    const value: Value = { id: values.length, name, shape: [height, width, channels], home: null };
    values.push(value);
    return { value, step: { kind: "join", name, inputs, output: value } };
  };
  const steps = plan.steps.flatMap((step): Step[] => {
    let inputs = step.inputs;
    const before: Step[] = [];
    while (inputs.length > MOST) {
      const joined = join(inputs.slice(0, MOST));
      before.push(joined.step);
      inputs = [joined.value, ...inputs.slice(MOST)];
    }
    return [...before, before.length > 0 ? { ...step, inputs } : step];
  });
  return { ...plan, values, steps };
}
