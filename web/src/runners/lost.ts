// The engine's word for a lost device in the runners' words.
import { EngineError } from "../engine/device";
import { ContextLostError } from "./types";

const inRunnersWords = (error: unknown): unknown =>
  error instanceof EngineError && error.fault === "lost" ? new ContextLostError(error.message) : error;

/** The same promise; where the device is gone it rejects with `ContextLostError`, so that measuring knows why. */
export async function lostAsLost<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw inRunnersWords(error);
  }
}

/** The same for what happens at once. */
export function lostAtOnce<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw inRunnersWords(error);
  }
}
