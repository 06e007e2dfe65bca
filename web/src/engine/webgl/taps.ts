// The taps of a convolution as grids, and which phases one shader can compute.
import type { ConvStep, Phase } from "../plan";

/** Taps at (top + row, left + column); the weights of (row, column) are those of tap `taps[row * columns + column]`. */
export interface Grid {
  readonly top: number;
  readonly left: number;
  readonly rows: number;
  readonly columns: number;
  readonly taps: readonly number[];
}

const distinct = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);

/** Taps of a phase are always all pairs of some neighbouring rows and columns. */
export function gridOf({ taps }: Phase): Grid {
  const rows = distinct(taps.map(({ dy }) => dy));
  const columns = distinct(taps.map(({ dx }) => dx));
  const find = (dy: number, dx: number): number => taps.findIndex((tap) => tap.dy === dy && tap.dx === dx);
  return {
    top: rows[0] ?? 0,
    left: columns[0] ?? 0,
    rows: rows.length,
    columns: columns.length,
    taps: rows.flatMap((dy) => columns.map((dx) => find(dy, dx))),
  };
}

/** Phases that one draw computes: their grids differ only in where they begin. */
export interface Family {
  /** Indices in `step.phases`. */
  readonly phases: readonly number[];
  readonly grids: readonly Grid[];
}

/** All phases in one family if they are alike, else each by itself. */
export function familiesOf(step: ConvStep): Family[] {
  const grids = step.phases.map(gridOf);
  const [first] = grids;
  const alike = grids.every(({ rows, columns }) => rows === first?.rows && columns === first.columns);
  if (alike) return [{ phases: grids.map((_, i) => i), grids }];
  return grids.map((grid, i) => ({ phases: [i], grids: [grid] }));
}
