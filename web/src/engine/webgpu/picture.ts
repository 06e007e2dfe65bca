// The last pass of a frame: the output, or plain bytes, over the whole canvas.
import type { Gpu } from "./gpu";
import { float } from "./kernels/activation";
import { bindGroup, bindGroupLayout, compileError } from "./pipelines";
import { Shader } from "./shader";
import type { Slot } from "./slots";

export interface Shown {
  readonly pipeline: GPURenderPipeline;
  readonly group: GPUBindGroup;
}

/** One triangle that covers the canvas. */
const VERTEX = `@vertex fn corner(@builtin(vertex_index) i: u32) -> @builtin(position) vec4f {
return vec4f(f32(i&1u)*4.0-1.0, f32(i>>1u)*4.0-1.0, 0.0, 1.0); }`;

const FRAGMENT = (value: string): string => `${VERTEX}
@fragment fn main(@builtin(position) at: vec4f) -> @location(0) vec4f {
let x=i32(at.x); let y=i32(at.y);
${value}
}`;

/** `shader` declares what WGSL `value` reads, which returns the colour of place (y, x). */
async function makeShown(gpu: Gpu, shader: Shader, label: string, value: string): Promise<Shown> {
  const { device } = gpu;
  const { code, bindings } = shader.module(FRAGMENT(value));
  const module = device.createShaderModule({ label, code });
  const layout = bindGroupLayout(gpu, label, bindings, GPUShaderStage.FRAGMENT);
  const targets = [{ format: navigator.gpu.getPreferredCanvasFormat() }];
  try {
    const pipeline = await device.createRenderPipelineAsync({
      label,
      layout: device.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
      vertex: { module, entryPoint: "corner" },
      fragment: { module, entryPoint: "main", targets },
    });
    gpu.countPipeline();
    return { pipeline, group: bindGroup(gpu, label, layout, bindings) };
  } catch (error) {
    gpu.check();
    throw await compileError(label, module, error);
  }
}

/**
 * The output as bytes: its range to 0..255, one channel as grey, a fourth left out. What is no number is magenta, and the
 * comparison is by bits, because compilers may take for granted that there is none.
 */
export function makeOutput(gpu: Gpu, output: Slot, range: readonly [number, number]): Promise<Shown> {
  const shader = new Shader();
  const load = shader.read(output);
  const colour = output.shape[2] === 1 ? "shown.xxx" : "shown.xyz";
  const value = `let v=${load("y", "x", "0")};
let shown=round(clamp((v-${float(range[0])})/${float(range[1] - range[0])},vec4f(0),vec4f(1))*255.0)/255.0;
let wrong=(bitcast<vec4u>(v)&vec4u(0x7fffffffu))>vec4u(0x7f800000u);
if(any(wrong)){return vec4f(1.0,0.0,1.0,1.0);}
return vec4f(${colour},1.0);`;
  return makeShown(gpu, shader, "picture", value);
}

/** Bytes in a texture as they are. */
export function makeBytes(gpu: Gpu, view: GPUTextureView): Promise<Shown> {
  const shader = new Shader();
  const name = shader.picture(view);
  return makeShown(gpu, shader, "bytes", `return vec4f(textureLoad(${name},vec2i(x,y),0).xyz,1.0);`);
}

/** Issues the pass. */
export function showOn(
  context: GPUCanvasContext,
  encoder: GPUCommandEncoder,
  { pipeline, group }: Shown,
): void {
  const view = context.getCurrentTexture().createView();
  const pass = encoder.beginRenderPass({
    colorAttachments: [{ view, loadOp: "clear", clearValue: [0, 0, 0, 1], storeOp: "store" }],
  });
  pass.setPipeline(pipeline);
  pass.setBindGroup(0, group);
  pass.draw(3);
  pass.end();
}
