// From the text of shaders to pipelines and bind groups: all at once, the same text once, complaints by line.
import { EngineError } from "../device";
import type { Gpu } from "./gpu";
import type { Binding, Dispatch } from "./shader";

/** What a frame needs of a dispatch. */
export interface Ready {
  readonly name: string;
  readonly pipeline: GPUComputePipeline;
  readonly group: GPUBindGroup;
  readonly grid: Dispatch["grid"];
}

/** `times` times, one behind the other. */
export function issue(pass: GPUComputePassEncoder, work: readonly Ready[], times = 1): void {
  for (let i = 0; i < times; i++)
    for (const { pipeline, group, grid } of work) {
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(grid[0], grid[1], grid[2]);
    }
}

function layoutEntry(binding: Binding, at: number, visibility: number): GPUBindGroupLayoutEntry {
  const common = { binding: at, visibility };
  switch (binding.type) {
    case "texture":
      return { ...common, texture: { sampleType: binding.sample } };
    case "target":
      return { ...common, storageTexture: { format: binding.format, access: "write-only" } };
    case "read":
      return { ...common, buffer: { type: "read-only-storage" } };
    case "write":
      return { ...common, buffer: { type: "storage" } };
  }
}

const resource = (binding: Binding): GPUBindingResource =>
  "buffer" in binding ? { buffer: binding.buffer } : binding.view;

/** Why a module did not become a pipeline. */
export async function compileError(
  name: string,
  module: GPUShaderModule,
  error: unknown,
): Promise<EngineError> {
  const { messages } = await module.getCompilationInfo();
  const complaints = messages
    .filter(({ type }) => type === "error")
    .map(({ lineNum, message }) => ({ line: lineNum, text: message }));
  const first = complaints[0];
  const why = first
    ? `line ${first.line}: ${first.text}`
    : error instanceof Error
      ? error.message
      : String(error);
  return new EngineError(
    "compile",
    `The shader of ${name} did not compile: ${why}`.slice(0, 900),
    complaints,
  );
}

/** Bind groups are laid out by hand: what the browser derives from a shader leaves out what it does not use. */
export function bindGroupLayout(
  { device }: Gpu,
  label: string,
  bindings: readonly Binding[],
  visibility: number,
): GPUBindGroupLayout {
  const entries = bindings.map((binding, at) => layoutEntry(binding, at, visibility));
  return device.createBindGroupLayout({ label, entries });
}

export function bindGroup(
  { device }: Gpu,
  label: string,
  layout: GPUBindGroupLayout,
  bindings: readonly Binding[],
): GPUBindGroup {
  const entries = bindings.map((binding, at) => ({ binding: at, resource: resource(binding) }));
  return device.createBindGroup({ label, layout, entries });
}

interface Compiled {
  readonly layout: GPUBindGroupLayout;
  readonly pipeline: GPUComputePipeline;
}

async function compile(gpu: Gpu, { name, code, bindings }: Dispatch): Promise<Compiled> {
  const { device } = gpu;
  const module = device.createShaderModule({ label: name, code });
  const layout = bindGroupLayout(gpu, name, bindings, GPUShaderStage.COMPUTE);
  const pipelineLayout = device.createPipelineLayout({ label: name, bindGroupLayouts: [layout] });
  try {
    const compute = { module, entryPoint: "main" };
    const pipeline = await device.createComputePipelineAsync({
      label: name,
      layout: pipelineLayout,
      compute,
    });
    gpu.countPipeline();
    return { layout, pipeline };
  } catch (error) {
    gpu.check();
    throw await compileError(name, module, error);
  }
}

function checkGrid(gpu: Gpu, { name, grid }: Dispatch): void {
  const most = gpu.device.limits.maxComputeWorkgroupsPerDimension;
  if (Math.max(...grid) > most)
    throw new EngineError(
      "limit",
      `${name} is too large: this graphics device starts ${most} workgroups a side.`,
    );
}

/** Compiles all of them side by side. Rejects with `EngineError` "compile" or "limit". */
export async function makeReady(gpu: Gpu, dispatches: readonly Dispatch[]): Promise<Ready[]> {
  const compiled = new Map<string, Promise<Compiled>>();
  for (const dispatch of dispatches) {
    checkGrid(gpu, dispatch);
    if (!compiled.has(dispatch.code)) compiled.set(dispatch.code, compile(gpu, dispatch));
  }
  await Promise.all(compiled.values());
  return Promise.all(
    dispatches.map(async ({ name, code, bindings, grid }): Promise<Ready> => {
      const { layout, pipeline } = await (compiled.get(code) as Promise<Compiled>);
      return { name, pipeline, grid, group: bindGroup(gpu, name, layout, bindings) };
    }),
  );
}
