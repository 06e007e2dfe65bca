// What the command asks of this page, and what it gets back.
import type { LoadedBundle } from "../engine/bundle";
import { runners } from "../runners";
import type { Runner, RunnerFactory, VariantWishes } from "../runners/types";
import type { PageModel } from "../wire/types";

export interface AskedMode {
  /** With its wishes, as the command names it. */
  readonly name: string;
  readonly mode: string;
  readonly variant: VariantWishes | null;
}

export interface Task {
  readonly task: "script" | "first" | "look";
  readonly model: PageModel;
  readonly modes: readonly AskedMode[];
  readonly rounds: number;
}

export function readTask(): Task {
  const text = document.querySelector("#bench-task")?.textContent;
  if (!text) throw new Error("The page came without its task.");
  return JSON.parse(text) as Task;
}

/** The mode's factory, its code fetched; throws the reason where it cannot run here. */
export async function fetched({ mode }: AskedMode): Promise<RunnerFactory> {
  const factory = runners[mode];
  if (factory === undefined) throw new Error(`This page has no mode ${mode}.`);
  const available = await factory.available();
  if (!available.ok) throw new Error(available.reason);
  await factory.fetchCode();
  return factory;
}

/** A runner that is compiled, on the page. */
export async function ready(asked: AskedMode, bundle: LoadedBundle): Promise<Runner> {
  const factory = await fetched(asked);
  const runner = await factory.create({ bundle, variant: asked.variant });
  document.body.append(runner.canvas);
  await runner.compile();
  return runner;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2;
}
