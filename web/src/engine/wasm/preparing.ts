// Preprocessing as three steps: mix and narrow every row, take fewer rows, then grow to the network's input.
import type { Value } from "../plan";
import { bandsOf } from "../plan";
import type { PreprocessingOp } from "../nodes";
import { PICTURE, planPreprocessing } from "../preprocess";
import { makeMatrix } from "../resample";
import type { Matrix } from "../resample";
import type { Arena } from "./arena";
import type { Program } from "./program";
import type { Record_ } from "./records";

const identity = (size: number): Matrix => makeMatrix(size, size, (y, x) => (x === y ? 1 : 0));

function bandsRecord(arena: Arena, matrix: Matrix | null, size: number): Record_<"bands"> {
  const { places, width, start, weights } = bandsOf(matrix ?? identity(size));
  return { places, width, start: arena.array(start), weights: arena.array(weights) };
}

/** Adds the steps from RGBA bytes at `picture` to the input. */
export function lowerPreprocessing(
  program: Program,
  ops: readonly PreprocessingOp[],
  picture: number,
  input: Value,
  made: Record_<"view">,
): void {
  const [tall, wide] = PICTURE;
  const { arena } = program;
  const { grey, rows, columns, gain, offset, alpha } = planPreprocessing(ops, tall, wide);
  const channels = grey === null ? 3 : 1;
  const [red, green, blue] = grey ?? [0, 0, 0];
  const narrow = bandsRecord(arena, columns.down, wide);
  const floats = narrow.places * channels;
  const narrowed = arena.room(4 * tall * floats);
  program.add(
    "narrow",
    "narrow",
    { picture, pixels: wide, channels, red, green, blue, made: narrowed, columns: narrow },
    tall,
  );
  const few = bandsRecord(arena, rows.down, tall);
  const lowered = rows.down ? arena.room(4 * few.places * floats) : narrowed;
  if (rows.down)
    program.add("lower", "lower", { source: narrowed, made: lowered, floats, rows: few }, few.places);
  program.needScratch(4 * floats);
  program.add(
    "widen",
    "widen",
    {
      source: lowered,
      floats,
      channels,
      rows: bandsRecord(arena, rows.up, rows.down ? few.places : tall),
      columns: bandsRecord(arena, columns.up, narrow.places),
      made,
      gain,
      offset,
      alpha: alpha ?? 0,
    },
    input.shape[0],
  );
}
