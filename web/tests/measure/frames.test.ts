import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { COUNT, makeFrames } from "../../scripts/make-frames";
import { FRAMES_FILE, expandGrey, frameFromRgb, inTurn } from "../../src/measure/frames";
import { sha256 } from "../engine/blocks";

const STORED = new Uint8Array(readFileSync(new URL(`../../public/${FRAMES_FILE.path}`, import.meta.url)));

describe("recorded frames", () => {
  it("are what the script makes, and what the page expects", async () => {
    expect(Buffer.compare(STORED, makeFrames())).toBe(0);
    expect(await sha256(STORED)).toBe(FRAMES_FILE.sha256);
    expect(STORED).toHaveLength(FRAMES_FILE.bytes);
  });

  it("differ from one another and have light and dark", () => {
    const frames = expandGrey(STORED);
    expect(new Set(frames.map((frame) => frame.data.join())).size).toBe(COUNT);
    const sorted = STORED.toSorted();
    expect(sorted.at(-1)! - sorted[0]!).toBeGreaterThan(120);
  });

  it("become opaque RGBA", () => {
    expect([...expandGrey(Uint8Array.of(7), 1)[0]!.data]).toEqual([7, 7, 7, 255]);
    expect([...frameFromRgb(Uint8Array.of(1, 2, 3), 1, 1).data]).toEqual([1, 2, 3, 255]);
  });

  it("are given in turn, for ever", () => {
    const [one, two] = expandGrey(Uint8Array.of(1, 2), 1);
    const next = inTurn([one!, two!]);
    expect([next(), next(), next()]).toEqual([one, two, one]);
  });
});
