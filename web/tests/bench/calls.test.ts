import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { countCalls } from "../../src/bench/calls";
import { median } from "../../src/bench/task";

class Context {
  seen: string[] = [];
  drawArrays(): void {
    this.seen.push("drawArrays");
  }
  drawBuffers(): void {
    this.seen.push("drawBuffers");
  }
  getParameter(name: number): number {
    return name + 1;
  }
}

describe("countCalls", () => {
  beforeEach(() => vi.stubGlobal("WebGL2RenderingContext", Context));
  afterEach(() => vi.unstubAllGlobals());

  it("counts every call, and those that draw", async () => {
    const gl = new Context();
    const counted = await countCalls(() => {
      gl.drawArrays();
      gl.drawBuffers();
      expect(gl.getParameter(6)).toBe(7);
    });
    expect(counted).toEqual({ calls: 3, draws: 1 });
    expect(gl.seen).toEqual(["drawArrays", "drawBuffers"]);
  });

  it("leaves the context as it was, also when the work fails", async () => {
    const own = Context.prototype.drawArrays;
    await expect(
      countCalls(() => {
        throw new Error("lost");
      }),
    ).rejects.toThrow("lost");
    expect(Context.prototype.drawArrays).toBe(own);
  });
});

describe("median", () => {
  it("is the one in the middle, or between the two", () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2.5);
    expect(median([])).toBeNaN();
  });
});
