// Closing a frame on WebGL2: a fence behind everything that was drawn, polled until the GPU has passed it.
import { nextTask } from "./poll";
import { ContextLostError } from "./types";

/** Resolves when the GPU finished what was issued before the call. Rejects with `ContextLostError`. */
export async function closeFence(gl: WebGL2RenderingContext): Promise<void> {
  const fence = gl.fenceSync(gl.SYNC_GPU_COMMANDS_COMPLETE, 0);
  gl.flush();
  // A lost context gives no fence, or one that never ends.
  while (fence !== null && !gl.isContextLost()) {
    if (gl.getSyncParameter(fence, gl.SYNC_STATUS) === gl.SIGNALED) {
      gl.deleteSync(fence);
      return;
    }
    await nextTask();
  }
  throw new ContextLostError("The graphics context was lost.");
}
