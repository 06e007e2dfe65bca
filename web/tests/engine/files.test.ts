import { afterEach, describe, expect, it, vi } from "vitest";
import { loadBundle } from "../../src/engine/bundle";
import type { FileCache, LoadOptions } from "../../src/engine/bundle";
import { blockFile, sha256 } from "./blocks";

const URL_OF = "http://kit.test/models/test-blocks/1.0.0/manifest.json";
const OPTIONS: LoadOptions = { digest: sha256, waitMs: () => 0 };

/** A server that holds the bundle; `spoil` may answer in its stead. */
function serve(spoil: (path: string, range: string) => Response | Error | null = () => null): string[] {
  const asked: string[] = [];
  vi.stubGlobal("fetch", async (address: string, options: RequestInit = {}) => {
    const path = address.replace(/.*\/1\.0\.0\//, "");
    asked.push(path);
    const spoilt = spoil(path, new Headers(options.headers).get("Range") ?? "");
    if (spoilt instanceof Error) throw spoilt;
    return spoilt ?? new Response(blockFile(path) as Uint8Array<ArrayBuffer>);
  });
  return asked;
}

const first = <T>(value: T, then: T): (() => T) => {
  let used = false;
  return () => (used ? then : ((used = true), value));
};

afterEach(() => vi.unstubAllGlobals());

describe("loadBundle", () => {
  it("gives tensors, golden arrays and what came over the network", async () => {
    serve();
    const bundle = await loadBundle(URL_OF, OPTIONS);
    expect(bundle.tensor("down1/kernel")).toHaveLength(16);
    expect(bundle.golden?.output).toHaveLength(256 * 256 * 3);
    expect(bundle.networkBytes).toBe(bundle.manifest.files.reduce((sum, file) => sum + file.bytes, 0));
  });

  it("tries again when the server is busy or the connection breaks", async () => {
    const answers = [new TypeError("network"), new Response("", { status: 503 }), new Response("short")];
    const asked = serve((path) => (path === "weights-0.bin" ? (answers.shift() ?? null) : null));
    await loadBundle(URL_OF, OPTIONS);
    expect(asked.filter((path) => path === "weights-0.bin")).toHaveLength(4);
  });

  /** A body of `bytes` that breaks at its end. */
  const broken = (bytes: Uint8Array): Response =>
    new Response(
      new ReadableStream({
        start: (controller) => controller.enqueue(bytes),
        pull: (controller) => controller.error(new TypeError("network")),
      }),
    );
  const SHARD = blockFile("weights-0.bin");
  const rest = (from: number, range: string): Response =>
    new Response(SHARD.slice(from), { status: 206, headers: { "Content-Range": range } });

  it.each<[string, Response, string[]]>([
    ["goes on behind what has arrived", rest(1000, `bytes 1000-4283/4284`), ["bytes=1000-"]],
    ["starts again when the server does", new Response(SHARD as Uint8Array<ArrayBuffer>), ["bytes=1000-"]],
    ["asks again when another part comes", rest(999, "bytes 999-4283/4284"), ["bytes=1000-", "bytes=1000-"]],
    ["starts again when the part is not there", new Response("", { status: 416 }), ["bytes=1000-", ""]],
  ])("%s", async (_, second, ranges) => {
    const answers = [broken(SHARD.slice(0, 1000)), second, rest(1000, "bytes 1000-4283/*")];
    const asked: string[] = [];
    serve((path, range) => {
      if (path !== "weights-0.bin") return null;
      asked.push(range);
      return range === "" && asked.length > 1 ? null : (answers.shift() ?? null);
    });
    const last = { loadedBytes: 0, totalBytes: -1 };
    const onProgress = (progress: object): void => void Object.assign(last, progress);
    const bundle = await loadBundle(URL_OF, { ...OPTIONS, onProgress });
    expect(asked).toEqual(["", ...ranges]);
    expect(bundle.tensor("down1/kernel")).toHaveLength(16);
    expect(last.loadedBytes).toBe(last.totalBytes);
  });

  it("does not try again when the file is not there", async () => {
    serve((path) => (path === "weights-0.bin" ? new Response("", { status: 404 }) : null));
    await expect(loadBundle(URL_OF, OPTIONS)).rejects.toThrow("weights-0.bin: the server answered 404");
  });

  it("refuses bytes with another hash, from the cache and from the network", async () => {
    serve((path) => (path === "weights-0.bin" ? new Response(new Uint8Array(4284)) : null));
    const rotten: FileCache = { get: async () => new Uint8Array(4284), put: async () => undefined };
    await expect(loadBundle(URL_OF, { ...OPTIONS, cache: rotten })).rejects.toThrow("sha256");
  });

  it("takes from the cache what is there", async () => {
    const asked = serve();
    const kept = new Map<string, Uint8Array>();
    const cache: FileCache = {
      get: async (key) => kept.get(key) ?? null,
      put: async (key, bytes) => void kept.set(key, bytes),
    };
    await loadBundle(URL_OF, { ...OPTIONS, cache });
    asked.length = 0;
    expect((await loadBundle(URL_OF, { ...OPTIONS, cache })).networkBytes).toBe(0);
    expect(asked).toEqual(["manifest.json"]);
  });

  it("takes back the progress of an attempt that failed", async () => {
    const spoil = first<Response | null>(new Response(new Uint8Array(4284)), null);
    serve((path) => (path === "weights-0.bin" ? spoil() : null));
    const last = { loadedBytes: 0, totalBytes: -1 };
    await loadBundle(URL_OF, { ...OPTIONS, onProgress: (progress) => Object.assign(last, progress) });
    expect(last.loadedBytes).toBe(last.totalBytes);
  });

  it("refuses another manifest than the study's", async () => {
    serve();
    await expect(loadBundle(URL_OF, { ...OPTIONS, expectedSha256: "0".repeat(64) })).rejects.toThrow(
      "reload",
    );
  });

  it("ends when it is aborted", async () => {
    serve((path) => (path === "weights-0.bin" ? new TypeError("network") : null));
    const abort = new AbortController();
    const loading = loadBundle(URL_OF, { ...OPTIONS, waitMs: () => 60_000, signal: abort.signal });
    setTimeout(() => abort.abort(new Error("enough")), 20);
    await expect(loading).rejects.toThrow("enough");
  });
});
