// TensorFlow.js computes on one back end at a time, for the whole page. Each runner makes its own the active one before
// it computes; two that are alive take turns by blocks, so this costs something only where one follows the other.
import { engine, setBackend } from "@tensorflow/tfjs-core";

const own = new Set<string>();

/** Back ends that runners opened: being found on one of them is a turn, on any other a fall-back. */
export function ownBackend(name: string): () => void {
  own.add(name);
  return () => own.delete(name);
}

/**
 * Makes `name` the active back end, in the same task, because it is made already. Throws where TensorFlow.js went over to
 * one that no runner opened: that would be a silent change of who computes.
 */
export function activate(name: string, fellBack: () => void): void {
  const now = engine().backendName as string | undefined;
  if (now === name) return;
  if (now == null || own.has(now)) void setBackend(name);
  if (engine().backendName === name) return;
  fellBack();
  throw new Error(`TensorFlow.js fell back to another back end (${engine().backendName}).`);
}
