// The first picture of a mode in a browser that has never run it: the model and the code are here, nothing is compiled.
import { downloadBundle } from "../measure/bundles";
import { goldenFrame } from "../measure/goldenCheck";
import { fetched } from "./task";
import type { Task } from "./task";

/** Milliseconds from nothing to compiled and uploaded, and to the picture on its canvas. */
export async function firstPicture({ model, modes }: Task): Promise<unknown> {
  const [asked] = modes;
  if (asked === undefined) throw new Error("There is no mode to run.");
  const bundle = await downloadBundle(model);
  const factory = await fetched(asked);
  const frame = goldenFrame(bundle);
  const started = performance.now();
  const runner = await factory.create({ bundle, variant: asked.variant });
  document.body.append(runner.canvas);
  await runner.compile();
  const compiled = performance.now();
  await runner.draw(frame);
  await runner.close();
  const shown = performance.now();
  const renderer = runner.renderer()?.renderer ?? null;
  const { tuning } = runner.variant;
  runner.dispose();
  return { mode: asked.name, compile_ms: compiled - started, ms: shown - started, renderer, tuning };
}
