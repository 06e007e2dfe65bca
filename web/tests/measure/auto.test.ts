import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { LoadedBundle } from "../../src/engine/bundle";
import { autoModes, chooseMode, forgetChoice } from "../../src/measure/auto";
import type { AutoOptions } from "../../src/measure/auto";
import { aliveRunners, disposeRunners } from "../../src/measure/pool";
import { ContextLostError } from "../../src/runners/types";
import type { Runner, RunnerFactory } from "../../src/runners/types";

interface Kind {
  readonly ms?: number;
  readonly compileMs?: number;
  readonly paint?: number;
  readonly ok?: boolean;
  readonly breaks?: boolean;
}

const GREY = 128;
const made: string[] = [];
let number = 0;

/** One white or grey pixel; its golden output is grey. */
const bundle = (): LoadedBundle =>
  ({
    sha256: `model ${(number += 1)}`,
    manifest: { output: { shape: [1, 1, 3], range: [0, 255] } },
    golden: { picture: new Uint8Array(3 * 256 * 256), output: new Float32Array([GREY, GREY, GREY]) },
  }) as unknown as LoadedBundle;

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function factory(mode: string, { ms = 1, compileMs = 0, paint = GREY, ok = true, breaks = false }: Kind) {
  const create = async (): Promise<Runner> => {
    made.push(mode);
    let shown = new Uint8ClampedArray(4);
    return {
      mode,
      variant: { precision: "float32" },
      alive: () => true,
      dispose: () => made.push(`${mode} gone`),
      compile: async () => (await wait(compileMs), compileMs),
      draw: async () => {
        if (breaks) throw new ContextLostError("gone");
        shown = new Uint8ClampedArray([paint, paint, paint, 255]);
        await wait(ms);
      },
      close: async () => undefined,
      drawPattern: ({ data }: { data: Uint8ClampedArray }) => (shown = new Uint8ClampedArray(data)),
      readPicture: () => shown,
    } as unknown as Runner;
  };
  const available = async () => (ok ? { ok: true as const } : { ok: false as const, reason: "no" });
  return { mode, closing: "return", backEnd: mode, available, create } as unknown as RunnerFactory;
}

const registry = (kinds: Record<string, Kind>): Record<string, RunnerFactory> =>
  Object.fromEntries(Object.entries(kinds).map(([mode, kind]) => [mode, factory(mode, kind)]));

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));

afterEach(() => {
  disposeRunners();
  made.length = 0;
  vi.useRealTimers();
});

/** The choice, with a clock that waits for nobody. */
async function choose(options: AutoOptions): Promise<string> {
  const choice = chooseMode(options);
  await vi.runAllTimersAsync();
  return choice;
}

describe("auto", () => {
  it("chooses the quickest of the engine's modes, and remembers it for the visit", async () => {
    const modes = registry({ "direct-wasm": { ms: 30 }, "direct-webgl": { ms: 2 }, "tfjs-webgl": { ms: 0 } });
    const model = bundle();
    const options = { bundle: model, otherwise: "tfjs-webgl", registry: modes };
    expect(await choose(options)).toBe("direct-webgl");
    expect(await choose({ ...options, registry: {} })).toBe("direct-webgl");
    forgetChoice(model);
    expect(await choose({ ...options, registry: {} })).toBe("tfjs-webgl");
  });

  it("passes over a quick one that paints something else, one that breaks and one that is not there", async () => {
    const modes = registry({
      "direct-wasm": { ms: 30 },
      "direct-webgl": { ms: 1, paint: 100 },
      "direct-webgpu": { ms: 1, breaks: true },
    });
    expect(await choose({ bundle: bundle(), otherwise: "x", registry: modes })).toBe("direct-wasm");
    expect(aliveRunners()).toBe(1);
    const none = registry({ "direct-wasm": { ok: false }, "direct-webgl": { breaks: true } });
    expect(await choose({ bundle: bundle(), otherwise: "x", registry: none })).toBe("x");
  });

  it("keeps one runner alive: the one that plays", async () => {
    const modes = registry({
      "direct-wasm": { ms: 20 },
      "direct-webgl": { ms: 5 },
      "direct-webgpu": { ms: 40 },
    });
    expect(await choose({ bundle: bundle(), otherwise: "x", registry: modes })).toBe("direct-webgl");
    expect(aliveRunners()).toBe(1);
    expect(made).toEqual([
      ...["direct-wasm", "direct-webgl", "direct-wasm gone", "direct-webgpu", "direct-webgpu gone"],
    ]);
  });

  it("does not wait for one that takes too long, and sends it away when it comes", async () => {
    const modes = registry({
      "direct-wasm": { ms: 1 },
      "direct-webgl": { compileMs: 600 },
      "direct-webgpu": {},
    });
    const options = { bundle: bundle(), otherwise: "x", registry: modes, budgetMs: 300 };
    expect(await choose(options)).toBe("direct-wasm");
    expect(made).not.toContain("direct-webgpu");
    expect(made).toContain("direct-webgl gone");
    expect(aliveRunners()).toBe(1);
  });

  it("offers what the registry has, and no rival", () => {
    expect(autoModes(registry({ "ort-wasm": {}, "direct-webgpu": {}, "tfjs-webgl": {} }))).toEqual([
      "direct-webgpu",
    ]);
  });
});
