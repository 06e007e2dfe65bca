// direct-webgl: the engine on WebGL2, from bytes to the visible canvas without a read-back.
import { createWebglSession } from "../../engine/webgl";
import type { CreateOptions, Runner } from "../types";
import { createDirectRunner, sessionOptions } from "./base";

export async function createDirectWebgl(options: CreateOptions): Promise<Runner> {
  if (options.variant?.threads != null)
    throw new Error("direct-webgl has no threads to choose: leave threads away.");
  const mode = { mode: "direct-webgl", depth: 2, create: createWebglSession };
  return createDirectRunner(mode, options.bundle, sessionOptions(options));
}
