// One mode, alone: made, looked at, and gone again.
import type { LoadedBundle } from "../engine/bundle";
import type { StepTime } from "../engine/device";
import { EngineError } from "../engine/device";
import type { Plan } from "../engine/plan";
import { isMasked, knownPattern } from "../measure/goldenCheck";
import type { Frame, Runner, RunnerFactory, RunnerVariant } from "../runners/types";
import { quickLook } from "./timing";
import type { QuickLook } from "./timing";

export interface Shown {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray;
}

export interface Seen {
  readonly variant: RunnerVariant;
  readonly renderer: string | null;
  /** Milliseconds to compile and upload, and to the end of the first picture after that. */
  readonly compileMs: number;
  readonly firstMs: number;
  /** Null where the browser changes what pages read back. */
  readonly picture: Shown | null;
  readonly look: QuickLook;
  /** Of the engine's own modes. */
  readonly inside: { readonly plan: Plan; readonly times: readonly StepTime[] } | null;
}

export type Finding =
  | { readonly mode: string; readonly state: "seen"; readonly seen: Seen }
  | { readonly mode: string; readonly state: "unavailable" | "failed"; readonly reason: string };

export interface Looking {
  readonly bundle: LoadedBundle;
  readonly frame: Frame;
  readonly signal: AbortSignal;
  /** What is being done, a few words. */
  readonly tell: (doing: string) => void;
  /** Shows the mode's own canvas while it works. */
  readonly show: (canvas: HTMLCanvasElement) => void;
}

/** Lets the page draw before something that blocks it. */
const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 30));

/** An error as a sentence, with the first complaints of a compiler. */
export function sentence(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const complaints = error instanceof EngineError ? error.complaints.slice(0, 3) : [];
  return [error.message, ...complaints.map(({ line, text }) => `Line ${line}: ${text}`)].join(" ");
}

async function firstPicture(runner: Runner, { bundle, frame }: Looking): Promise<[Shown | null, number]> {
  const [height, width] = bundle.manifest.output.shape;
  const pattern = knownPattern(width, height);
  runner.drawPattern(pattern);
  const masked = isMasked(runner.readPicture(), pattern);
  const started = performance.now();
  await runner.draw(frame);
  const data = runner.readPicture(); // Same task: a WebGL canvas is empty again afterwards.
  await runner.close();
  return [masked ? null : { width, height, data }, performance.now() - started];
}

async function layers({ session }: Runner, looking: Looking): Promise<Seen["inside"]> {
  if (session === undefined) return null;
  looking.tell("timing each layer");
  await breathe();
  return { plan: session.plan, times: await session.profile(looking.frame) };
}

async function see(runner: Runner, looking: Looking): Promise<Seen> {
  looking.tell("compiling");
  await breathe();
  const compileMs = await runner.compile();
  looking.show(runner.canvas);
  const [picture, firstMs] = await firstPicture(runner, looking);
  looking.tell("timing frames");
  await breathe();
  const look = await quickLook(runner, looking.frame, looking.signal);
  const renderer = runner.renderer()?.renderer ?? null;
  const inside = await layers(runner, looking);
  return { variant: { ...runner.variant }, renderer, compileMs, firstMs, picture, look, inside };
}

/** Never throws but for the signal's reason: what went wrong is the finding. Leaves nothing alive. */
export async function inspect(factory: RunnerFactory, looking: Looking): Promise<Finding> {
  const { mode } = factory;
  let runner: Runner | null = null;
  try {
    const available = await factory.available();
    if (!available.ok) return { mode, state: "unavailable", reason: available.reason };
    looking.tell("loading code");
    await factory.fetchCode();
    looking.signal.throwIfAborted();
    runner = await factory.create({ bundle: looking.bundle });
    return { mode, state: "seen", seen: await see(runner, looking) };
  } catch (error) {
    looking.signal.throwIfAborted();
    return { mode, state: "failed", reason: sentence(error) };
  } finally {
    runner?.dispose();
  }
}
