// Random ids and what the browser remembers of them. Nothing here is read or written before consent.
// Works on plain http, where crypto.randomUUID is missing but getRandomValues is not.

const MACHINE_KEY = "fieldkit.machine";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function randomBytes(count: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(count));
}

/** A version 4 UUID. */
export function newUuid(): string {
  const bytes = randomBytes(16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** The visit's secret: 32 random bytes as base64url, 43 characters. */
export function newSecret(): string {
  const text = btoa(String.fromCharCode(...randomBytes(32)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The machine id that this browser remembers, or a new one. */
export function machineId(): string {
  try {
    const kept = localStorage.getItem(MACHINE_KEY);
    if (kept && UUID.test(kept)) return kept;
  } catch {
    // Storage is refused: every visit is then its own machine, which /help says.
  }
  return newUuid();
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
  try {
    localStorage.removeItem(MACHINE_KEY);
  } catch {
    // Nothing was kept, so nothing is left.
  }
}

/** A code as people type it, to the form that the server takes; null when it cannot be one. */
export function cleanJoinCode(typed: string): string | null {
  const code = typed
    .toUpperCase()
    .replaceAll(/[\s-]/g, "")
    .replaceAll("O", "0")
    .replaceAll(/[IL]/g, "1");
  return /^[0-9A-HJKMNP-TV-Z]{8}$/.test(code) ? code : null;
}

/** The code in two groups, as it is easier to read and to copy by hand. */
export function groupedCode(code: string): string {
  return `${code.slice(0, 4)} ${code.slice(4)}`;
}
