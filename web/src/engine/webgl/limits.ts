// What the graphics context can do, as far as the engine's plans depend on it.
import { EngineError } from "../device";
import type { Precision } from "../golden";

export interface Limits {
  /** Largest width and height of a texture. */
  readonly textureSize: number;
  /** Pictures that one draw can write. */
  readonly attachments: number;
  /** Textures that one shader can read. */
  readonly units: number;
  /** Whether values of this precision can be drawn into. */
  readonly float32: boolean;
  readonly float16: boolean;
}

/** Reads the limits; `forced` ones replace them where they are tighter, so that small devices can be tried anywhere. */
export function readLimits(gl: WebGL2RenderingContext, forced: Partial<Limits> = {}): Limits {
  const number = (name: number): number => Number(gl.getParameter(name) ?? 0);
  const float32 = gl.getExtension("EXT_color_buffer_float") !== null;
  const float16 = gl.getExtension("EXT_color_buffer_half_float") !== null || float32;
  const found: Limits = {
    textureSize: number(gl.MAX_TEXTURE_SIZE),
    attachments: Math.min(number(gl.MAX_DRAW_BUFFERS), number(gl.MAX_COLOR_ATTACHMENTS)),
    units: number(gl.MAX_TEXTURE_IMAGE_UNITS),
    float32,
    float16,
  };
  return {
    textureSize: Math.min(found.textureSize, forced.textureSize ?? Infinity),
    attachments: Math.min(found.attachments, forced.attachments ?? Infinity),
    units: Math.min(found.units, forced.units ?? Infinity),
    float32: found.float32 && forced.float32 !== false,
    float16: found.float16 && forced.float16 !== false,
  };
}

/** The precision that is asked for, if the context has it; left out: the best that it has. */
export function choosePrecision(limits: Limits, asked: Precision | undefined): Precision {
  if (!limits.float16 && !limits.float32)
    throw new EngineError("limit", "WebGL2 here cannot draw into float textures: use direct-wasm.");
  if (asked === "float32" && !limits.float32)
    throw new EngineError("limit", "WebGL2 here draws into half floats only: leave float32 away.");
  return asked ?? (limits.float32 ? "float32" : "float16");
}
