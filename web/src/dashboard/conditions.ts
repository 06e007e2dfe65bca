// How a condition is called in charts: model and version, mode with wishes, threads and precision where there is a choice.

export interface ConditionNames {
  model: string;
  version: string;
  mode: string;
  /** What the study asked of the mode, such as "threads=1"; mostly "". */
  wishes: string;
  threads: number | null;
  precision: string;
}

export function modelOf(row: ConditionNames): string {
  return `${row.model} ${row.version}`;
}

/** Figures never pool over wishes, threads or precision, so a mode that was run in several variants has several lines. */
export function modeOf(row: ConditionNames, precisions: ReadonlySet<string>): string {
  const parts = [row.wishes === "" ? row.mode : `${row.mode}[${row.wishes}]`];
  if (row.threads !== null) parts.push(`${row.threads} thr.`);
  if (precisions.size > 1) parts.push(row.precision);
  return parts.join(" ");
}

export function conditionOf(row: ConditionNames, precisions: ReadonlySet<string>): string {
  return `${modelOf(row)} ${modeOf(row, precisions)}`;
}

export function precisionsOf(rows: readonly ConditionNames[]): ReadonlySet<string> {
  return new Set(rows.map((row) => row.precision));
}

/** Columns of a CSV that name a condition. */
export function conditionColumns(row: ConditionNames): Record<string, string | number | null> {
  const { model, version, mode, wishes, threads, precision } = row;
  return { model, version, mode, wishes, threads, precision };
}

/** Rows under a name each, in the order in which the names come. */
export function grouped<Row>(rows: readonly Row[], name: (row: Row) => string): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const own = found.get(name(row));
    if (own) own.push(row);
    else found.set(name(row), [row]);
  }
  return found;
}
