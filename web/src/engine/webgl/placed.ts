// Passes on the GPU: their textures, and the draws that they become.
import type { Precision } from "../golden";
import { PICTURE } from "../preprocess";
import { shareTextures } from "./allocate";
import { toTexels } from "./layout";
import type { Layout } from "./layout";
import { PICTURE_TEXTURE, isSlot } from "./passes";
import type { Pass, Read, Slot } from "./passes";
import type { Resources } from "./resources";
import type { Lowering } from "./steps";

/** A texture on a unit. */
export interface Binding {
  readonly target: number;
  readonly texture: WebGLTexture;
}

/** One draw call with all that it needs. */
export interface Draw {
  readonly step: string;
  readonly program: WebGLProgram;
  /** Null: the canvas. */
  readonly framebuffer: WebGLFramebuffer | null;
  readonly viewport: readonly [number, number, number, number];
  /** By unit. */
  readonly bindings: readonly Binding[];
  /** What is set before the draw, where layers of other sizes use the same program. */
  readonly numbers: { readonly at: WebGLUniformLocation | null; readonly values: Int32Array } | null;
}

/** Where a slot lies. */
export interface Stored {
  readonly layout: Layout;
  readonly texture: WebGLTexture;
  readonly framebuffer: WebGLFramebuffer;
}

/** Numbers [h, w, c] into a slot. */
export function writeValue(
  gl: WebGL2RenderingContext,
  { layout, texture }: Stored,
  values: Float32Array,
): void {
  const { width, height, layers } = layout;
  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_2D_ARRAY, texture);
  const texels = toTexels(layout, values);
  gl.texSubImage3D(gl.TEXTURE_2D_ARRAY, 0, 0, 0, 0, width, height, layers, gl.RGBA, gl.FLOAT, texels);
}

export interface Placing {
  readonly precision: Precision;
  /** Slots that keep a texture to themselves. */
  readonly lasting: ReadonlySet<Slot>;
  /** All slots do. */
  readonly apart: boolean;
}

export class Placed {
  readonly picture: WebGLTexture;
  private readonly slots = new Map<Slot, Stored>();
  private readonly tables = new Map<Read["from"], WebGLTexture>();

  /** Allocates and uploads everything that the passes read and write. */
  constructor(
    private readonly gl: WebGL2RenderingContext,
    private readonly resources: Resources,
    { passes, slots }: Lowering,
    placing: Placing,
  ) {
    const [height, width] = PICTURE;
    this.picture = resources.byteTexture(width, height);
    this.placeSlots(passes, slots.all, placing);
    resources.check("the values of this model", "limits");
    for (const { reads } of passes) for (const { from } of reads) this.binding(from);
    resources.check("the weights of this model", "limits");
  }

  private placeSlots(
    passes: readonly Pass[],
    all: readonly Slot[],
    { lasting, apart, precision }: Placing,
  ): void {
    const made = new Map<number, Pick<Stored, "texture" | "framebuffer">>();
    shareTextures(passes, all, lasting, apart).forEach((number, id) => {
      const slot = all[id];
      if (slot === undefined || number < 0) return;
      const { width, height, layers } = slot.layout;
      let found = made.get(number);
      if (found === undefined) {
        const texture = this.resources.arrayTexture(width, height, layers + 1, precision);
        found = { texture, framebuffer: this.resources.framebuffer(texture, layers) };
        made.set(number, found);
      }
      this.slots.set(slot, { layout: slot.layout, ...found });
    });
  }

  /** Null for a slot that no pass touches. */
  find(slot: Slot): Stored | null {
    return this.slots.get(slot) ?? null;
  }

  stored(slot: Slot): Stored {
    const stored = this.slots.get(slot);
    if (stored === undefined) throw new Error(`${slot.name} has no texture.`);
    return stored;
  }

  private binding(from: Read["from"]): Binding {
    const { gl } = this;
    if (from === PICTURE_TEXTURE) return { target: gl.TEXTURE_2D, texture: this.picture };
    if (isSlot(from)) return { target: gl.TEXTURE_2D_ARRAY, texture: this.stored(from).texture };
    const texture = this.tables.get(from) ?? this.resources.tableTexture(from);
    this.tables.set(from, texture);
    return { target: gl.TEXTURE_2D, texture };
  }

  /** The draws of all passes, in their order. */
  draws(passes: readonly Pass[], programs: ReadonlyMap<string, WebGLProgram>): Draw[] {
    return passes.map((pass) => {
      const draw = this.draw(pass, programs);
      const others = passes.filter(({ fragment }) => fragment === pass.fragment);
      if (draw.numbers === null || others.length > 1) return draw;
      this.gl.useProgram(draw.program);
      this.gl.uniform4iv(draw.numbers.at, draw.numbers.values);
      return { ...draw, numbers: null };
    });
  }

  private draw(pass: Pass, programs: ReadonlyMap<string, WebGLProgram>): Draw {
    const program = programs.get(pass.fragment);
    if (program === undefined) throw new Error(`${pass.step} has no program.`);
    const { layout, framebuffer } = this.stored(pass.to);
    const at = pass.numbers ? this.gl.getUniformLocation(program, "N") : null;
    return {
      step: pass.step,
      program,
      framebuffer,
      viewport: [0, pass.rows[0], layout.width, pass.rows[1]],
      bindings: pass.reads.map(({ from }) => this.binding(from)),
      numbers: pass.numbers ? { at, values: pass.numbers } : null,
    };
  }
}
