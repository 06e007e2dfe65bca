// Text of a compute shader with what it is bound to: bindings are declared where they are first used, in that order.
import type { Slot } from "./slots";

export type Binding =
  | { readonly type: "texture"; readonly view: GPUTextureView; readonly sample: GPUTextureSampleType }
  | { readonly type: "target"; readonly view: GPUTextureView; readonly format: GPUTextureFormat }
  | { readonly type: "read" | "write"; readonly buffer: GPUBuffer };

/** One step's work on the device. Dispatches with the same code share one pipeline. */
export interface Dispatch {
  readonly name: string;
  readonly code: string;
  readonly bindings: readonly Binding[];
  /** Workgroups. */
  readonly grid: readonly [number, number, number];
}

/** WGSL of a place's four channels as vec4f: row, column and group as i32 expressions; rows and columns from the ring's inside. */
export type Load = (y: string, x: string, group: string) => string;
export type Store = (y: string, x: string, group: string, value: string) => string;

/** Two words of two halves each as four floats. */
export const HALVES = "fn halves(v:vec2u)->vec4f{return vec4f(unpack2x16float(v.x),unpack2x16float(v.y));}";
const PACKED = "fn packed(v:vec4f)->vec2u{return vec2u(pack2x16float(v.xy),pack2x16float(v.zw));}";

const plus = (text: string, offset: number): string => (offset === 0 ? text : `${text}+${offset}`);
const times = (text: string, factor: number): string => (factor === 1 ? text : `(${text})*${factor}`);

/** WGSL of the four channels at a column and a row of a slot, both counted from the ring's outside, as i32 expressions. */
export type Fetch = (column: string, row: string) => string;
export type Put = (column: string, row: string, value: string) => string;

/** Column and row of a group in a slot. */
function placeIn({ top, left, groups }: Slot, y: string, x: string, group: string): [string, string] {
  const column = times(plus(x, left), groups);
  return [groups === 1 ? column : `${column}+${group}`, plus(y, top)];
}

export class Shader {
  private readonly enables = new Set<string>();
  private readonly declared: string[] = [];
  private readonly bindings: Binding[] = [];
  private readonly functions: string[] = [];

  private bind(binding: Binding, declare: (name: string) => string): string {
    const at = this.bindings.length;
    this.bindings.push(binding);
    this.declared.push(`@group(0) @binding(${at}) ${declare(`b${at}`)}`);
    return `b${at}`;
  }

  /** A storage buffer whose WGSL type is `type`. */
  data(buffer: GPUBuffer, type: string): string {
    return this.bind({ type: "read", buffer }, (name) => `var<storage, read> ${name}: ${type};`);
  }

  scratch(buffer: GPUBuffer, type: string): string {
    return this.bind({ type: "write", buffer }, (name) => `var<storage, read_write> ${name}: ${type};`);
  }

  picture(view: GPUTextureView): string {
    return this.bind({ type: "texture", view, sample: "float" }, (name) => `var ${name}: texture_2d<f32>;`);
  }

  /** `pitch`: WGSL of the slot's own, for shaders that are shared by slots of several sizes. */
  fetch(slot: Slot, pitch = String(slot.pitch)): Fetch {
    const { view, buffer, half } = slot;
    if (view !== null) {
      const sample = "unfilterable-float";
      const name = this.bind({ type: "texture", view, sample }, (n) => `var ${n}: texture_2d<f32>;`);
      return (column, row) => `textureLoad(${name},vec2i(${column},${row}),0)`;
    }
    const name = this.data(buffer as GPUBuffer, half ? "array<vec2u>" : "array<vec4f>");
    if (half) this.need(HALVES);
    return (column, row) => {
      const at = `${name}[(${row})*${pitch}+${column}]`;
      return half ? `halves(${at})` : at;
    };
  }

  read(slot: Slot): Load {
    const fetch = this.fetch(slot);
    return (y, x, g) => fetch(...placeIn(slot, y, x, g));
  }

  put(slot: Slot, pitch = String(slot.pitch)): Put {
    const { view, buffer, half } = slot;
    if (view !== null) {
      const format = half ? "rgba16float" : "rgba32float";
      const declare = (name: string) => `var ${name}: texture_storage_2d<${format},write>;`;
      const name = this.bind({ type: "target", view, format }, declare);
      return (column, row, v) => `textureStore(${name},vec2i(${column},${row}),${v});`;
    }
    const name = this.scratch(buffer as GPUBuffer, half ? "array<vec2u>" : "array<vec4f>");
    if (half) this.need(PACKED);
    return (column, row, v) => `${name}[(${row})*${pitch}+${column}]=${half ? `packed(${v})` : v};`;
  }

  write(slot: Slot): Store {
    const put = this.put(slot);
    return (y, x, g, v) => put(...placeIn(slot, y, x, g), v);
  }

  /** A function, or anything else of module scope; the same text only once. */
  need(text: string): void {
    if (!this.functions.includes(text)) this.functions.push(text);
  }

  enable(extension: string): void {
    this.enables.add(extension);
  }

  /** Everything that was declared, with `main` behind it. */
  module(main: string): { readonly code: string; readonly bindings: readonly Binding[] } {
    const head = [...this.enables].map((extension) => `enable ${extension};`);
    const code = [...head, ...this.declared, ...this.functions, main].join("\n");
    return { code, bindings: this.bindings };
  }

  /** `body` is that of `main(w: workgroup id, l: local index)`. */
  dispatch(name: string, size: number, body: string, grid: Dispatch["grid"]): Dispatch {
    const main = `@compute @workgroup_size(${size}) fn main(@builtin(workgroup_id) w: vec3u, @builtin(local_invocation_index) l: u32) {`;
    return { name, ...this.module(`${main}\n${body}\n}`), grid };
  }
}

/** Zeros where a value has no channel: later steps multiply them by weights of zero, and infinity times zero is no number. */
export function masked(value: string, group: string, channels: number): string {
  const over = channels % 4;
  if (over === 0) return value;
  const last = Math.floor(channels / 4);
  const keep = [0, 1, 2, 3].map((i) => String(i < over)).join(",");
  return `select(${value},select(vec4f(0),${value},vec4<bool>(${keep})),${group}==${last})`;
}

/** Side of the square of places that a workgroup of a simple step covers. */
const SIDE = 8;

/**
 * A step whose every place is computed by itself: `value` is WGSL (of y, x and group g) that ends in `let v: vec4f`.
 * Places are those of the target.
 */
export function perPlace(name: string, shader: Shader, target: Slot, value: string): Dispatch {
  const [height, width, channels] = target.shape;
  const store = shader.write(target);
  const body = `let x=i32(w.x)*${SIDE}+i32(l%${SIDE}u); let y=i32(w.y)*${SIDE}+i32(l/${SIDE}u); let g=i32(w.z);
if(x>=${width}||y>=${height}){return;}
${value}
${store("y", "x", "g", masked("v", "g", channels))}`;
  const grid = [Math.ceil(width / SIDE), Math.ceil(height / SIDE), target.groups] as const;
  return shader.dispatch(name, SIDE * SIDE, body, grid);
}
