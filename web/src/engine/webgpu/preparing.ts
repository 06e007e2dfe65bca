// Preprocessing on the device: from the picture's bytes to the network's input, one axis after the other.
import { bandsOf } from "../plan";
import type { Bands, Shape3 } from "../plan";
import { PICTURE, planPreprocessing } from "../preprocess";
import type { PreprocessingPlan } from "../preprocess";
import type { PreprocessingOp } from "../steps";
import type { Gpu } from "./gpu";
import { float } from "./kernels/activation";
import { Shader, perPlace } from "./shader";
import type { Dispatch, Load } from "./shader";
import { makeSlot, plainLayout } from "./slots";
import type { Slot } from "./slots";

interface Pass {
  readonly bands: Bands;
  readonly axis: 0 | 1;
}

/** The narrow sizes come first: they leave less to do for those behind them. */
function passesOf({ rows, columns }: PreprocessingPlan): Pass[] {
  const all = [
    { matrix: columns.down, axis: 1 },
    { matrix: rows.down, axis: 0 },
    { matrix: columns.up, axis: 1 },
    { matrix: rows.up, axis: 0 },
  ] as const;
  return all.flatMap(({ matrix, axis }) => (matrix === null ? [] : [{ bands: bandsOf(matrix), axis }]));
}

/** Bytes of the picture as floats 0..255; grey in the first channel alone. */
function readPicture(shader: Shader, picture: GPUTextureView, { grey }: PreprocessingPlan): Load {
  const name = shader.picture(picture);
  const colours = (y: string, x: string): string => `textureLoad(${name},vec2i(${x},${y}),0).xyz*255.0`;
  if (grey === null) return (y, x) => `vec4f(${colours(y, x)},0.0)`;
  return (y, x) => `vec4f(dot(${colours(y, x)},vec3f(${grey.map(float).join(",")})),0.0,0.0,0.0)`;
}

/** WGSL that leaves the weighted sum of one axis in `u`. */
function banded(gpu: Gpu, shader: Shader, load: Load, { bands, axis }: Pass): string {
  const at = axis === 0 ? "y" : "x";
  const start = shader.data(gpu.filled("places", bands.start), "array<i32>");
  const weights = shader.data(gpu.filled("shares", bands.weights), "array<f32>");
  const place = `(start+k)`;
  return `let start=${start}[${at}]; var u=vec4f(0);
for(var k=0;k<${bands.width};k++){u+=${weights}[${at}*${bands.width}+k]*${axis === 0 ? load(place, "x", "0") : load("y", place, "0")};}`;
}

function finish({ gain, offset, alpha }: PreprocessingPlan): string {
  const scaled = `u*${float(gain)}+${float(offset)}`;
  return alpha === null ? `let v=${scaled};` : `let v=vec4f((${scaled}).xyz,${float(alpha)});`;
}

/** Dispatches that make `input` of the picture in `view` (rgba8unorm, 256x256). */
export function prepareDispatches(
  gpu: Gpu,
  ops: readonly PreprocessingOp[],
  view: GPUTextureView,
  input: Slot,
): Dispatch[] {
  const [height, width] = PICTURE;
  const plan = planPreprocessing(ops, height, width);
  const passes = passesOf(plan);
  let size: Shape3 = PICTURE;
  let before: Slot | null = null;
  const load = (shader: Shader): Load =>
    before === null ? readPicture(shader, view, plan) : shader.read(before);
  const end = finish(plan);
  if (passes.length === 0) {
    const shader = new Shader();
    return [perPlace("preparing", shader, input, `let u=${load(shader)("y", "x", "0")};\n${end}`)];
  }
  return passes.map((pass, i): Dispatch => {
    const shader = new Shader();
    const { places } = pass.bands;
    size = pass.axis === 0 ? [places, size[1], 3] : [size[0], places, 3];
    const body = banded(gpu, shader, load(shader), pass);
    const last = i === passes.length - 1;
    const holding = { values: input.kind, half: false };
    const target = last
      ? input
      : makeSlot(gpu, "preparing", plainLayout("preparing", size, holding, gpu.device.limits));
    before = target;
    return perPlace(`preparing ${i + 1}`, shader, target, `${body}\n${last ? end : "let v=u;"}`);
  });
}
