import { describe, expect, it } from "vitest";
import { runBackToBack, within } from "../../src/measure/backToBack";

const FRAME = { width: 1, height: 1, data: new Uint8ClampedArray(4) };

/** A runner whose frames finish after `ms`, and that counts how many were in flight at most. */
function slowRunner(ms: number) {
  const state = { drawn: 0, unfinished: 0, most: 0 };
  const runner = {
    draw: () => {
      state.drawn += 1;
      state.unfinished += 1;
      state.most = Math.max(state.most, state.unfinished);
    },
    close: () => new Promise<void>((resolve) => setTimeout(() => ((state.unfinished -= 1), resolve()), ms)),
  };
  return { runner, state };
}

async function run(ms: number, depth: number, frames: number, deadlineMs = 5_000) {
  const { runner, state } = slowRunner(ms);
  const seen: number[] = [];
  await runBackToBack({
    runner,
    next: () => FRAME,
    depth,
    signal: new AbortController().signal,
    deadline: performance.now() + deadlineMs,
    onFrame: (at) => seen.push(at) >= frames,
  });
  return { ...state, seen };
}

describe("runBackToBack", () => {
  it("keeps as many frames in flight as it may, and none afterwards", async () => {
    expect(await run(2, 2, 5)).toMatchObject({ most: 2, unfinished: 0, drawn: 6 });
    expect(await run(2, 1, 5)).toMatchObject({ most: 1, unfinished: 0, drawn: 5 });
  });

  it("ends at the deadline with what was finished", async () => {
    const { seen } = await run(30, 1, 1_000, 100);
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.length).toBeLessThan(5);
  });

  it("passes a failure on", async () => {
    const runner = { draw: () => undefined, close: () => Promise.reject(new Error("gone")) };
    const options = {
      next: () => FRAME,
      depth: 2,
      signal: new AbortController().signal,
      deadline: performance.now() + 1_000,
    };
    await expect(runBackToBack({ runner, ...options, onFrame: () => false })).rejects.toThrow("gone");
  });
});

describe("within", () => {
  it("says whether work came in time", async () => {
    expect(await within(Promise.resolve(), 1_000)).toBe(true);
    expect(await within(new Promise(() => undefined), 1)).toBe(false);
  });
});
