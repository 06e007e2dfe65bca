// Writes src/wire/types.ts from the payload classes in kit/domain/wire: `npm run types`, with --check only compares.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

import { compile } from "json-schema-to-typescript";

const root = fileURLToPath(new URL("../..", import.meta.url));
const target = fileURLToPath(new URL("../src/wire/types.ts", import.meta.url));
const banner =
  "// Generated from kit/domain/wire by `npm run types`. Do not edit: change the Python classes.\n";

function pythonProgram() {
  const own = `${root}/.venv/bin/python`;
  return process.env.PYTHON ?? (existsSync(own) ? own : "python3");
}

function readSchema() {
  return JSON.parse(
    execFileSync(pythonProgram(), ["-m", "kit.domain.wire.schema"], { cwd: root, encoding: "utf8" }),
  );
}

/** Titles would become type names of their own, one for each field; only those of whole classes may. */
function withoutTitles(node) {
  if (Array.isArray(node)) return node.map(withoutTitles);
  if (node === null || typeof node !== "object") return node;
  const kept = Object.entries(node).filter(([key, value]) => !(key === "title" && typeof value === "string"));
  return Object.fromEntries(kept.map(([key, value]) => [key, withoutTitles(value)]));
}

/** Sphinx quotes code with two backticks, TSDoc with one. */
function asTsdoc(text) {
  return text.replaceAll("``", "`");
}

async function generate() {
  const schema = {
    title: "AllPayloads",
    type: "object",
    additionalProperties: false,
    ...withoutTitles(readSchema()),
  };
  const text = await compile(schema, "AllPayloads", {
    bannerComment: "",
    unreachableDefinitions: true,
    maxItems: -1,
    format: true,
    style: { printWidth: 110 },
  });
  const dropped = [
    /export interface AllPayloads \{\}\n/,
    / \*\n \* This interface was referenced by `AllPayloads`'s JSON-Schema\n \* via the `definition` "\w+"\.\n/g,
    /\/\*\*\n \* This interface was referenced by `AllPayloads`'s JSON-Schema\n \* via the `definition` "\w+"\.\n \*\/\n/g,
  ];
  return banner + asTsdoc(dropped.reduce((rest, pattern) => rest.replace(pattern, ""), text)).trimStart();
}

const text = await generate();
if (!process.argv.includes("--check")) {
  writeFileSync(target, text);
} else if (readFileSync(target, "utf8") !== text) {
  console.error("web/src/wire/types.ts is not what kit/domain/wire says; run `npm run types` in web/");
  process.exit(1);
}
