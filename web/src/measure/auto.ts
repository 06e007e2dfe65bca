// `auto`, for free play: the quickest mode of the engine that paints the right picture on this device. It is never a run's
// mode; what it chose is.
import type { LoadedBundle } from "../engine/bundle";
import { runners } from "../runners";
import type { Runner, RunnerFactory } from "../runners/types";
import { checkGolden, goldenFrame } from "./goldenCheck";
import { acquireRunner, discardRunner } from "./pool";

export const AUTO = "auto";

/** Those that start soonest come first: when time is up, the others are not tried. */
const ORDER = ["direct-wasm", "direct-webgl", "direct-webgpu"];
const BUDGET_MS = 2_000;
const WARM = 2;
const TIMED = 5;

type Registry = Readonly<Record<string, RunnerFactory>>;

export interface AutoOptions {
  readonly bundle: LoadedBundle;
  /** What is left where no mode of the engine works: the study's own first. */
  readonly otherwise: string;
  readonly registry?: Registry;
  readonly budgetMs?: number;
}

const remembered = new Map<string, string>();

/** The modes that can be chosen: the engine's that this version has. */
export const autoModes = (registry: Registry = runners): string[] =>
  ORDER.filter((mode) => registry[mode] !== undefined);

/** The mode to play with; asked again for the same model in the same visit, the same. */
export async function chooseMode({
  bundle,
  otherwise,
  registry = runners,
  budgetMs = BUDGET_MS,
}: AutoOptions): Promise<string> {
  const known = remembered.get(bundle.sha256);
  if (known !== undefined) return known;
  const chosen = (await quickest(bundle, registry, performance.now() + budgetMs)) ?? otherwise;
  remembered.set(bundle.sha256, chosen);
  return chosen;
}

/** A mode that failed while it played is not chosen again in this visit. */
export function forgetChoice(bundle: LoadedBundle): void {
  remembered.delete(bundle.sha256);
}

interface Tried {
  readonly mode: string;
  readonly runner: Runner;
  readonly ms: number;
}

async function quickest(bundle: LoadedBundle, registry: Registry, until: number): Promise<string | null> {
  let best: Tried | null = null;
  for (const mode of autoModes(registry)) {
    const factory = registry[mode];
    if (factory === undefined || performance.now() >= until) continue;
    const tried = await inTime(tryMode(factory, bundle), until);
    if (tried !== null) best = quicker(best, tried);
  }
  return best?.mode ?? null;
}

/** The other one is sent away: two are alive at most, and the one that plays is one of them. */
function quicker(best: Tried | null, tried: Tried): Tried {
  if (best === null) return tried;
  const [winner, loser] = tried.ms < best.ms ? [tried, best] : [best, tried];
  discardRunner(loser.runner);
  return winner;
}

/** Milliseconds a picture, the runner still alive; null where the mode cannot run here or paints something else. */
async function tryMode(factory: RunnerFactory, bundle: LoadedBundle): Promise<Tried | null> {
  let runner: Runner | null = null;
  try {
    if (!(await factory.available()).ok) return null;
    ({ runner } = await acquireRunner(factory, bundle));
    await runner.compile();
    if ((await checkGolden(runner, bundle)).status !== "fail") {
      return { mode: factory.mode, runner, ms: await timeFrames(runner, bundle) };
    }
  } catch {
    // Whatever the reason: another mode plays. A study measures the mode and stores why it failed.
  }
  if (runner !== null) discardRunner(runner);
  return null;
}

async function timeFrames(runner: Runner, bundle: LoadedBundle): Promise<number> {
  const frame = goldenFrame(bundle);
  const times: number[] = [];
  for (let i = 0; i < WARM + TIMED; i++) {
    const started = performance.now();
    await runner.draw(frame);
    await runner.close();
    if (i >= WARM) times.push(performance.now() - started);
  }
  return times.sort((a, b) => a - b)[Math.floor(TIMED / 2)] ?? Infinity;
}

/** What a trial gives, or null when time is up; a runner that is ready too late is sent away. */
async function inTime(trial: Promise<Tried | null>, until: number): Promise<Tried | null> {
  let late = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const up = new Promise<null>((resolve) => {
    timer = setTimeout(
      () => {
        late = true;
        resolve(null);
      },
      Math.max(0, until - performance.now()),
    );
  });
  const ended = trial.then((tried) => {
    clearTimeout(timer);
    if (late && tried !== null) discardRunner(tried.runner);
    return late ? null : tried;
  });
  return Promise.race([ended, up]);
}
