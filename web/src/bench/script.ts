// How long a picture keeps the page's own thread: from `draw` to its return, when the last call was issued. What the GPU
// does afterwards is not in it. Two modes take turns, as in all comparisons.
import { downloadBundle } from "../measure/bundles";
import { inTurn, loadFrames } from "../measure/frames";
import type { Frame, Runner } from "../runners/types";
import { countCalls } from "./calls";
import { median, ready } from "./task";
import type { Task } from "./task";

const WARM_UP = 2;
const ROUND = { least: 5, most: 40, ms: 1_000 };

async function drawTime(runner: Runner, frame: Frame): Promise<number> {
  const started = performance.now();
  const issued = runner.draw(frame);
  const ms = performance.now() - started;
  await issued;
  await runner.close();
  return ms;
}

async function oneRound(runner: Runner, next: () => Frame): Promise<number> {
  for (let i = 0; i < WARM_UP; i++) await drawTime(runner, next());
  const until = performance.now() + ROUND.ms;
  const times: number[] = [];
  while (times.length < ROUND.least || (times.length < ROUND.most && performance.now() < until))
    times.push(await drawTime(runner, next()));
  return median(times);
}

/** Milliseconds of each mode in each round, A B, B A, ..., and calls a picture. */
export async function scriptTime({ model, modes, rounds }: Task): Promise<unknown> {
  const bundle = await downloadBundle(model);
  const next = inTurn(await loadFrames());
  const made: { readonly name: string; readonly runner: Runner; readonly ms: number[] }[] = [];
  for (const asked of modes) made.push({ name: asked.name, runner: await ready(asked, bundle), ms: [] });
  for (let round = 0; round < rounds; round++) {
    for (const { runner, ms } of round % 2 === 0 ? made : [...made].reverse())
      ms.push(await oneRound(runner, next));
  }
  const rows = [];
  for (const { name, runner, ms } of made) {
    const counted = await countCalls(() => runner.draw(next()));
    await runner.close();
    rows.push({ mode: name, ms, ...counted, renderer: runner.renderer()?.renderer ?? null });
  }
  for (const { runner } of made) runner.dispose();
  return { rows };
}
