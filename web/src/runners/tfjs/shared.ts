// One WebGL2 context and one TensorFlow.js back end for both TensorFlow.js modes, on the canvas that tfjs-webgl shows.
//
// Shared, because two contexts at once slow each other down and every context compiles all programs anew; and because
// the output tensor's texture can only be drawn by the context that owns it. The last one out gives everything back.
import { env, registerBackend, removeBackend, setBackend } from "@tensorflow/tfjs-core";
import { GPGPUContext, MathBackendWebGL, setWebGLContext } from "@tensorflow/tfjs-backend-webgl";
import { makeCanvas, openWebgl, readRenderer, releaseWebgl } from "../../engine/webgl/context";
import { makeListeners } from "../../engine/listeners";
import type { Listeners } from "../../engine/listeners";
import type { RunnerEvent } from "../types";
import { ownBackend } from "./active";
import { registerKernels, unregisterKernels } from "./kernels";

export interface SharedContext {
  /** Of the TensorFlow.js back end: a new one for every context, so that a lost one cannot be mistaken for it. */
  readonly name: string;
  readonly canvas: HTMLCanvasElement;
  readonly gl: WebGL2RenderingContext;
  readonly gpgpu: GPGPUContext;
  readonly backend: MathBackendWebGL;
  readonly events: Listeners<RunnerEvent>;
  readonly renderer: { vendor: string; renderer: string };
  lost: boolean;
  users: number;
  forget: () => void;
}

/** The context itself knows at once; the browser's event comes a task later. A restored context stays lost to us. */
export function isLost(context: SharedContext): boolean {
  return context.lost || context.gl.isContextLost();
}

let current: SharedContext | null = null;

let opened = 0;

/** The state that TensorFlow.js sets on contexts it opens itself, and takes for granted on ours. */
function prepareState(gl: WebGL2RenderingContext): void {
  for (const off of [
    gl.DEPTH_TEST,
    gl.STENCIL_TEST,
    gl.BLEND,
    gl.DITHER,
    gl.POLYGON_OFFSET_FILL,
    gl.SAMPLE_COVERAGE,
  ]) {
    gl.disable(off);
  }
  gl.enable(gl.SCISSOR_TEST);
  gl.enable(gl.CULL_FACE);
  gl.cullFace(gl.BACK);
}

function setFlags(gl: WebGL2RenderingContext): void {
  // Before any flag is read: TensorFlow.js would open a context of its own, and refuses software GPUs there.
  setWebGLContext(2, gl);
  env().set("WEBGL_VERSION", 2);
  // A tensor forwarded to the CPU has no texture to draw, and would be a silent change of back end.
  env().set("WEBGL_CPU_FORWARD", false);
  // Its read-back polls by setTimeout, which browsers clamp to 4 ms; this switch avoids the clamp.
  env().set("USE_SETTIMEOUTCUSTOM", true);
}

function watch(context: SharedContext): void {
  context.canvas.addEventListener("webglcontextlost", (event) => {
    event.preventDefault();
    context.lost = true;
    if (current === context) current = null;
    context.events.emit("context_lost");
  });
  context.canvas.addEventListener("webglcontextrestored", () => context.events.emit("context_restored"));
}

async function open(width: number, height: number): Promise<SharedContext> {
  const canvas = makeCanvas(width, height);
  const { gl, reason } = openWebgl(canvas);
  if (gl === null) throw new Error(`This browser gives no WebGL2 context now${reason ? `: ${reason}` : "."}`);
  setFlags(gl);
  prepareState(gl);
  const name = `fieldkit-webgl-${(opened += 1)}`;
  registerKernels("webgl", name);
  const gpgpu = new GPGPUContext(gl as unknown as WebGLRenderingContext);
  const backend = new MathBackendWebGL(gpgpu);
  const events = makeListeners<RunnerEvent>();
  const context: SharedContext = {
    name,
    canvas,
    gl,
    gpgpu,
    backend,
    events,
    renderer: readRenderer(gl),
    lost: false,
    users: 0,
    forget: () => undefined,
  };
  registerBackend(name, () => backend);
  if (!(await setBackend(name))) throw new Error("TensorFlow.js did not accept the graphics context.");
  context.forget = ownBackend(name);
  watch(context);
  return context;
}

let opening: Promise<SharedContext> | null = null;

/** The shared context, opened in this size if there is none. Each `acquire` needs one `release`. */
export async function acquireContext(width: number, height: number): Promise<SharedContext> {
  if (current === null || isLost(current)) {
    opening ??= open(width, height).finally(() => (opening = null));
    current = await opening;
  }
  const context = current;
  context.users += 1;
  return context;
}

/** The canvas in the size of the pictures that are drawn next. Another size empties it, which is why the same is left alone. */
export function sizeCanvas({ canvas }: SharedContext, width: number, height: number): void {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
}

/** After the last release the back end, its programs and textures, and the context itself are gone. */
export function releaseContext(context: SharedContext): void {
  context.users -= 1;
  if (context.users > 0) return;
  if (current === context) current = null;
  removeBackend(context.name);
  unregisterKernels(context.name);
  context.forget();
  context.gpgpu.program = null as never;
  context.gpgpu.dispose();
  context.events.clear();
  if (!isLost(context)) releaseWebgl(context.gl);
  context.canvas.remove();
}
