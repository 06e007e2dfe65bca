// The engine's word for a lost device in the runners' words.
import { EngineError } from "../engine/device";
import { ContextLostError } from "./types";

/** The same promise; where the device is gone it rejects with `ContextLostError`, so that measuring knows why. */
export async function lostAsLost<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof EngineError && error.fault === "lost") throw new ContextLostError(error.message);
    throw error;
  }
}
