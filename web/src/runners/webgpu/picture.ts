// A visible WebGPU canvas that shows a buffer of floats: the last step of the WebGPU rivals. Nothing is read back.
import { makeCanvas } from "../../engine/webgl/context";
import type { Frame, Runner } from "../types";
import SHADER from "./picture.wgsl?raw";

export interface GpuPicture extends Pick<Runner, "canvas" | "drawPattern" | "readPicture"> {
  /** Shows `values`: floats [h, w, channels] in the output's range. */
  draw(values: GPUBuffer): void;
  dispose(): void;
}

interface Look {
  readonly uniform: GPUBuffer;
  /** One group a buffer, as long as that lives: nothing is made anew from frame to frame. */
  readonly groups: WeakMap<GPUBuffer, GPUBindGroup>;
}

function makePipeline(device: GPUDevice, format: GPUTextureFormat): GPURenderPipeline {
  const module = device.createShaderModule({ label: "picture", code: SHADER });
  return device.createRenderPipeline({
    label: "picture",
    layout: "auto",
    vertex: { module },
    fragment: { module, targets: [{ format }] },
  });
}

function makeLook(
  device: GPUDevice,
  [low, high]: readonly [number, number],
  channels: number,
  width: number,
): Look {
  const uniform = device.createBuffer({
    label: "picture look",
    size: 16,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  device.queue.writeBuffer(uniform, 0, new Float32Array([low, 1 / (high - low)]));
  device.queue.writeBuffer(uniform, 8, new Uint32Array([channels, width]));
  return { uniform, groups: new WeakMap() };
}

/** What a canvas shows now, by way of a 2D canvas: reading a WebGPU buffer would take until a later task. */
function readShown(canvas: HTMLCanvasElement): Uint8ClampedArray {
  const copy = makeCanvas(canvas.width, canvas.height);
  const context = copy.getContext("2d", { willReadFrequently: true });
  if (context === null) throw new Error("This browser gives no 2D canvas.");
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, copy.width, copy.height).data;
}

export function makeGpuPicture(
  device: GPUDevice,
  [height, width, channels]: readonly [number, number, number],
  range: readonly [number, number],
): GpuPicture {
  const canvas = makeCanvas(width, height);
  const context = canvas.getContext("webgpu");
  if (context === null) throw new Error("This browser gives no WebGPU canvas.");
  const format = navigator.gpu.getPreferredCanvasFormat();
  context.configure({ device, format, alphaMode: "opaque" });
  const pipeline = makePipeline(device, format);
  const looks = {
    output: makeLook(device, range, channels, width),
    bytes: makeLook(device, [0, 255], 4, width),
  };

  function group(look: Look, values: GPUBuffer): GPUBindGroup {
    const found = look.groups.get(values);
    if (found !== undefined) return found;
    const entries = [values, look.uniform].map((buffer, binding) => ({ binding, resource: { buffer } }));
    const made = device.createBindGroup({
      label: "picture",
      layout: pipeline.getBindGroupLayout(0),
      entries,
    });
    look.groups.set(values, made);
    return made;
  }

  function show(look: Look, values: GPUBuffer): void {
    const encoder = device.createCommandEncoder({ label: "picture" });
    const view = context?.getCurrentTexture().createView();
    if (view === undefined) return;
    const pass = encoder.beginRenderPass({ colorAttachments: [{ view, loadOp: "clear", storeOp: "store" }] });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group(look, values));
    pass.draw(3);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  return {
    canvas,
    draw: (values) => show(looks.output, values),
    drawPattern({ data }: Frame) {
      const values = device.createBuffer({
        label: "pattern",
        size: 4 * data.length,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      });
      device.queue.writeBuffer(values, 0, Float32Array.from(data));
      show(looks.bytes, values);
      values.destroy();
    },
    readPicture: () => readShown(canvas),
    dispose() {
      looks.output.uniform.destroy();
      looks.bytes.uniform.destroy();
      context.unconfigure();
      canvas.remove();
    },
  };
}
