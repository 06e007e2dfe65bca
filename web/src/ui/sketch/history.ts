// Undo: whole drawings as bytes (64 kB each), the oldest forgotten first.

import { type Grey, fromBytes, toBytes } from "./grey";

const DEPTH = 40;

export class History {
  private readonly past: Uint8Array[] = [];

  /** Call before a change. */
  remember(grey: Grey): void {
    this.past.push(toBytes(grey));
    if (this.past.length > DEPTH) this.past.shift();
  }

  get canUndo(): boolean {
    return this.past.length > 0;
  }

  /** Puts the drawing back as it was before the last remembered change; false when there is nothing to undo. */
  undo(grey: Grey): boolean {
    const before = this.past.pop();
    if (!before) return false;
    fromBytes(before, grey);
    return true;
  }
}
