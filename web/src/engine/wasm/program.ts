// The steps as the kernels run them, one after the other. Each is made of tasks, which threads share out.
import type { Arena } from "./arena";
import { KIND } from "./built/layout";
import { recordBytes } from "./records";
import type { Record_, Struct } from "./records";

export type Kind = keyof typeof KIND;

/** The struct that a kind of step reads: its own, but for joining. */
type StructOf<K extends Kind> = K extends "join" ? "map" : K;

export interface Instruction {
  readonly name: string;
  readonly kind: Kind;
  readonly what: number;
  readonly tasks: number;
}

/** What lowering needs to know, and where it writes to. */
export class Program {
  readonly instructions: Instruction[] = [];
  /** Bytes of scratch memory that one thread needs. */
  scratch = 4096;

  constructor(readonly arena: Arena) {}

  add<K extends Kind>(name: string, kind: K, record: Record_<StructOf<K> & Struct>, tasks: number): void {
    const struct = (kind === "join" ? "map" : kind) as StructOf<K> & Struct;
    this.instructions.push({ name, kind, what: this.arena.array(recordBytes(struct, [record])), tasks });
  }

  needScratch(bytes: number): void {
    this.scratch = Math.max(this.scratch, bytes);
  }

  /** The table that `run` goes through; gives its address. */
  table(): number {
    const records = this.instructions.map(({ kind, what, tasks }) => ({ kind: KIND[kind], what, tasks }));
    return this.arena.array(recordBytes("step", records));
  }
}

export const STEP_BYTES = recordBytes("step", [{ kind: 0, what: 0, tasks: 0 }]).length;
