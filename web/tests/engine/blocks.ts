// The very small bundle from the repository, read without a network.
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../kit/models/bundled/test-blocks/1.0.0/", import.meta.url));

export const blockFile = (path: string): Uint8Array => new Uint8Array(readFileSync(ROOT + path));

export const blockManifest = (): Record<string, unknown> =>
  JSON.parse(new TextDecoder().decode(blockFile("manifest.json"))) as Record<string, unknown>;

export const sha256 = async (bytes: Uint8Array): Promise<string> =>
  createHash("sha256").update(bytes).digest("hex");
