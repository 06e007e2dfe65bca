// Every object on the GPU that a session owns: made, counted and given back here.
import { EngineError } from "../device";
import type { Table } from "./passes";

interface Owned {
  readonly remove: () => void;
  readonly bytes: number;
  readonly texture: boolean;
}

const lost = (): EngineError => new EngineError("lost", "The graphics context was lost.");

/** Internal format, format and type by how the numbers are stored. */
function formatOf(gl: WebGL2RenderingContext, storage: Table["storage"]): [number, number, number, number] {
  if (storage === "int32") return [gl.RGBA32I, gl.RGBA_INTEGER, gl.INT, 16];
  if (storage === "float16") return [gl.RGBA16F, gl.RGBA, gl.FLOAT, 8];
  return [gl.RGBA32F, gl.RGBA, gl.FLOAT, 16];
}

export class Resources {
  private readonly owned = new Map<object, Owned>();

  constructor(private readonly gl: WebGL2RenderingContext) {}

  private keep<T extends object>(made: T | null, remove: (made: T) => void, bytes = 0, texture = false): T {
    if (made === null || this.gl.isContextLost()) throw lost();
    this.owned.set(made, { remove: () => remove(made), bytes, texture });
    return made;
  }

  get objects(): number {
    return this.owned.size;
  }

  get textures(): number {
    return [...this.owned.values()].filter(({ texture }) => texture).length;
  }

  get bytes(): number {
    return [...this.owned.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  private plainTexture(target: number, bytes: number): WebGLTexture {
    const { gl } = this;
    const texture = this.keep(gl.createTexture(), (made) => gl.deleteTexture(made), bytes, true);
    gl.bindTexture(target, texture);
    gl.texParameteri(target, gl.TEXTURE_MIN_FILTER, gl.NEAREST);
    gl.texParameteri(target, gl.TEXTURE_MAG_FILTER, gl.NEAREST);
    gl.texParameteri(target, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(target, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
    return texture;
  }

  /** Zeros until something is drawn into it. */
  arrayTexture(width: number, height: number, layers: number, storage: "float32" | "float16"): WebGLTexture {
    const { gl } = this;
    const [internal, , , bytes] = formatOf(gl, storage);
    const texture = this.plainTexture(gl.TEXTURE_2D_ARRAY, width * height * layers * bytes);
    gl.texStorage3D(gl.TEXTURE_2D_ARRAY, 1, internal, width, height, layers);
    return texture;
  }

  tableTexture(table: Table): WebGLTexture {
    const { gl } = this;
    const { width, height } = table;
    const [internal, format, type, bytes] = formatOf(gl, table.storage);
    const texture = this.plainTexture(gl.TEXTURE_2D, width * height * bytes);
    gl.texStorage2D(gl.TEXTURE_2D, 1, internal, width, height);
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, width, height, format, type, table.values());
    return texture;
  }

  byteTexture(width: number, height: number): WebGLTexture {
    const { gl } = this;
    const texture = this.plainTexture(gl.TEXTURE_2D, width * height * 4);
    gl.texStorage2D(gl.TEXTURE_2D, 1, gl.RGBA8, width, height);
    return texture;
  }

  /** Draws into the first `layers` layers of an array texture. */
  framebuffer(texture: WebGLTexture, layers: number): WebGLFramebuffer {
    const { gl } = this;
    const made = this.keep(gl.createFramebuffer(), (gone) => gl.deleteFramebuffer(gone));
    const points = Array.from({ length: layers }, (_, i) => gl.COLOR_ATTACHMENT0 + i);
    gl.bindFramebuffer(gl.FRAMEBUFFER, made);
    points.forEach((point, i) => gl.framebufferTextureLayer(gl.FRAMEBUFFER, point, texture, 0, i));
    gl.drawBuffers(points);
    const status = gl.checkFramebufferStatus(gl.FRAMEBUFFER);
    if (status !== gl.FRAMEBUFFER_COMPLETE) this.refuse(status);
    return made;
  }

  /** A texture that could not be allocated gives no framebuffer either; `check` says so better. */
  private refuse(status: number): never {
    this.check("the values of this model", "limits");
    throw new EngineError(
      "limit",
      `WebGL2 here cannot draw into this many float textures (status ${status}).`,
    );
  }

  program(program: WebGLProgram): WebGLProgram {
    return this.keep(program, (made) => this.gl.deleteProgram(made));
  }

  vertexArray(): WebGLVertexArrayObject {
    return this.keep(this.gl.createVertexArray(), (made) => this.gl.deleteVertexArray(made));
  }

  query(): WebGLQuery {
    return this.keep(this.gl.createQuery(), (made) => this.gl.deleteQuery(made));
  }

  /** Gives one object back. */
  release(object: object): void {
    this.owned.get(object)?.remove();
    this.owned.delete(object);
  }

  /** Gives all back, the youngest first. After a lost context nothing is there any more, and the calls do nothing. */
  clear(): void {
    for (const { remove } of [...this.owned.values()].reverse()) remove();
    this.owned.clear();
  }

  /** All complaints since the last look: what could not be allocated is often followed by others. */
  private complaints(): number[] {
    const { gl } = this;
    const found: number[] = [];
    for (let error = gl.getError(); error !== gl.NO_ERROR && found.length < 10; error = gl.getError())
      found.push(error);
    return found;
  }

  /**
   * Throws what the driver complains of. `within`: the sizes are within the limits that it names, so that a refusal means
   * too little memory, which some drivers call an invalid operation.
   */
  check(what: string, within: "limits" | "nothing"): void {
    const { gl } = this;
    const found = this.complaints();
    if (gl.isContextLost() || found.includes(gl.CONTEXT_LOST_WEBGL)) throw lost();
    if (found.length === 0) return;
    if (within === "limits" || found.includes(gl.OUT_OF_MEMORY))
      throw new EngineError(
        "memory",
        `The GPU has too little memory for ${what}: close other pages, or take a smaller model.`,
      );
    throw new EngineError("limit", `The graphics driver refused ${what} (error ${found.join(", ")}).`);
  }
}
