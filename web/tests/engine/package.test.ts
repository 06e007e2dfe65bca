// The engine as a package of its own: its README names what there is, its package.json what is built.
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ACTIVATIONS } from "../../src/engine/activations";
import * as engine from "../../src/engine/index";
import { OPERATORS } from "../../src/engine/nodes";

const file = (path: string): string =>
  readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), "utf8");
const README = file("src/engine/README.md");
const named = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

/** The first cells of the rows of the table below a heading. */
const firstCells = (heading: string): string[] =>
  (README.split(`\n## ${heading}\n`)[1] ?? "")
    .split("\n## ")[0]!
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) => named(line.split("|")[1] ?? ""));

describe("README", () => {
  it("names every operator and every activation, and no other", () => {
    expect(firstCells("What it runs").sort()).toEqual([...OPERATORS].sort());
    const line = README.split("\nActivations: ")[1]?.split("\n")[0] ?? "";
    expect(named(line).sort()).toEqual([...ACTIVATIONS].sort());
  });

  it("names every fault and only folders that are there", () => {
    const source = file("src/engine/device.ts").match(/type Fault = ([^;]+)/)?.[1] ?? "";
    expect(firstCells("When it fails").sort()).toEqual(
      source
        .split(" | ")
        .map((fault) => fault.slice(1, -1))
        .sort(),
    );
    for (const folder of firstCells("What is where"))
      expect(existsSync(fileURLToPath(new URL(`../../src/engine/${folder}`, import.meta.url)))).toBe(true);
  });

  it("uses only names that the package exports", () => {
    const imported = /import \{ ([^}]+) \} from "@fieldkit\/engine"/.exec(README)?.[1]?.split(", ") ?? [];
    expect(imported).toHaveLength(2);
    for (const name of [
      ...imported,
      "printPlan",
      "runReference",
      "referencePicture",
      "compareShown",
      "passes",
    ])
      expect(engine).toHaveProperty(name);
  });
});

describe("package.json", () => {
  const own = JSON.parse(file("src/engine/package.json")) as {
    version: string;
    dependencies?: unknown;
    exports: Record<string, { types: string } | string>;
  };

  it("has the version of the front end and no dependencies", () => {
    expect(own.version).toBe((JSON.parse(file("package.json")) as { version: string }).version);
    expect(own.dependencies).toBeUndefined();
  });

  it("exports what is built and typed", () => {
    const entries = Object.entries(own.exports).filter(([, entry]) => typeof entry !== "string");
    for (const [name, entry] of entries) {
      const source = (entry as { types: string }).types
        .replace("./types/", "src/engine/")
        .replace(".d.ts", ".ts");
      expect(existsSync(fileURLToPath(new URL(`../../${source}`, import.meta.url)))).toBe(true);
      expect(file("scripts/engine.config.ts")).toContain(
        name === "." ? "index: entry" : `${name.slice(2)}: entry`,
      );
    }
  });
});
