// One way to a WebGL2 context for everything that is measured and for the probe: the attributes choose the GPU on
// machines that have two, so a probe with others would describe a different GPU.

/** Software GPUs are allowed: they are a group of their own in the figures, not an error. */
export const CONTEXT_ATTRIBUTES: WebGLContextAttributes = {
  alpha: false,
  antialias: false,
  depth: false,
  stencil: false,
  premultipliedAlpha: false,
  preserveDrawingBuffer: false,
  powerPreference: "high-performance",
  failIfMajorPerformanceCaveat: false,
};

export function makeCanvas(width: number, height: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

/** A context, or null and the browser's reason. The reason is "" where the browser gives none. */
export function openWebgl(canvas: HTMLCanvasElement): { gl: WebGL2RenderingContext | null; reason: string } {
  let reason = "";
  const listener = (event: Event): void => {
    reason = event instanceof WebGLContextEvent ? event.statusMessage : "";
  };
  canvas.addEventListener("webglcontextcreationerror", listener);
  const gl = canvas.getContext("webgl2", CONTEXT_ATTRIBUTES);
  canvas.removeEventListener("webglcontextcreationerror", listener);
  return { gl, reason };
}

/** Gives a context back at once; without this it lives until the garbage collector comes by. */
export function releaseWebgl(gl: WebGL2RenderingContext): void {
  gl.getExtension("WEBGL_lose_context")?.loseContext();
}

/** Unmasked vendor and renderer. Firefox gives the unmasked string as plain RENDERER and warns about the extension. */
export function readRenderer(gl: WebGL2RenderingContext): { vendor: string; renderer: string } {
  const text = (name: number): string => String(gl.getParameter(name) ?? "");
  const info = /firefox/i.test(navigator.userAgent) ? null : gl.getExtension("WEBGL_debug_renderer_info");
  if (info === null) return { vendor: text(gl.VENDOR), renderer: text(gl.RENDERER) };
  return { vendor: text(info.UNMASKED_VENDOR_WEBGL), renderer: text(info.UNMASKED_RENDERER_WEBGL) };
}
