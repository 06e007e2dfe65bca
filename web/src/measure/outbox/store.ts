// Where waiting messages lie: IndexedDB, so that they outlive a reload and a closed tab; memory where that is refused.
import { openDB } from "idb";

/** Why the server will not take a message, however often it is sent. */
export interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

export interface Entry {
  readonly id: string;
  /** Rises with every message of this browser: the order of sending. */
  readonly order: number;
  readonly visit: string;
  readonly method: "POST" | "PUT";
  readonly path: string;
  readonly body: unknown;
  readonly secret: string | null;
  readonly refused: Refusal | null;
}

export interface EntryStore {
  all(): Promise<Entry[]>;
  save(entry: Entry): Promise<void>;
  remove(id: string): Promise<void>;
  close(): void;
}

const NAME = "fieldkit-outbox";
const STORE = "messages";

async function openIndexedDb(): Promise<EntryStore> {
  const database = await openDB(NAME, 1, {
    upgrade: (db) => void db.createObjectStore(STORE, { keyPath: "id" }),
  });
  return {
    all: () => database.getAll(STORE) as Promise<Entry[]>,
    save: async (entry) => void (await database.put(STORE, entry)),
    remove: (id) => database.delete(STORE, id),
    close: () => database.close(),
  };
}

function openMemory(): EntryStore {
  const entries = new Map<string, Entry>();
  return {
    all: async () => [...entries.values()],
    save: async (entry) => void entries.set(entry.id, entry),
    remove: async (id) => void entries.delete(id),
    close: () => undefined,
  };
}

/** The lasting store, or one in memory with `lasting` false. */
export async function openStore(): Promise<{ store: EntryStore; lasting: boolean }> {
  try {
    return { store: await openIndexedDb(), lasting: true };
  } catch {
    return { store: openMemory(), lasting: false };
  }
}
