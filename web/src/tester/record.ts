// What a visit must not forget over a reload, and where this browser can keep it.

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

import type {
  DeviceReport,
  JoinCodeAnswer,
  RunReport,
  VisitCreate,
  VisitCreated,
  VisitEnd,
} from "../wire/types";
import type { Flow } from "./flow";

export interface StoredRun {
  id: string;
  report: RunReport;
}

export interface VisitRecord {
  readonly version: 1;
  flow: Flow;
  /** When consent was given, milliseconds since 1970: runs say how long after this they began. */
  startedAt: number;
  create: VisitCreate | null;
  created: VisitCreated | null;
  device: DeviceReport | null;
  end: VisitEnd | null;
  runs: StoredRun[];
  joinCode: JoinCodeAnswer | null;
}

export function newRecord(flow: Flow): VisitRecord {
  return {
    version: 1,
    flow,
    startedAt: 0,
    create: null,
    created: null,
    device: null,
    end: null,
    runs: [],
    joinCode: null,
  };
}

/** Broke off, so the block is measured again when the tester goes on. */
const UNFINISHED: ReadonlySet<string> = new Set(["stopped", "lost"]);

/** Blocks of the sequence that need not be measured again. */
export function finishedBlocks(record: VisitRecord): Set<number> {
  const measured = record.runs.filter(
    ({ report }) => report.kind === "measured" && !UNFINISHED.has(report.outcome),
  );
  return new Set(measured.map(({ report }) => report.block));
}

/** Where one link's record is kept. `lasting` is false where it ends with the page. */
export interface RecordStore {
  readonly lasting: boolean;
  load(): Promise<VisitRecord | null>;
  save(record: VisitRecord): Promise<void>;
  clear(): Promise<void>;
}

interface Schema extends DBSchema {
  visits: { key: string; value: VisitRecord };
}

function inIndexedDb(database: IDBPDatabase<Schema>, link: string): RecordStore {
  return {
    lasting: true,
    load: async () => (await database.get("visits", link)) ?? null,
    save: async (record) => void (await database.put("visits", record, link)),
    clear: () => database.delete("visits", link),
  };
}

function inSessionStorage(storage: Storage, link: string): RecordStore {
  const key = `fieldkit.visit.${link}`;
  return {
    lasting: true,
    load: () => {
      const text = storage.getItem(key);
      return Promise.resolve(text ? (JSON.parse(text) as VisitRecord) : null);
    },
    save: (record) => Promise.resolve(storage.setItem(key, JSON.stringify(record))),
    clear: () => Promise.resolve(storage.removeItem(key)),
  };
}

function inMemory(): RecordStore {
  let kept: VisitRecord | null = null;
  return {
    lasting: false,
    load: () => Promise.resolve(kept),
    save: (record) => Promise.resolve(void (kept = record)),
    clear: () => Promise.resolve(void (kept = null)),
  };
}

/** IndexedDB, else this tab's session storage, else memory: private windows and strict settings refuse one or both. */
export async function openRecordStore(link: string): Promise<RecordStore> {
  try {
    const database = await openDB<Schema>("fieldkit-visits", 1, {
      upgrade: (db) => void db.createObjectStore("visits"),
    });
    return inIndexedDb(database, link);
  } catch {
    try {
      const store = inSessionStorage(window.sessionStorage, link);
      await store.load();
      return store;
    } catch {
      return inMemory();
    }
  }
}

const LAST_WORD = "fieldkit.last.";

/** Keeps the runs that are posted while the page goes away. Session storage is at once; IndexedDB would come too late. */
export function keepLastWord(link: string, run: StoredRun): void {
  try {
    sessionStorage.setItem(LAST_WORD + link, JSON.stringify([...lastWords(link), run]));
  } catch {
    // The server has it all the same; only the tester's own list is without it.
  }
}

function lastWords(link: string): StoredRun[] {
  return JSON.parse(sessionStorage.getItem(LAST_WORD + link) ?? "[]") as StoredRun[];
}

/** Puts what was kept that way into the record, once each. */
export function takeLastWords(link: string, record: VisitRecord): void {
  try {
    const known = new Set(record.runs.map(({ id }) => id));
    record.runs.push(...lastWords(link).filter(({ id }) => !known.has(id)));
    sessionStorage.removeItem(LAST_WORD + link);
  } catch {
    // Nothing was kept.
  }
}
