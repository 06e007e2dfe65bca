// Everything that a frame needs, made once: slots, dispatches, pipelines, the way to the canvas.
import type { Model } from "../device";
import type { Plan, Value } from "../plan";
import type { Gpu } from "./gpu";
import { dispatchesOf } from "./kernels";
import type { Making } from "./kernels";
import { makeBytes, makeOutput } from "./picture";
import type { Shown } from "./picture";
import { makeReady } from "./pipelines";
import type { Ready } from "./pipelines";
import { makeSlots } from "./pool";
import { prepareDispatches } from "./preparing";
import type { Dispatch } from "./shader";
import type { Layout, Slot } from "./slots";
import { makeUpload } from "./sources";
import type { Upload } from "./sources";
import { writeSlot } from "./transfer";
import type { Tuning } from "./tuning";

export interface Program {
  readonly upload: Upload;
  readonly preparing: readonly Ready[];
  /** By step of the plan. */
  readonly steps: readonly { readonly name: string; readonly work: readonly Ready[] }[];
  readonly output: Shown;
  readonly bytes: Shown;
  /** Texture of the output's size, for `bytes`. */
  readonly pattern: GPUTexture;
  slot(value: Value): Slot;
}

export interface Recipe {
  readonly model: Model;
  readonly plan: Plan;
  readonly layouts: readonly (Layout | null)[];
  readonly tuning: Tuning;
  readonly keepValues: boolean;
}

/** What the generators of shaders are given. */
export function makingOf(gpu: Gpu, model: Model, tuning: Tuning, slot: Making["slot"]): Making {
  const entries = new Map(model.manifest.tensors.map((entry) => [entry.name, entry]));
  return {
    gpu,
    tuning,
    slot,
    tensor: model.tensor,
    scales(name, axis) {
      const entry = entries.get(name);
      const stored = entry?.dtype === "int8" && entry.scale !== null && entry.channel_axis === axis;
      return stored ? model.tensor(entry.scale) : null;
    },
  };
}

function makePattern(gpu: Gpu, plan: Plan): GPUTexture {
  const [height, width] = plan.output.shape;
  const usage = GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST;
  return gpu.texture("bytes", [width, height], "rgba8unorm", usage);
}

/** Everything is issued before the first wait, so that pipelines compile side by side. Rejects with `EngineError`. */
export async function makeProgram(gpu: Gpu, recipe: Recipe): Promise<Program> {
  const { plan, model } = recipe;
  const slots = makeSlots(gpu, plan, recipe.layouts, recipe.keepValues);
  const slot = (value: Value): Slot => {
    const found = slots[value.id];
    if (!found) throw new Error(`The plan makes no value ${value.name}.`);
    return found;
  };
  for (const { value, tensor } of plan.constants) writeSlot(gpu, slot(value), model.tensor(tensor));
  const upload = makeUpload(gpu);
  const making = makingOf(gpu, model, recipe.tuning, slot);
  const preparing = prepareDispatches(gpu, model.manifest.preprocessing, upload.view, slot(plan.input));
  const steps: Dispatch[][] = plan.steps.map((step) => dispatchesOf(step, making));
  const pattern = makePattern(gpu, plan);
  const [ready, output, bytes] = await Promise.all([
    makeReady(gpu, [...preparing, ...steps.flat()]),
    makeOutput(gpu, slot(plan.output), model.manifest.output.range),
    makeBytes(gpu, pattern.createView()),
  ]);
  let taken = preparing.length;
  const ofSteps = steps.map((dispatches, i) => {
    taken += dispatches.length;
    return { name: plan.steps[i]?.name ?? "", work: ready.slice(taken - dispatches.length, taken) };
  });
  return {
    ...{ upload, output, bytes, pattern, slot, steps: ofSteps },
    preparing: ready.slice(0, preparing.length),
  };
}
