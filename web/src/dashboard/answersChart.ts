// The answer of a study: what share of machines reaches 24, 30, 60 with each model in each mode.
import { count, defineChart, type Frame, type Panel, type Row } from "./chart";
import { conditionColumns, conditionOf, modelOf, precisionsOf, type ConditionNames } from "./conditions";
import type { Counts, Share } from "./data";
import { groupKey, shareOptions, shareWords, type ShareMark } from "./shares";

export interface AnswerRow extends ConditionNames {
  machines_started: number;
  /** By target; empty below the floor. */
  reach: Readonly<Record<string, Share>>;
}

export interface OverviewData {
  targets_fps: number[];
  counts: Counts;
  answers: AnswerRow[];
}

export const answers = defineChart<OverviewData>({
  widest: 640,
  narrowest: 340,
  panels: (data, frame) => data.targets_fps.flatMap((target) => panel(data, target, frame)),
  rows: (data) => data.answers.flatMap((row) => Object.entries(row.reach).map((one) => line(row, ...one))),
  n: ({ counts }) => `n = ${count(counts.machines, "machine")}, ${count(counts.runs, "measured run")}`,
});

function panel(data: OverviewData, target: number, frame: Frame): Panel[] {
  const precisions = precisionsOf(data.answers);
  const shown = data.answers.filter((row) => row.reach[target] !== undefined);
  const groups = [...new Set(shown.map(modelOf))];
  const marks = shown.flatMap((row): ShareMark[] => {
    const share = row.reach[target];
    if (!share) return [];
    const label = conditionOf(row, precisions);
    return [{ label, group: modelOf(row), share, right: shareWords(share) }];
  });
  if (marks.length === 0) return [];
  const title = `Reaches ${target} frames a second`;
  const left = data.answers.length - marks.length;
  const axis = { ariaLabel: title, label: "share of the machines that started" };
  return [
    {
      title,
      options: shareOptions(marks, groups, axis, frame),
      key: groupKey(groups),
      ...(left > 0 ? { note: `${count(left, "condition")} with too few machines left out.` } : {}),
    },
  ];
}

function line(row: AnswerRow, target: string, share: Share): Row {
  return {
    ...conditionColumns(row),
    target_fps: Number(target),
    machines_started: row.machines_started,
    yes: share.yes,
    no: share.no,
    unknown: share.unknown,
    share_lowest: share.lowest,
    share_highest: share.highest,
    interval_low: share.interval_low,
    interval_high: share.interval_high,
  };
}
