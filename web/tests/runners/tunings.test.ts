import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { forgetTunings, tunings } from "../../src/runners/direct/tunings";

/** Storage as browsers have it. */
function storage(): Storage {
  const kept = new Map<string, string>();
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  } as unknown as Storage;
}

beforeEach(() => vi.stubGlobal("localStorage", storage()));
afterEach(() => vi.unstubAllGlobals());

describe("tunings", () => {
  it("remembers by key, the last word counts", () => {
    tunings.write("a", "mrt8");
    tunings.write("b", "mrt2");
    tunings.write("a", "mrt4");
    expect([tunings.read("a"), tunings.read("b"), tunings.read("c")]).toEqual(["mrt4", "mrt2", null]);
  });

  it("keeps a few, the youngest", () => {
    for (let i = 0; i < 30; i++) tunings.write(`key ${i}`, "mrt8");
    expect([tunings.read("key 5"), tunings.read("key 6")]).toEqual([null, "mrt8"]);
  });

  it.each(["no JSON", "[1, 2]", "null", '{"a": 3}', '"text"'])("takes %s for nothing", (entry) => {
    localStorage.setItem("fieldkit.tunings", entry);
    expect(tunings.read("a")).toBe(null);
    tunings.write("a", "mrt8");
    expect(tunings.read("a")).toBe("mrt8");
  });

  it("forgets all of them", () => {
    tunings.write("a", "mrt8");
    forgetTunings();
    expect(localStorage.getItem("fieldkit.tunings")).toBe(null);
  });

  it("reads nothing and forgets nothing where storage is refused", () => {
    vi.stubGlobal("localStorage", undefined);
    expect(tunings.read("a")).toBe(null);
    expect(forgetTunings).not.toThrow();
  });
});
