// The browser's reader and the server's know the same things: both are held to tables.json. The server's half is
// tests/models/reading/test_tables.py.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ACTIVATIONS } from "../../../src/engine/activations";
import { OPERATORS } from "../../../src/engine/nodes";
import { NAMED } from "../../../src/engine/read/activations";
import { HANDLERS, SPLITS } from "../../../src/engine/read/graph";
import { CONTENT, LISTED } from "../../../src/engine/read/graphDef";
import { FOLDS } from "../../../src/engine/read/graphFold";
import { FUSED_ACTIVATIONS } from "../../../src/engine/read/graphLayers";
import { KINDS, OPERATIONS } from "../../../src/engine/read/layers";
import * as limits from "../../../src/engine/read/limits";
import { QUANTISED, STORED } from "../../../src/engine/read/weights";

const FILE = new URL("../../../../tests/models/reading/tables.json", import.meta.url);
const TABLES = JSON.parse(readFileSync(FILE, "utf-8")) as Record<string, unknown>;

describe("what the readers know", () => {
  it.each<[string, Iterable<string>]>([
    ["operators", OPERATORS],
    ["activations", ACTIVATIONS],
    ["layers", Object.keys(KINDS)],
    ["named_activations", Object.keys(NAMED)],
    ["fused_activations", FUSED_ACTIVATIONS],
    ["graph_operators", Object.keys(HANDLERS)],
    ["splits", SPLITS],
    ["folds", Object.keys(FOLDS)],
    ["content_types", Object.keys(CONTENT)],
    ["quantised_types", QUANTISED],
  ])("is the same list of %s as the server's", (table, own) => {
    expect([...own].sort()).toEqual(TABLES[table]);
  });

  it.each<[string, object]>([
    ["operations", OPERATIONS],
    ["listed_types", LISTED],
    ["stored_types", STORED],
    ["limits", { ...limits }],
  ])("is the same table of %s as the server's", (table, own) => {
    expect(own).toEqual(TABLES[table]);
  });
});
