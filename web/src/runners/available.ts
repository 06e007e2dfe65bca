// Whether the WebGL modes can run here.
import { makeCanvas, openWebgl, releaseWebgl } from "../engine/webgl/context";
import type { Availability } from "./types";

let seen: Availability | null = null;

/**
 * Whether the WebGL modes can run here: WebGL2 with float or half-float render targets. A yes is remembered: another
 * context before every block would disturb what is measured.
 */
export async function webglAvailability(): Promise<Availability> {
  if (seen?.ok !== true) seen = lookForWebgl();
  return seen;
}

function lookForWebgl(): Availability {
  const { gl, reason } = openWebgl(makeCanvas(1, 1));
  if (gl === null)
    return { ok: false, reason: `This browser gives no WebGL2 context${reason ? `: ${reason}` : "."}` };
  const floats = gl.getExtension("EXT_color_buffer_float") ?? gl.getExtension("EXT_color_buffer_half_float");
  releaseWebgl(gl);
  return floats ? { ok: true } : { ok: false, reason: "WebGL2 here cannot draw into float textures." };
}
