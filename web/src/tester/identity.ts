// The machine id that this browser remembers, and the code that joins two of them. Nothing here is read or written
// before consent.

import { uuid } from "../measure/ids";
import { forgetTunings } from "../runners/direct/tunings";

const MACHINE_KEY = "fieldkit.machine";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The machine id that this browser remembers, or a new one. */
export function machineId(): string {
  try {
    const kept = localStorage.getItem(MACHINE_KEY);
    if (kept && UUID.test(kept)) return kept;
  } catch {
    // Storage is refused: every visit is then its own machine, which /help says.
  }
  return uuid();
}

/** Remembers the id that the server answered (a joined browser takes over the other one's). */
export function rememberMachine(id: string): void {
  try {
    localStorage.setItem(MACHINE_KEY, id);
  } catch {
    // As above.
  }
}

export function forgetMachine(): void {
  forgetTunings();
  try {
    localStorage.removeItem(MACHINE_KEY);
  } catch {
    // Nothing was kept, so nothing is left.
  }
}

/** A code as people type it, to the form that the server takes; null when it cannot be one. */
export function cleanJoinCode(typed: string): string | null {
  const code = typed.toUpperCase().replaceAll(/[\s-]/g, "").replaceAll("O", "0").replaceAll(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(code) ? code : null;
}

/** The code in two groups, as it is easier to read and to copy by hand. */
export function groupedCode(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`;
}
