// @vitest-environment jsdom
import "fake-indexeddb/auto";

import { afterEach, describe, expect, it, vi } from "vitest";

import { resumable } from "../../src/tester/app";
import { startFlow } from "../../src/tester/flow";
import {
  finishedBlocks,
  keepLastWord,
  newRecord,
  openRecordStore,
  takeLastWords,
  type VisitRecord,
} from "../../src/tester/record";
import type { VisitCreate } from "../../src/wire/types";
import { run } from "./runs";

const HOUR = 3_600_000;

function begun(): VisitRecord {
  return { ...newRecord(startFlow("open")), startedAt: 1000, create: { id: "v" } as VisitCreate };
}

afterEach(() => vi.unstubAllGlobals());

describe("where a visit is kept", () => {
  it("survives a reload in IndexedDB, apart by link", async () => {
    await (await openRecordStore("one")).save(begun());
    expect((await (await openRecordStore("one")).load())?.startedAt).toBe(1000);
    expect(await (await openRecordStore("two")).load()).toBeNull();
    await (await openRecordStore("one")).clear();
    expect(await (await openRecordStore("one")).load()).toBeNull();
  });

  it("falls back to session storage without IndexedDB", async () => {
    vi.stubGlobal("indexedDB", undefined);
    await (await openRecordStore("tab")).save(begun());
    expect(sessionStorage.getItem("fieldkit.visit.tab")).toContain("1000");
    expect((await (await openRecordStore("tab")).load())?.startedAt).toBe(1000);
  });

  it("falls back to memory where both are refused, and says that it does not last", async () => {
    vi.stubGlobal("indexedDB", undefined);
    vi.stubGlobal("sessionStorage", undefined);
    const store = await openRecordStore("private");
    await store.save(begun());
    expect(store.lasting).toBe(false);
    expect((await store.load())?.startedAt).toBe(1000);
  });
});

describe("a run that was posted while the page went away", () => {
  it("is in the record after the reload, once", () => {
    const [saved, late] = [
      run({ mode: "tfjs-webgl", ms: 10 }),
      run({ mode: "tfjs-webgl", ms: 10, outcome: "lost" }),
    ];
    keepLastWord("link", { id: "a", report: saved });
    keepLastWord("link", { id: "b", report: late });
    const record = { ...begun(), runs: [{ id: "a", report: saved }] };
    takeLastWords("link", record);
    takeLastWords("link", record);
    expect(record.runs.map(({ id }) => id)).toEqual(["a", "b"]);
  });
});

describe("going on with a visit", () => {
  it("does so within a day, not later, and not once deleted", () => {
    expect(resumable(begun(), 1000 + HOUR)).toBe(true);
    expect(resumable(begun(), 1000 + 25 * HOUR)).toBe(false);
    expect(resumable(newRecord(startFlow("open")), 0)).toBe(false);
    const deleted = begun();
    expect(resumable({ ...deleted, flow: { ...deleted.flow, deleted: true } }, 1000)).toBe(false);
  });

  it("measures again only what was stopped", () => {
    const record = begun();
    record.runs = [
      { id: "a", report: run({ mode: "tfjs-pixels", ms: 10, block: 0 }) },
      { id: "b", report: run({ mode: "tfjs-webgl", ms: 10, block: 1, outcome: "failed" }) },
      { id: "c", report: run({ mode: "tfjs-webgl", ms: 10, block: 2, outcome: "stopped" }) },
      { id: "d", report: run({ mode: "tfjs-webgl", ms: 10, block: 3, kind: "play" }) },
    ];
    expect([...finishedBlocks(record)]).toEqual([0, 1]);
  });
});
