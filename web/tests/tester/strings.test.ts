import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

import { covered, deviceFields } from "../../src/tester/deviceFields";
import { keyAction } from "../../src/ui/sketch/keys";
import { sketches } from "../../src/ui/sketch/sketches";
import { stringsFor } from "../../src/tester/strings";
import { en } from "../../src/tester/strings/en";
import { TONES } from "../../src/ui/sketch/brushControls";

const SOURCE = join(import.meta.dirname, "../../src/tester");

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? sources(path) : [path];
  });
}

function leaves(value: unknown, path = ""): [string, unknown][] {
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, path ? `${path}.${key}` : key));
}

describe("the words", () => {
  it("are never empty, and sentences with parameters use every one of them", () => {
    for (const [path, value] of leaves(en)) {
      if (typeof value === "function") {
        const parameters = Array.from({ length: value.length }, (_, i) =>
          i === 0 && value.length === 2 ? 3 : `<${i}>`,
        );
        expect(String(value(...parameters)), path).not.toMatch(/undefined|NaN/);
      } else expect(String(value).trim(), path).not.toBe("");
    }
  });

  it("are all used somewhere", () => {
    const code = sources(SOURCE)
      .filter((path) => !path.includes("strings/"))
      .map((path) => readFileSync(path, "utf8"))
      .join("\n");
    const dynamic =
      /^(deviceFields|units\.(seconds|minutes)$|modes|measure\.phases|thanks\.outcomes|play\.sketchNames|play\.tones|.*\.\d+)/;
    const used = (path: string): boolean => new RegExp(`\\.${path.split(".").at(-1)}\\b`).test(code);
    const idle = leaves(en)
      .map(([path]) => path)
      .filter((path) => !dynamic.test(path) && !used(path));
    expect(idle).toEqual([]);
  });

  it("name every device field, tone and sketch", () => {
    expect(Object.keys(en.deviceFields).sort()).toEqual(deviceFields.map(({ id }) => id).sort());
    expect(en.play.tones).toHaveLength(TONES.length);
    expect(Object.keys(en.play.sketchNames).sort()).toEqual(sketches.map(({ id }) => id).sort());
  });

  it("fall back from a region to its language, and to English", () => {
    expect(stringsFor("en-GB")).toBe(en);
    expect(stringsFor("xx")).toBe(en);
  });

  it("explain the keys that the drawing area takes", () => {
    const help = en.play.drawingHelp;
    expect(help).toMatch(/Arrow keys.*Shift.*space bar.*1 to 5.*plus and minus.*Z/s);
    const plain = { shiftKey: false, ctrlKey: false, metaKey: false, altKey: false };
    for (const key of ["ArrowUp", " ", "1", "5", "+", "-", "z"])
      expect(keyAction({ key, ...plain }), key).not.toBeNull();
    expect(keyAction({ key: "Tab", ...plain })).toBeNull();
  });
});

describe("the consent page's list", () => {
  it("covers every key of the device block", () => {
    const schema = readFileSync(join(SOURCE, "../wire/types.ts"), "utf8");
    const block = /export interface DeviceBlock \{([^}]*)\}/.exec(schema)?.[1] ?? "";
    const keys = [...block.matchAll(/^ {2}(\w+)\??:/gm)].map((match) => match[1] ?? "");
    expect(keys.length).toBeGreaterThan(10);
    expect(Object.keys(covered).sort()).toEqual(keys.sort());
  });
});
