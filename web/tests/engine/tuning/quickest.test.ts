import { describe, expect, it } from "vitest";
import { EngineError } from "../../../src/engine/device";
import { quickest } from "../../../src/engine/tuning";
import type { Question } from "../../../src/engine/tuning";

/** A question whose answers are known; `asked` tells which were. */
function question(ms: Record<string, number | Error>, asked: string[] = []): Question<string> {
  return {
    async ms(choice) {
      asked.push(choice);
      const answer = ms[choice] ?? Infinity;
      if (answer instanceof Error) throw answer;
      return answer;
    },
    others: (best) => Object.keys(ms).filter((choice) => choice !== best),
  };
}

describe("quickest", () => {
  it("needs a clear winner", async () => {
    expect(await quickest("usual", [question({ usual: 10, near: 9.5 })])).toBe("usual");
    expect(await quickest("usual", [question({ usual: 10, clear: 8 })])).toBe("clear");
  });

  it("asks the next question with the best so far", async () => {
    const asked: string[] = [];
    await quickest("usual", [question({ usual: 10, better: 5 }), question({ better: 4, usual: 1 }, asked)]);
    expect(asked).toEqual(["better", "usual", "better"]);
  });

  it("lets the one that lost try again", async () => {
    const times = { usual: [10, 5], other: [5] };
    const ms = async (choice: "usual" | "other") => times[choice].shift() ?? Infinity;
    expect(await quickest("usual", [{ ms, others: () => ["other"] as const }])).toBe("usual");
  });

  it("leaves out what the device cannot do", async () => {
    const impossible = new EngineError("memory", "There is no room.");
    expect(await quickest("usual", [question({ usual: 10, large: impossible, small: 5 })])).toBe("small");
  });

  it.each([new EngineError("lost", "It is gone."), new Error("A bug.")])("ends with %s", async (error) => {
    await expect(quickest("usual", [question({ usual: 10, other: error })])).rejects.toBe(error);
  });

  it("tries nothing when its time is over", async () => {
    const asked: string[] = [];
    expect(await quickest("usual", [question({ usual: 10, other: 1 }, asked)], -1)).toBe("usual");
    expect(asked).toEqual([]);
  });
});
