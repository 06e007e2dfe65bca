// Puts the charts into the page that the server rendered. The tables of the page say the same, so a failure only says so.
import { h } from "../ui/dom";
import type { Chart, Frame, Panel } from "./chart";
import { CHARTS } from "./charts";
import { csvOf, save } from "./download";
import { figureOf } from "./figure";
import { svgFile } from "./svgFile";

const WIDEST = 560;
const NARROWEST = 300;
const GAP = 24;

interface Parts {
  readonly section: HTMLElement;
  readonly place: HTMLElement;
  readonly chart: Chart;
  readonly data: unknown;
}

/** Fill every `<section data-chart data-src>` below `root`. Charts of one address share one answer. */
export function fillCharts(root: ParentNode): void {
  const answers = new Map<string, Promise<unknown>>();
  for (const section of root.querySelectorAll<HTMLElement>("[data-chart]")) {
    const url = section.dataset["src"] ?? "";
    const answer = answers.get(url) ?? loadJson(url);
    answers.set(url, answer);
    void fill(section, answer);
  }
}

async function loadJson(url: string): Promise<unknown> {
  const answer = await fetch(url, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
  return answer.json();
}

async function fill(section: HTMLElement, answer: Promise<unknown>): Promise<void> {
  const place = section.querySelector<HTMLElement>(".chart-place");
  const chart = CHARTS[section.dataset["chart"] ?? ""];
  if (!place || !chart) return;
  section.hidden = false;
  try {
    const parts = { section, place, chart, data: await answer };
    draw(parts);
    redrawOnResize(place, () => draw(parts));
    offerDownloads(parts);
  } catch {
    place.replaceChildren(
      h("p", { class: "notice" }, "The chart could not be loaded; the tables have the same figures."),
    );
  }
}

function draw(parts: Parts): void {
  const { section, place } = parts;
  const panels = panelsOf(parts);
  section.hidden = panels.length === 0;
  const many = panels.length > 1;
  place.replaceChildren(...panels.map((panel) => figureOf(panel, { heading: many || panel.title !== "" })));
  const n = section.querySelector(".chart-n");
  if (n) n.textContent = parts.chart.n(parts.data, frameOf(parts));
}

/** As many drawings beside each other as there is room for, at most three; each is told its width. */
function panelsOf(parts: Parts): Panel[] {
  const { chart, data } = parts;
  const room = parts.place.clientWidth || WIDEST;
  const count = chart.panels(data, frameOf(parts)).length;
  const least = chart.narrowest ?? 480;
  const most = count === 4 ? 2 : 3; // four stand two by two
  const columns = Math.max(1, Math.min(most, count, Math.floor((room + GAP) / (least + GAP))));
  const width = Math.max(NARROWEST, Math.floor((room - GAP * (columns - 1)) / columns) - 1);
  return chart.panels(data, frameOf(parts, Math.min(width, chart.widest ?? 900)));
}

function frameOf({ section }: Parts, width = WIDEST): Frame {
  return { width, settings: { ...section.dataset } };
}

function offerDownloads(parts: Parts): void {
  const { section, chart, data } = parts;
  const name = section.dataset["file"] ?? section.dataset["chart"] ?? "chart";
  const offers: Record<string, () => void> = {
    csv: () => save(`${name}.csv`, "text/csv", csvOf(chart.rows(data, frameOf(parts)))),
    svg: () => save(`${name}.svg`, "image/svg+xml", svgFile(section, panelsOf(parts))),
  };
  for (const button of section.querySelectorAll<HTMLButtonElement>("button[data-download]")) {
    button.addEventListener("click", () => offers[button.dataset["download"] ?? ""]?.());
  }
  const tools = section.querySelector<HTMLElement>(".chart-tools");
  if (tools) tools.hidden = section.hidden;
}

function redrawOnResize(place: HTMLElement, redraw: () => void): void {
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (Math.abs(place.clientWidth - width) < 8) return;
    width = place.clientWidth;
    redraw();
  }).observe(place);
}
