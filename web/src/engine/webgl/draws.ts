// Issues draws. What the context still has set from the draw before is not set again; nothing else draws on it.
import type { Draw } from "./placed";

export class Drawer {
  private program: WebGLProgram | null = null;
  private framebuffer: WebGLFramebuffer | null | undefined = undefined;
  private active = -1;
  /** Texture on each unit. */
  private readonly bound: (WebGLTexture | null)[] = [];

  constructor(private readonly gl: WebGL2RenderingContext) {}

  /** After anything else has changed the context's state. */
  forget(): void {
    this.program = null;
    this.framebuffer = undefined;
    this.active = -1;
    this.bound.length = 0;
  }

  /** The state that holds for all draws. */
  prepare(vertices: WebGLVertexArrayObject): void {
    const { gl } = this;
    for (const off of [
      gl.DEPTH_TEST,
      gl.STENCIL_TEST,
      gl.BLEND,
      gl.DITHER,
      gl.SCISSOR_TEST,
      gl.CULL_FACE,
      gl.SAMPLE_COVERAGE,
    ])
      gl.disable(off);
    gl.bindVertexArray(vertices);
    gl.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
    this.forget();
  }

  /** Leaves the unit active. */
  bind(unit: number, target: number, texture: WebGLTexture): void {
    if (this.bound[unit] === texture && this.active === unit) return;
    const { gl } = this;
    if (this.active !== unit) gl.activeTexture(gl.TEXTURE0 + unit);
    this.active = unit;
    if (this.bound[unit] !== texture) gl.bindTexture(target, texture);
    this.bound[unit] = texture;
  }

  /** From the last unit to the first, or back where the first is active: that saves a call. */
  private bindAll(bindings: Draw["bindings"]): void {
    const { length } = bindings;
    const upward = this.active === 0;
    for (let i = 0; i < length; i++) {
      const unit = upward ? i : length - 1 - i;
      const binding = bindings[unit];
      if (binding && this.bound[unit] !== binding.texture) this.bind(unit, binding.target, binding.texture);
    }
  }

  issue({ program, framebuffer, viewport, bindings, numbers }: Draw): void {
    const { gl } = this;
    if (this.program !== program) gl.useProgram(program);
    this.program = program;
    if (this.framebuffer !== framebuffer) gl.bindFramebuffer(gl.FRAMEBUFFER, framebuffer);
    this.framebuffer = framebuffer;
    gl.viewport(...viewport);
    if (numbers !== null) gl.uniform4iv(numbers.at, numbers.values);
    this.bindAll(bindings);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }
}
