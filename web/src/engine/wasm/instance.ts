// One instance of the kernels on a memory; every thread has its own.
import { FIRST_ADDRESS } from "./arena";

export const STACK_BYTES = 65_536;

export interface Kernels {
  /** Steps [from, to) by this thread alone. */
  run(from: number, to: number, scratch: number): void;
  /** Steps [from, to) with all that help. */
  lead(team: number, from: number, to: number, scratch: number): void;
  /** Takes part in whatever is led, and returns when the team is dismissed. */
  help(team: number, scratch: number, round: number): void;
  dismiss(team: number): void;
}

/** `stack`: the end of this thread's own; left out, the one that the module brings. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory, stack?: number): Kernels {
  const { exports } = new WebAssembly.Instance(module, { env: { memory } });
  const { __heap_base: base, __stack_pointer: pointer, ...kernels } = exports;
  if ((base as WebAssembly.Global<"i32">).value > FIRST_ADDRESS)
    throw new Error("The kernels need more room than the arena leaves them.");
  if (stack !== undefined) (pointer as WebAssembly.Global<"i32">).value = stack;
  return kernels as unknown as Kernels;
}
