// Where each group stands against the bar that somebody asks for, and how many more machines would settle it.
import { count, defineChart, type Row } from "./chart";
import { conditionColumns, conditionOf, precisionsOf, type ConditionNames } from "./conditions";
import type { Share } from "./data";
import { placeName } from "./distribution";
import { groupKey, shareOptions, shareWords, startedOf, type ShareMark } from "./shares";

export const MAX_ROWS = 24;
const STATES: Readonly<Record<string, string>> = {
  settled: "settled",
  open: "open",
  too_few: "too few machines",
  unknown_machines: "unknown machines",
  out_of_reach: "out of reach",
};

export interface PowerRow extends ConditionNames {
  section: "" | "exact" | "blurred" | "software" | "unsent";
  place: string;
  share: Share | null;
  browser: string | null;
  state: string;
  more: number | null;
  /** What the page says about it. */
  words: string;
}

export interface PowerData {
  question: string;
  by: string;
  target_fps: number;
  /** What the share is compared with; `null` for questions without a bar. */
  bar: number | null;
  rows: PowerRow[];
}

export const power = defineChart<PowerData>({
  widest: 900,
  narrowest: 480,
  panels: (data, frame) => {
    const shown = data.rows.filter((row) => row.share !== null);
    const drawn = shown.slice(0, MAX_ROWS);
    if (drawn.length === 0) return [];
    const marks = marksOf(drawn, data.by);
    const groups = [...new Set(marks.map((mark) => mark.group))];
    const title = `Reaches ${data.target_fps} frames a second`;
    const axis = { ariaLabel: title, label: "share of the machines that started" };
    const options = shareOptions(marks, groups, data.bar === null ? axis : { ...axis, bar: data.bar }, frame);
    const left = data.rows.length - drawn.length;
    const key = groupKey(groups);
    return [
      { title, options, key, ...(left > 0 ? { note: `${count(left, "line")} in the table only.` } : {}) },
    ];
  },
  rows: (data) => data.rows.map((row) => line(data, row)),
  n: ({ rows }) => {
    const sizes = rows.flatMap((row) => (row.share ? [startedOf(row.share)] : []));
    if (sizes.length === 0) return "";
    return `n = ${Math.min(...sizes)} to ${count(Math.max(...sizes), "machine")} in a line`;
  },
});

function marksOf(rows: readonly PowerRow[], by: string): ShareMark[] {
  const precisions = precisionsOf(rows);
  return rows.flatMap((row) => {
    if (row.share === null) return [];
    const label = `${placeName(row, by)}: ${conditionOf(row, precisions)}`;
    const more = row.more !== null && row.state === "open" ? `, ${row.more} more` : "";
    return [
      {
        label,
        group: STATES[row.state] ?? row.state,
        share: row.share,
        right: `${shareWords(row.share)}${more}`,
      },
    ];
  });
}

function line(data: PowerData, row: PowerRow): Row {
  const { share } = row;
  return {
    question: data.question,
    target_fps: data.target_fps,
    bar: data.bar,
    section: row.section,
    place: row.place,
    ...conditionColumns(row),
    machines_started: share && startedOf(share),
    share_lowest: share && share.lowest,
    share_highest: share && share.highest,
    interval_low: share && share.interval_low,
    interval_high: share && share.interval_high,
    state: row.state,
    more_machines: row.more,
    words: row.words,
  };
}
