// How many places and channels one invocation of a convolution computes, and which invocations make a workgroup.
import type { ConvStep } from "../../plan";
import type { Tuning } from "../tuning";
import { groupsOf } from "./context";
import type { Pattern } from "./patterns";

export interface Geometry {
  /** Rows, places of each, and groups of four channels, of one invocation. */
  readonly rows: number;
  readonly pixels: number;
  readonly groups: number;
  readonly quad: boolean;
  /** Invocations of a workgroup along x, y, channels, and sharing one sum. */
  readonly wide: number;
  readonly tall: number;
  readonly deep: number;
  readonly split: number;
}

const powerAbove = (n: number): number => 2 ** Math.ceil(Math.log2(Math.max(1, n)));

export interface Extent {
  readonly rows: number;
  readonly columns: number;
  readonly phases: number;
  /** Groups of channels that are read and made. */
  readonly taken: number;
  readonly made: number;
}

export function extentOf(step: ConvStep, pattern: Pattern): Extent {
  const places = pattern.phases.map(({ phase }) => phase.places);
  return {
    rows: Math.max(...places.map(([rows]) => rows)),
    columns: Math.max(...places.map(([, columns]) => columns)),
    phases: pattern.phases.length,
    taken: step.inputs.reduce((sum, { shape }) => sum + groupsOf(shape[2]), 0),
    made: groupsOf(step.output.shape[2]),
  };
}

/** Largest power of two up to `most` whose blocks still fill `wanted` invocations; 1 if none does. */
function blockFor(most: number, columns: number, others: number, wanted: number): number {
  let block = Math.min(most, powerAbove(columns));
  while (block > 1 && Math.ceil(columns / block) * others < wanted) block /= 2;
  return block;
}

/** Small workgroups: a software adapter gives each to one processor core, and they cost it nothing. */
const SOFTWARE_GROUP = 16;

/** So few places that one invocation takes all of them; the four of a quad take different channels. */
function fewPlaces({ rows, columns }: Extent): Geometry {
  const size = { rows: powerAbove(rows), pixels: powerAbove(columns), groups: 1 };
  return { ...size, quad: false, wide: 1, tall: 1, deep: SOFTWARE_GROUP, split: 1 };
}

function quadGeometry(tuning: Tuning, extent: Extent): Geometry {
  const { rows, columns, made } = extent;
  if (rows * columns <= 4) return fewPlaces(extent);
  const groups = Math.min(tuning.groups, made);
  const pixels = blockFor((tuning.pixels * tuning.groups) / groups, columns, rows, 4);
  const wide = Math.min(powerAbove(Math.ceil(columns / pixels)), 4);
  const tall = Math.min(powerAbove(rows), SOFTWARE_GROUP / wide);
  const quad = wide * tall >= 4;
  const deep = quad ? 1 : SOFTWARE_GROUP / (wide * tall);
  return { rows: 1, pixels, groups, quad, wide, tall, deep, split: 1 };
}

/** Invocations that keep a graphics processor busy; below it, blocks shrink. */
const BUSY = 8192;
const GROUP = 64;

function wideGeometry(tuning: Tuning, extent: Extent): Geometry {
  const { rows, columns, phases, taken, made } = extent;
  const groups = Math.min(tuning.groups, made);
  const others = rows * phases * Math.ceil(made / groups);
  const pixels = blockFor(tuning.pixels, columns, others, BUSY);
  const across = Math.ceil(columns / pixels);
  const wide = Math.min(powerAbove(across), 8);
  const tall = Math.min(powerAbove(rows), 8);
  const few = across * others < BUSY / 2;
  const split = few ? Math.min(tuning.split, GROUP / (wide * tall), powerAbove(taken)) : 1;
  const deep = Math.min(powerAbove(made / groups), GROUP / (wide * tall * split));
  return { rows: 1, pixels, groups, quad: false, wide, tall, deep, split };
}

export const geometryOf = (tuning: Tuning, extent: Extent): Geometry =>
  tuning.quad ? quadGeometry(tuning, extent) : wideGeometry(tuning, extent);

/** Invocations of a workgroup. */
export const groupSize = ({ wide, tall, deep, split }: Geometry): number => wide * tall * deep * split;
