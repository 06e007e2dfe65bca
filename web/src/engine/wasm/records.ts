// Records as the kernels read them: every field of a struct in steps.h by its name, four bytes each.
import { LAYOUT } from "./built/layout";

export type Struct = keyof typeof LAYOUT;
type Field = "int" | "float" | Struct;
type Fields<S extends Struct> = (typeof LAYOUT)[S];

/** What the host gives for a struct: a number for each field, a record where a struct stands within. */
export type Record_<S extends Struct> = {
  readonly [F in keyof Fields<S>]: Fields<S>[F] extends Struct ? Record_<Fields<S>[F]> : number;
};

interface Cell {
  readonly kind: "int" | "float";
  readonly value: number;
}

function cellsOf(struct: Struct, record: object): Cell[] {
  return Object.entries(LAYOUT[struct] as Readonly<Record<string, Field>>).flatMap(([field, kind]) => {
    const value = (record as Readonly<Record<string, number | object>>)[field] ?? 0;
    if (kind !== "int" && kind !== "float") return cellsOf(kind, value as object);
    return [{ kind, value: value as number }];
  });
}

/** The bytes of records of one kind, one behind the other. */
export function recordBytes<S extends Struct>(struct: S, records: readonly Record_<S>[]): Uint8Array {
  const cells = records.flatMap((record) => cellsOf(struct, record));
  const view = new DataView(new ArrayBuffer(4 * cells.length));
  cells.forEach(({ kind, value }, i) =>
    kind === "int" ? view.setInt32(4 * i, value, true) : view.setFloat32(4 * i, value, true),
  );
  return new Uint8Array(view.buffer);
}
