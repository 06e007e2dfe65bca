// Padding, cropping, resizing: places along both axes from a table.
import type { AxisSample, SampleStep } from "../../plan";
import { Shader, perPlace } from "../shader";
import type { Dispatch } from "../shader";
import type { Making } from "./context";

/** [low, high, bits of share, 0] of each place. */
function table(axes: readonly AxisSample[]): Int32Array {
  const rows = axes.flatMap(({ low, high, share }) => {
    const bits = new Int32Array(share.slice().buffer);
    return Array.from(low, (place, i) => [place, high[i] ?? 0, bits[i] ?? 0, 0]);
  });
  return Int32Array.from(rows.flat());
}

export function sampleKernel(step: SampleStep, making: Making): Dispatch[] {
  const [source] = step.inputs;
  if (source === undefined) return [];
  const shader = new Shader();
  const load = shader.read(making.slot(source));
  const places = shader.data(making.gpu.filled(step.name, table([step.rows, step.columns])), "array<vec4i>");
  const height = step.output.shape[0];
  const row = (r: string): string =>
    step.columns.exact
      ? load(r, "s.x", "g")
      : `mix(${load(r, "s.x", "g")},${load(r, "s.y", "g")},bitcast<f32>(s.z))`;
  const mixed = step.rows.exact ? row("r.x") : `mix(${row("r.x")},${row("r.y")},bitcast<f32>(r.z))`;
  const body = `let r=${places}[y]; let s=${places}[x+${height}];
var v=vec4f(0); if(r.x>=0&&s.x>=0){v=${mixed};}`;
  return [perPlace(step.name, shader, making.slot(step.output), body)];
}
