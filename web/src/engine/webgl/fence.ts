// Closing a frame on WebGL2: a fence behind everything that was drawn, polled until the GPU has passed it.
import { EngineError } from "../device";
import { nextTask, restingTask } from "../poll";

/**
 * A frame that takes longer is asked for every 1 to 2 ms instead of without a pause. Asking keeps a processor core busy,
 * and a GPU in software needs the cores: in Firefox on llvmpipe, on a crowded machine, frames took seconds. With a second
 * frame in flight the GPU does not wait for the answer, so only single samples move, by at most 4 %.
 */
const PATIENT_AFTER_MS = 50;

/** Resolves when the GPU finished what was issued before the call. Rejects with `EngineError` "lost". */
export async function closeFence(gl: WebGL2RenderingContext): Promise<void> {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  const started = performance.now();
  // A lost context gives no fence, or one that never ends.
  while (fence !== null && !gl.isContextLost()) {
    if (gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED) {
      gl.deleteSync(fence);
      return;
    }
    await (performance.now() - started < PATIENT_AFTER_MS ? nextTask() : restingTask());
  }
  throw new EngineError("lost", "The graphics context was lost.");
}
