// Where a value lives on the device: [h, w, c] as groups of four channels, with a ring of zeros around it that the
// convolutions behind it read, so that no shader has to ask whether it is beyond an edge. Rings are never written: what is
// new on a device is zero, and a place is only used again by values of the same layout.
import type { Plan, Shape3, Step, Value } from "../plan";
import { EngineError } from "../device";
import type { Gpu } from "./gpu";

export interface Ring {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}

export interface Layout extends Ring {
  readonly kind: "texture" | "buffer";
  readonly half: boolean;
  readonly shape: Shape3;
  readonly groups: number;
  /** Texels, or vectors, of a row with its ring. */
  readonly pitch: number;
  readonly rows: number;
}

export interface Slot extends Layout {
  readonly texture: GPUTexture | null;
  readonly view: GPUTextureView | null;
  readonly buffer: GPUBuffer | null;
}

const NO_RING: Ring = { top: 0, bottom: 0, left: 0, right: 0 };

/** What a step reads beyond the edges of a value. */
function reach(step: Step, { shape }: Value): Ring {
  if (step.kind !== "conv") return NO_RING;
  const beyond = (axis: 0 | 1, side: -1 | 1): number => {
    const over = step.phases.flatMap(({ places, taps }) =>
      taps.map((tap) => {
        const distance = axis === 0 ? tap.dy : tap.dx;
        const last = (places[axis] - 1) * step.stride[axis] + distance;
        return side < 0 ? -distance : last - (shape[axis] - 1);
      }),
    );
    return Math.max(0, ...over);
  };
  return { top: beyond(0, -1), bottom: beyond(0, 1), left: beyond(1, -1), right: beyond(1, 1) };
}

/** The ring of every value, by its id. */
function ringsOf(plan: Plan): Ring[] {
  const rings = plan.values.map(() => NO_RING);
  for (const step of plan.steps)
    for (const value of step.inputs) {
      const [a, b] = [rings[value.id] ?? NO_RING, reach(step, value)];
      rings[value.id] = {
        top: Math.max(a.top, b.top),
        bottom: Math.max(a.bottom, b.bottom),
        left: Math.max(a.left, b.left),
        right: Math.max(a.right, b.right),
      };
    }
  return rings;
}

export interface Holding {
  readonly values: "texture" | "buffer";
  readonly half: boolean;
}

type Limits = Pick<GPUSupportedLimits, "maxTextureDimension2D" | "maxStorageBufferBindingSize">;

/** In a texture where that is wanted and it fits, else in a buffer. Throws `EngineError` "limit". */
export function layoutOf(name: string, shape: Shape3, ring: Ring, holding: Holding, limits: Limits): Layout {
  const [height, width, channels] = shape;
  const groups = Math.ceil(channels / 4);
  const pitch = (width + ring.left + ring.right) * groups;
  const rows = height + ring.top + ring.bottom;
  const fits = Math.max(pitch, rows) <= limits.maxTextureDimension2D;
  const kind = fits ? holding.values : "buffer";
  const most = limits.maxStorageBufferBindingSize;
  const bytes = pitch * rows * (holding.half ? 8 : 16);
  if (kind === "buffer" && bytes > most)
    throw new EngineError(
      "limit",
      `${name} needs ${bytes} bytes in one piece; this graphics device binds ${most}.`,
    );
  return { ...ring, kind, half: holding.half, shape, groups, pitch, rows };
}

/** The layout of every value that a step, the input or a constant makes, by id; others have none. */
export function layoutsOf(plan: Plan, holding: Holding, limits: Limits): (Layout | null)[] {
  const rings = ringsOf(plan);
  const made = new Set([plan.input, ...plan.constants.map(({ value }) => value)]);
  for (const step of plan.steps) made.add(step.output);
  return plan.values.map((value) =>
    made.has(value) ? layoutOf(value.name, value.shape, rings[value.id] ?? NO_RING, holding, limits) : null,
  );
}

export const plainLayout = (name: string, shape: Shape3, holding: Holding, limits: Limits): Layout =>
  layoutOf(name, shape, NO_RING, holding, limits);

export function makeSlot(gpu: Gpu, label: string, layout: Layout): Slot {
  if (layout.kind === "buffer") {
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const buffer = gpu.buffer(label, layout.pitch * layout.rows * (layout.half ? 8 : 16), usage);
    return { ...layout, buffer, texture: null, view: null };
  }
  const usage =
    GPUTextureUsage.TEXTURE_BINDING |
    GPUTextureUsage.STORAGE_BINDING |
    GPUTextureUsage.COPY_SRC |
    GPUTextureUsage.COPY_DST;
  const format = layout.half ? "rgba16float" : "rgba32float";
  const texture = gpu.texture(label, [layout.pitch, layout.rows], format, usage);
  return { ...layout, texture, view: texture.createView(), buffer: null };
}
