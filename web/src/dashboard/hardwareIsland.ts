// Puts the charts into the page that the server rendered. The tables below say the same, so a failure only says so.
import * as Plot from "@observablehq/plot";

import { h } from "../ui/dom";
import { loadHardware, type HardwareData } from "./data";
import { hardwareChart } from "./hardwareChart";
import { marksByModel, type ModelMarks } from "./marks";

const WIDEST = 560;
const NARROWEST = 300;

/** Fill one `<section data-chart="hardware" data-src="...">`; it stays hidden where there is nothing to draw. */
export async function fillHardware(section: HTMLElement): Promise<void> {
  const place = section.querySelector<HTMLElement>(".chart-place");
  const url = section.dataset["src"];
  if (!place || !url) return;
  section.hidden = false;
  try {
    const data = await loadHardware(url);
    draw(section, place, data);
    redrawOnResize(place, () => draw(section, place, data));
  } catch {
    place.replaceChildren(
      h("p", { class: "notice" }, "The chart could not be loaded; the tables below have the same figures."),
    );
  }
}

function draw(section: HTMLElement, place: HTMLElement, data: HardwareData): void {
  const models = marksByModel(data.rows);
  section.hidden = models.length === 0;
  const room = place.clientWidth || WIDEST;
  const columns = models.length > 1 && room >= 2 * WIDEST * 0.85 ? 2 : 1;
  const width = Math.max(NARROWEST, Math.floor(room / columns) - (columns > 1 ? 12 : 0));
  place.replaceChildren(...models.map((marks) => figureOf(marks, width, data.targets_fps)));
}

function figureOf(marks: ModelMarks, width: number, targets: readonly number[]): HTMLElement {
  const chart = Plot.plot(hardwareChart(marks, { width, targets }));
  chart.setAttribute("role", "img");
  nameParts(chart);
  const more = marks.left > 0 ? ` ${marks.left} more GPUs are in the tables only.` : "";
  return h("figure", {}, h("figcaption", {}, h("strong", {}, marks.model), more), chart);
}

function redrawOnResize(place: HTMLElement, redraw: () => void): void {
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (Math.abs(place.clientWidth - width) < 8) return;
    width = place.clientWidth;
    redraw();
  }).observe(place);
}

// An image has one name: the labels that Plot gives its parts are for styling only here.
function nameParts(chart: Element): void {
  for (const part of chart.querySelectorAll("[aria-label]")) {
    part.setAttribute("data-part", part.getAttribute("aria-label") ?? "");
    part.removeAttribute("aria-label");
  }
}
