// Which key does what in the drawing area. Pure, so that the help text and the keys can be tested against each other.

export type KeyAction =
  | { type: "move"; dx: number; dy: number }
  | { type: "paint" }
  | { type: "tone"; index: number }
  | { type: "size"; step: 1 | -1 }
  | { type: "undo" };

export interface Key {
  key: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

const STEP = 6;
const LARGE_STEP = 24;

const DIRECTIONS: Record<string, [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

const PLAIN: Record<string, KeyAction> = {
  " ": { type: "paint" },
  "+": { type: "size", step: 1 },
  "=": { type: "size", step: 1 },
  "-": { type: "size", step: -1 },
  z: { type: "undo" },
  Z: { type: "undo" },
};

/** What a key means in the drawing area; null leaves it to the browser (Tab always goes on). */
export function keyAction(event: Key): KeyAction | null {
  if (event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return event.key === "z" ? { type: "undo" } : null;
  const direction = DIRECTIONS[event.key];
  if (direction) {
    const step = event.shiftKey ? LARGE_STEP : STEP;
    return { type: "move", dx: direction[0] * step, dy: direction[1] * step };
  }
  if (/^[1-5]$/.test(event.key)) return { type: "tone", index: Number(event.key) - 1 };
  return PLAIN[event.key] ?? null;
}
