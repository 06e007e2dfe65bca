// sha256 on every page: by the browser where it has crypto.subtle, else (plain http) by a small library.
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { subtleDigest } from "../engine/bundle";

/** Hex sha256. */
export async function digest(bytes: Uint8Array): Promise<string> {
  return globalThis.crypto?.subtle === undefined ? bytesToHex(sha256(bytes)) : await subtleDigest(bytes);
}
