// A session of the engine as a runner: what the modes direct-webgl, direct-webgpu and direct-wasm have in common.
import type { LoadedBundle } from "../../engine/bundle";
import type { Session, SessionOptions, Variant } from "../../engine/device";
import { makeCanvas } from "../../engine/webgl/context";
import { lostAsLost, lostAtOnce } from "../lost";
import type { CreateOptions, Runner, RunnerVariant } from "../types";
import { tunings } from "./tunings";

/** Raised with every change that can move a figure; stored with every run. */
export const ENGINE_VERSION = "1";

/** Makes a session whose pictures appear on `canvas`, which has the size of the network's output. */
export type CreateSession = (
  model: LoadedBundle,
  canvas: HTMLCanvasElement,
  options: SessionOptions,
) => Promise<Session>;

export interface DirectMode {
  readonly mode: string;
  /** Most frames that may be drawn and not yet closed. */
  readonly depth: number;
  readonly create: CreateSession;
}

const runnerVariant = ({ threads, precision, weights, tuning }: Variant): RunnerVariant => ({
  threads,
  precision,
  tuning: tuning.includes("weights=") ? tuning : `${tuning},weights=${weights}`,
  library: `fieldkit-engine ${ENGINE_VERSION}`,
});

/** Words for a tuning that say how it is found instead of what it is. */
const WAYS: Readonly<Record<string, SessionOptions["autotune"]>> = { autotune: "always", usual: "never" };

/**
 * What a study wishes, in the engine's words. Wishes for what a back end does not have are its own to refuse. A precision
 * that is wished for is kept even where it paints a wrong picture: that is then the run's outcome.
 */
export function sessionOptions({ bundle, variant }: CreateOptions): SessionOptions {
  const { precision, tuning } = variant ?? {};
  const autotune = WAYS[tuning ?? ""];
  return {
    memory: tunings,
    ...(precision ? { precision } : { golden: bundle.golden }),
    ...(autotune ? { autotune } : tuning ? { tuning } : {}),
  };
}

/**
 * A runner over a session. The session is prepared by `compile`, which must come first; pictures drawn later allocate
 * and compile nothing.
 */
export async function createDirectRunner(
  { mode, depth, create }: DirectMode,
  bundle: LoadedBundle,
  options: SessionOptions = {},
): Promise<Runner> {
  const [height, width] = bundle.manifest.output.shape;
  const canvas = makeCanvas(width, height);
  const session = await lostAsLost(create(bundle, canvas, options));
  let prepared = false;
  return {
    mode,
    canvas,
    session,
    depth,
    get variant() {
      return runnerVariant(session.variant);
    },
    renderer: () => session.renderer(),
    async compile() {
      if (prepared) return 0;
      const started = performance.now();
      await lostAsLost(session.prepare());
      prepared = true;
      return performance.now() - started;
    },
    draw: (frame) => lostAtOnce(() => session.draw(frame)),
    close: () => lostAsLost(session.finished()),
    drawPattern: (pattern) => lostAtOnce(() => session.show(pattern)),
    readPicture: () => lostAtOnce(() => session.readPicture()),
    memory() {
      const { textures, bytes } = session.memory();
      return { tensors: 0, textures, bytes };
    },
    alive: () => session.alive(),
    listen: (listener) => session.listen(listener),
    dispose() {
      session.destroy();
      canvas.remove();
    },
  };
}
