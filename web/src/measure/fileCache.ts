// Downloaded model files over a reload: the Cache API, or IndexedDB where that is missing (plain http). Neither is needed
// for a download to work; private windows may refuse both.
import { openDB } from "idb";
import type { FileCache } from "../engine/bundle";

const NAME = "fieldkit-models";
const STORE = "files";

function byCacheApi(): FileCache {
  // The Cache API wants addresses; nothing is ever fetched from this one.
  const address = (sha256: string): string => `${location.origin}/models/by-sha256/${sha256}`;
  return {
    async get(sha256) {
      const found = await (await caches.open(NAME)).match(address(sha256));
      return found ? new Uint8Array(await found.arrayBuffer()) : null;
    },
    async put(sha256, bytes) {
      await (await caches.open(NAME)).put(address(sha256), new Response(bytes as Uint8Array<ArrayBuffer>));
    },
  };
}

function byIndexedDb(): FileCache {
  const database = openDB(NAME, 1, { upgrade: (db) => void db.createObjectStore(STORE) });
  database.catch(() => undefined); // `get` and `put` report it; both are allowed to fail.
  return {
    async get(sha256) {
      const found: unknown = await (await database).get(STORE, sha256);
      return found instanceof Uint8Array ? found : null;
    },
    async put(sha256, bytes) {
      await (await database).put(STORE, bytes, sha256);
    },
  };
}

/** The best cache of this page, or undefined where there is none. */
export function openFileCache(): FileCache | undefined {
  if (typeof caches !== "undefined") return byCacheApi();
  return typeof indexedDB === "undefined" ? undefined : byIndexedDb();
}
