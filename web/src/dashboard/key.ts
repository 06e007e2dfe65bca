// The key of a chart: a line or a symbol beside each name, wrapped to the width. Drawn, so that the SVG file has it too.
import * as Plot from "@observablehq/plot";

import { s } from "../ui/dom";
import type { KeyEntry } from "./chart";

const LINE = 18;
const SWATCH = 26;
const GAP = 14;
const LETTER = 5.8;

export interface Placed extends KeyEntry {
  x: number;
  y: number;
}

/** Where each entry stands, from left to right and then on the next line. */
export function placeKey(entries: readonly KeyEntry[], width: number): Placed[] {
  let x = 0;
  let y = 0;
  return entries.map((entry) => {
    const need = SWATCH + entry.label.length * LETTER + GAP;
    if (x > 0 && x + need > width) [x, y] = [0, y + LINE];
    const placed = { ...entry, x, y };
    x += need;
    return placed;
  });
}

/** The key as an SVG; hidden from readers of the page, who have the table. */
export function keyOf(entries: readonly KeyEntry[], width: number): SVGSVGElement {
  const placed = placeKey(entries, width);
  const height = (placed.at(-1)?.y ?? 0) + LINE;
  return s(
    "svg",
    {
      class: "key",
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      "aria-hidden": "true",
      "font-size": 11,
    },
    ...placed.map((entry) =>
      s("g", { transform: `translate(${entry.x},${entry.y})` }, ...swatch(entry), label(entry)),
    ),
  );
}

function label(entry: KeyEntry): SVGElement {
  return s("text", { x: SWATCH, y: 13, fill: "var(--ink)", "text-anchor": "start" }, entry.label);
}

function swatch(entry: KeyEntry): SVGElement[] {
  const line = s("line", {
    x1: 2,
    x2: 20,
    y1: 9,
    y2: 9,
    stroke: entry.colour,
    "stroke-width": 2.5,
    "stroke-dasharray": entry.dash ?? "",
  });
  if (entry.symbol === undefined) return [line];
  return [line, mark(entry)];
}

/** The symbol as Plot itself draws it, so that key and chart are alike. */
function mark(entry: KeyEntry): SVGElement {
  const options = { symbol: entry.symbol ?? "circle", fill: entry.colour, r: 4.5, x: 0.5, y: 0.5 };
  const plot = Plot.plot({
    width: 22,
    height: 18,
    margin: 0,
    axis: null,
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    marks: [Plot.dot([0], options)],
  });
  plot.removeAttribute("class");
  return plot as unknown as SVGElement;
}
