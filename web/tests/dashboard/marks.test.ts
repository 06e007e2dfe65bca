import { describe, expect, it } from "vitest";

import { MAX_PLACES, marksByModel, modeOf, placeOf } from "../../src/dashboard/marks";
import { row, ROWS, spread } from "./rows";

describe("marks", () => {
  it("draws a group as its median and a machine below the floor as itself", () => {
    const [marks] = marksByModel(ROWS);
    expect(marks!.groups.map((mark) => [mark.mode, mark.median])).toEqual([
      ["tfjs-webgl", 60],
      ["tfjs-pixels", 30],
    ]);
    expect(marks!.machines.map((mark) => mark.fps)).toEqual([4.2, 55, 61]);
    expect(marks!.machines[0]!.title).toContain("one machine, not a group figure");
  });

  it("keeps models apart", () => {
    const models = marksByModel([row(), row({ model: "flowers-tiny" }), row({ version: "2.0.0" })]);
    expect(models.map((marks) => marks.model)).toEqual([
      "flowers-small 1.0.0",
      "flowers-tiny 1.0.0",
      "flowers-small 2.0.0",
    ]);
  });

  it("leaves out what nobody measured", () => {
    expect(marksByModel([row({ fps: null })])).toEqual([]);
  });

  it("says which GPU is a stand-in", () => {
    expect(ROWS.map(placeOf).slice(2)).toEqual([
      "llvmpipe, software · Chrome",
      "Apple GPU, blurred · Safari",
    ]);
    expect(placeOf(row({ browser: null }))).toContain("browser not told");
  });

  it("never puts two variants on one line", () => {
    const variants = new Set(["float32", "float16"]);
    expect(modeOf(row({ threads: 4 }), variants)).toBe("tfjs-webgl 4 thr. float32");
    expect(modeOf(row({ threads: 1 }), variants)).toBe("tfjs-webgl 1 thr. float32");
  });

  it("counts the GPUs for which there is no room", () => {
    const many = Array.from({ length: MAX_PLACES + 3 }, (_, at) =>
      row({ place: `GPU ${at}`, fps: spread(9, 8, 10) }),
    );
    const [marks] = marksByModel(many);
    expect(marks!.places).toHaveLength(MAX_PLACES);
    expect(marks!.left).toBe(3);
  });

  it("shortens a name that would not fit", () => {
    expect(placeOf(row({ place: "x".repeat(1000) })).length).toBeLessThan(60);
  });
});
