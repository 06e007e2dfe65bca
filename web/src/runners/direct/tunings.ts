// What the engine's autotune found, in the browser's local storage: the last few, as one entry that can be erased at once.
import type { TuningMemory } from "../../engine/tuning/memory";

const ENTRY = "fieldkit.tunings";
const MOST = 24;

/** By the engine's keys, the oldest first; empty where the entry holds something else. Throws where storage is refused. */
function entries(): [string, string][] {
  const found: unknown = JSON.parse(localStorage.getItem(ENTRY) ?? "{}");
  if (typeof found !== "object" || found === null) return [];
  return Object.entries(found).filter((entry): entry is [string, string] => typeof entry[1] === "string");
}

function known(): [string, string][] {
  try {
    return entries();
  } catch {
    return []; // Storage is refused, or it holds something else.
  }
}

export const tunings: TuningMemory = {
  read: (key) => new Map(known()).get(key) ?? null,
  write(key, text) {
    const kept = known().filter(([other]) => other !== key);
    localStorage.setItem(ENTRY, JSON.stringify(Object.fromEntries([...kept, [key, text]].slice(-MOST))));
  },
};

/** Forgets all of them, with whatever else a browser remembers of a tester. */
export function forgetTunings(): void {
  try {
    localStorage.removeItem(ENTRY);
  } catch {
    // Nothing was kept, so nothing is left.
  }
}
