// The runners that are alive: two at most, because more of them slow each other down. A third sends the one away that
// was used longest ago; one whose context is lost is never handed out again.
import type { LoadedBundle } from "../engine/bundle";
import type { Runner, RunnerFactory, VariantWishes } from "../runners/types";
import { wishesText } from "./wishes";

const MOST_ALIVE = 2;

interface Pooled {
  readonly key: string;
  readonly runner: Runner;
}

/** Last used at the end. */
let alive: Pooled[] = [];
const startedBackEnds = new Set<string>();

export interface Acquired {
  readonly runner: Runner;
  /** Milliseconds it took to make it (0 when it was there). */
  readonly createMs: number;
  /** Whether nothing on this back end had run in this page before. */
  readonly cold: boolean;
}

/** The same mode with other wishes is another runner. */
const keyOf = (factory: RunnerFactory, bundle: LoadedBundle, wishes: VariantWishes | null): string =>
  `${factory.mode}[${wishesText(wishes)}] ${bundle.sha256}`;

function remove(gone: (entry: Pooled) => boolean): void {
  const leaving = alive.filter(gone);
  alive = alive.filter((entry) => !gone(entry));
  for (const { runner } of leaving) runner.dispose();
}

/** The runner of a condition, made if there is none. Throws what `create` throws. */
export async function acquireRunner(
  factory: RunnerFactory,
  bundle: LoadedBundle,
  wishes: VariantWishes | null = null,
): Promise<Acquired> {
  remove((entry) => !entry.runner.alive());
  const key = keyOf(factory, bundle, wishes);
  const found = alive.find((entry) => entry.key === key);
  if (found !== undefined) {
    alive = [...alive.filter((entry) => entry !== found), found];
    return { runner: found.runner, createMs: 0, cold: false };
  }
  const oldest = alive.length >= MOST_ALIVE ? alive[0] : undefined;
  if (oldest !== undefined) remove((entry) => entry === oldest);
  const cold = !startedBackEnds.has(factory.backEnd);
  startedBackEnds.add(factory.backEnd);
  const started = performance.now();
  const runner = await factory.create({ bundle, variant: wishes });
  alive.push({ key, runner });
  return { runner, createMs: performance.now() - started, cold };
}

/** Sends a runner away, for instance after it failed. */
export function discardRunner(runner: Runner): void {
  remove((entry) => entry.runner === runner);
}

/** Gives everything back, for instance at the end of a visit. */
export function disposeRunners(): void {
  remove(() => true);
}

/** How many are alive. */
export const aliveRunners = (): number => alive.length;
