import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DisplayLoop } from "../../src/measure/displayLoop";

const FRAME = { width: 1, height: 1, data: new Uint8ClampedArray(4) };
const GAP = 16;

/** A display that refreshes every 16 ms and a runner whose frames take `ms`, `depth` at a time, on a clock of our own. */
async function shown(ms: number, depth: number, next: () => typeof FRAME | null = () => FRAME) {
  const seen: boolean[] = [];
  let [drawn, unfinished, most, free] = [0, 0, 0, 0];
  const runner = {
    depth,
    draw: () => {
      drawn += 1;
      most = Math.max(most, (unfinished += 1));
      free = Math.max(free, Date.now()) + ms; // one after the other, as on a GPU
    },
    close: () =>
      new Promise<void>((resolve) => setTimeout(() => ((unfinished -= 1), resolve()), free - Date.now())),
  };
  const onAnimationFrame = (_at: number, picture: boolean): unknown => seen.push(picture);
  const loop = new DisplayLoop({
    runner,
    depth: 2,
    next,
    onAnimationFrame,
    onError: (error) => seen.push(!error),
  });
  loop.start();
  await vi.advanceTimersByTimeAsync(GAP * 60);
  const pictures = seen.filter(Boolean).length;
  const stopping = loop.stop();
  await vi.advanceTimersByTimeAsync(1_000);
  await stopping;
  return { pictures, frames: seen.length, drawn, most, left: unfinished, idle: loop.idle };
}

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal("requestAnimationFrame", (callback: FrameRequestCallback) => {
    const wait = GAP - (Date.now() % GAP);
    return setTimeout(() => callback(Date.now()), wait);
  });
  vi.stubGlobal("cancelAnimationFrame", clearTimeout);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("DisplayLoop", () => {
  it("shows a picture in every animation frame when they are quick, and makes no more than are seen", async () => {
    const { pictures, frames, drawn } = await shown(4, 2);
    expect(pictures).toBeGreaterThanOrEqual(frames - 2);
    expect(drawn).toBeLessThanOrEqual(frames);
  });

  it("never counts an animation frame without a new picture", async () => {
    const { pictures, frames } = await shown(48, 2);
    expect(pictures).toBeLessThanOrEqual(Math.ceil(frames / 3));
    expect(pictures).toBeGreaterThanOrEqual(Math.floor(frames / 3) - 2);
  });

  it("loses no time between slow pictures, also one at a time", async () => {
    const { pictures, most } = await shown(20, 1);
    expect(pictures).toBeGreaterThanOrEqual(46); // 960 ms / 20 ms, less the start
    expect(most).toBe(1);
  });

  it("leaves nothing in flight when it stops", async () => {
    expect(await shown(48, 2)).toMatchObject({ left: 0, most: 2 });
  });

  it("draws nothing when there is nothing new", async () => {
    expect(await shown(4, 2, () => null)).toMatchObject({ pictures: 0, drawn: 0, idle: true });
  });
});
