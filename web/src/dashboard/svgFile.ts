// A chart as an SVG file that stands on its own: sentence, key and n inside, and every colour written out.
import { s } from "../ui/dom";
import type { Panel } from "./chart";
import { drawn } from "./figure";
import { keyOf } from "./key";

const EDGE = 16;
const LINE = 18;
const LETTER = 6.2;

/** All panels below each other, with what the page says about them. */
export function svgFile(section: HTMLElement, panels: readonly Panel[]): string {
  const width = Math.max(320, ...panels.map((panel) => panel.options.width ?? 560));
  const said = [".chart-title", ".chart-sentence", ".chart-n"].map(
    (part) => section.querySelector(part)?.textContent.trim() ?? "",
  );
  const [title = "", sentence = "", n = ""] = said;
  const column = new Column(width);
  column.words(title, { "font-size": 16, "font-weight": 600 });
  for (const line of wrapped(sentence, width / LETTER)) column.words(line);
  for (const panel of panels) addPanel(column, panel);
  for (const line of wrapped(filtersOf(section.ownerDocument), width / LETTER)) column.words(line);
  column.words(n);
  return withColours(column.done(), (name) => colourOf(section, name));
}

/** What the page was narrowed down to: a drawing that is taken away must not lose it. */
function filtersOf(page: Document): string {
  const chips = [...page.querySelectorAll(".chip:not(.clear)")];
  const texts = chips.map((chip) => (chip.querySelector("span") ?? chip).textContent.trim());
  return texts.length > 0 ? `Filters: ${texts.join("; ")}.` : "";
}

function addPanel(column: Column, panel: Panel): void {
  if (panel.title) column.words(panel.title, { "font-weight": 600 });
  for (const line of wrapped(panel.note ?? "", column.width / LETTER)) column.words(line);
  if (panel.key?.length) column.drawing(keyOf(panel.key, column.width));
  column.drawing(drawn(panel));
}

/** Text broken into lines of at most so many letters. */
export function wrapped(text: string, letters: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(/\s+/).filter(Boolean)) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= letters)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Replace `var(--name)`: outside the page nobody knows what it is. */
export function withColours(svg: string, colour: (name: string) => string): string {
  return svg.replaceAll(/var\((--[\w-]+)\)/g, (whole, name: string) => colour(name) || whole);
}

function colourOf(element: Element, name: string): string {
  return getComputedStyle(element).getPropertyValue(name).trim();
}

/** A drawing that grows downwards. */
class Column {
  private readonly parts: SVGElement[] = [];
  private bottom = EDGE;

  constructor(readonly width: number) {}

  words(text: string, look: Record<string, string | number> = {}): void {
    if (!text) return;
    this.bottom += LINE;
    this.parts.push(s("text", { x: EDGE, y: this.bottom - 4, ...look }, text));
  }

  drawing(chart: SVGSVGElement): void {
    chart.setAttribute("x", String(EDGE));
    chart.setAttribute("y", String(this.bottom + 4));
    this.parts.push(chart);
    this.bottom += Number(chart.getAttribute("height") ?? 0) + 12;
  }

  done(): string {
    const [width, height] = [this.width + 2 * EDGE, this.bottom + EDGE];
    const whole = s(
      "svg",
      {
        width,
        height,
        viewBox: `0 0 ${width} ${height}`,
        fill: "var(--ink)",
        color: "var(--ink)",
        "font-family": "system-ui, sans-serif",
        "font-size": 12,
      },
      s("rect", { width: "100%", height: "100%", fill: "var(--surface)" }),
      ...this.parts,
    );
    return new XMLSerializer().serializeToString(whole);
  }
}
