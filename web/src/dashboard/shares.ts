// Shares with their intervals, one line each: the label stands above the line, so that it has all the width.
import * as Plot from "@observablehq/plot";

import { look, shortenedInside, type Frame, type KeyEntry } from "./chart";
import type { Share } from "./data";

const LINE = 36;
const LETTER = 6.3;
const MARGIN = { marginLeft: 10, marginRight: 24, marginTop: 6, marginBottom: 34 };

/** One line of the chart. `group` gives the colour and the symbol; `right` stands at the end of the label's line. */
export interface ShareMark {
  label: string;
  group: string;
  share: Share;
  right: string;
}

interface Placed extends ShareMark {
  id: string;
  lowest: number;
  highest: number;
  low: number;
  high: number;
  title: string;
}

export interface ShareAxis {
  ariaLabel: string;
  /** What the share is of, under the axis. */
  label: string;
  /** An upright line, as a share: what somebody asks for. */
  bar?: number;
}

/** Options for shares on an axis from 0 to 100 %: a thin line is the interval, a mark the share. */
export function shareOptions(
  marks: readonly ShareMark[],
  groups: readonly string[],
  axis: ShareAxis,
  frame: Frame,
): Plot.PlotOptions {
  const placed = marks.map((mark, at) => place(fitted(mark, frame.width), at));
  const looks = groups.map((_, at) => look(at));
  return {
    ...(frame.document ? { document: frame.document } : {}),
    width: frame.width,
    height: MARGIN.marginTop + MARGIN.marginBottom + LINE * placed.length,
    ...MARGIN,
    ariaLabel: axis.ariaLabel,
    x: { domain: [0, 1], label: null },
    y: { type: "band", domain: placed.map((mark) => mark.id), axis: null, padding: 0 },
    color: { domain: groups, range: looks.map((one) => one.colour) },
    symbol: { domain: groups, range: looks.map((one) => one.symbol) },
    marks: [...rules(axis), ...intervals(placed), ...labels(placed)],
  };
}

export function groupKey(groups: readonly string[]): KeyEntry[] {
  if (groups.length < 2) return [];
  return groups.map((label, at) => ({ label, colour: look(at).colour, symbol: look(at).symbol }));
}

/** "84 %", or "60–80 %" where machines are unknown. */
export function shareWords(share: Share): string {
  const [low, high] = [share.lowest, share.highest].map((one) => Math.round(one * 100));
  return low === high ? `${low} %` : `${low}–${high} %`;
}

export function startedOf(share: Share): number {
  return share.yes + share.no + share.unknown;
}

/** The label cut so that it leaves room for what stands at its right. */
function fitted(mark: ShareMark, width: number): ShareMark {
  const room = Math.floor((width - 50) / LETTER) - mark.right.length;
  return { ...mark, label: shortenedInside(mark.label, Math.max(8, room)) };
}

function place(mark: ShareMark, at: number): Placed {
  const { share } = mark;
  const ends = `${Math.round(share.interval_low * 100)} to ${Math.round(share.interval_high * 100)} %`;
  const unknown = share.unknown ? `, ${share.unknown} unknown` : "";
  return {
    ...mark,
    id: String(at),
    lowest: share.lowest,
    highest: share.highest,
    low: share.interval_low,
    high: share.interval_high,
    title: `${mark.label}\n${shareWords(share)} (95 % interval ${ends}), ${share.yes} of ${startedOf(share)}${unknown}`,
  };
}

function rules({ bar, label }: ShareAxis): Plot.Markish[] {
  const ticks = [0, 0.25, 0.5, 0.75, 1];
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const grid = { stroke: "var(--line)", strokeOpacity: 1 };
  const asked =
    bar === undefined ? [] : [Plot.ruleX([bar], { stroke: "var(--ink)", strokeDasharray: "4 3" })];
  return [
    Plot.ruleX(ticks, grid),
    ...asked,
    Plot.axisX(ticks, { tickFormat: percent, tickSize: 4, label, labelAnchor: "center", labelArrow: "none" }),
  ];
}

function intervals(placed: readonly Placed[]): Plot.Markish[] {
  const line = { y: "id", stroke: "group", dy: 5 };
  const unknown = placed.filter((mark) => mark.highest > mark.lowest);
  const dot = {
    y: "id",
    dy: 5,
    symbol: "group",
    fill: "group",
    r: 5,
    stroke: "var(--surface)",
    title: "title",
  };
  return [
    Plot.ruleY(placed, { ...line, x1: "low", x2: "high", strokeWidth: 2 }),
    Plot.ruleY(unknown, { ...line, x1: "lowest", x2: "highest", strokeWidth: 7, strokeOpacity: 0.45 }),
    Plot.dot(placed, { ...dot, x: "lowest" }),
    Plot.dot(unknown, { ...dot, x: "highest" }),
  ];
}

function labels(placed: readonly Placed[]): Plot.Markish[] {
  const text = {
    y: "id",
    dy: -8,
    fill: "var(--ink)",
    fontSize: 11.5,
    stroke: "var(--ground)",
    strokeWidth: 4,
  };
  return [
    Plot.text(placed, { ...text, text: "label", frameAnchor: "left", textAnchor: "start" }),
    Plot.text(placed, { ...text, text: "right", frameAnchor: "right", textAnchor: "end" }),
  ];
}
