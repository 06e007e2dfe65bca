// Times every step by itself: by the GPU's own clock where it has one, else from fence to fence.
import type { StepTime } from "../device";
import { nextTask } from "../poll";
import type { Draw } from "./placed";
import type { Drawer } from "./draws";
import { closeFence } from "./fence";
import type { Resources } from "./resources";

/** Of EXT_disjoint_timer_query_webgl2, which TypeScript does not know. */
const TIME_ELAPSED = 0x88bf;
const REPEATS = 5;

const median = (numbers: readonly number[]): number =>
  [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;

/** Neighbouring draws of the same step. */
function groupsOf(draws: readonly Draw[]): { name: string; draws: Draw[] }[] {
  const groups: { name: string; draws: Draw[] }[] = [];
  for (const draw of draws) {
    const last = groups.at(-1);
    if (last?.name === draw.step) last.draws.push(draw);
    else groups.push({ name: draw.step, draws: [draw] });
  }
  return groups;
}

async function byQuery(gl: WebGL2RenderingContext, resources: Resources, work: () => void): Promise<number> {
  const query = resources.query();
  gl.beginQuery(TIME_ELAPSED, query);
  work();
  gl.endQuery(TIME_ELAPSED);
  await closeFence(gl);
  while (gl.getQueryParameter(query, gl.QUERY_RESULT_AVAILABLE) !== true && !gl.isContextLost())
    await nextTask();
  const ns = Number(gl.getQueryParameter(query, gl.QUERY_RESULT));
  resources.release(query);
  return ns / 1e6;
}

async function byFence(gl: WebGL2RenderingContext, work: () => void): Promise<number> {
  await closeFence(gl);
  const started = performance.now();
  work();
  await closeFence(gl);
  return performance.now() - started;
}

/** Median milliseconds of each step. */
export async function timeDraws(
  gl: WebGL2RenderingContext,
  resources: Resources,
  drawer: Drawer,
  draws: readonly Draw[],
): Promise<StepTime[]> {
  const queries = gl.getExtension("EXT_disjoint_timer_query_webgl2") !== null;
  const groups = groupsOf(draws);
  const times = groups.map((): number[] => []);
  for (let round = 0; round < REPEATS; round++)
    for (const [i, group] of groups.entries()) {
      const work = (): void => group.draws.forEach((draw) => drawer.issue(draw));
      times[i]?.push(await (queries ? byQuery(gl, resources, work) : byFence(gl, work)));
    }
  return groups.map(({ name }, i) => ({ name, ms: median(times[i] ?? []) }));
}
