// Channels of several values copied into one.
import type { JoinStep } from "../../plan";
import type { Pass, Slot } from "../passes";
import type { Lowering } from "./context";
import { byChannel, simplePass } from "./simple";

/** `n` names the channel within the value that has it. */
function picked(inputs: readonly Slot[]): string {
  let first = 0;
  const cases = inputs.map(({ layout }, i) => {
    const begin = first;
    first += layout.shape[2];
    return `  if (c < ${first}) return a${i}_channel(y, x, c - ${begin});`;
  });
  return `float pick(int y, int x, int c) {\n${cases.join("\n")}\n  return 0.0;\n}`;
}

/** Several passes where there are more values than one shader can read: each joins what the one before made and more. */
export function joinPass(lowering: Lowering, step: string, inputs: readonly Slot[], to: Slot): Pass[] {
  const most = lowering.limits.units;
  if (inputs.length > most) {
    const [h, w] = to.layout.shape;
    const some = inputs.slice(0, most);
    const channels = some.reduce((sum, { layout }) => sum + layout.shape[2], 0);
    const part = lowering.between(`${step} joined`, [h, w, channels]);
    const rest = [part, ...inputs.slice(most)];
    return [...joinPass(lowering, step, some, part), ...joinPass(lowering, step, rest, to)];
  }
  const values = Object.fromEntries(inputs.map((slot, i) => [`a${i}`, slot]));
  return [simplePass({ step, values, to, functions: picked(inputs), body: byChannel("pick(y, x, c)") })];
}

export function lowerJoin(lowering: Lowering, step: JoinStep): void {
  const inputs = step.inputs.map((value) => lowering.slotOf(value));
  lowering.passes.push(...joinPass(lowering, step.name, inputs, lowering.place(step.output)));
}
