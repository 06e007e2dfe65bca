// One drawing with its heading, its key and what is not in it.
import * as Plot from "@observablehq/plot";

import { h } from "../ui/dom";
import type { Panel } from "./chart";
import { keyOf } from "./key";

export function figureOf(panel: Panel, { heading }: { heading: boolean }): HTMLElement {
  const chart = drawn(panel);
  const words = [
    heading && h("strong", {}, panel.title),
    panel.note ? h("span", { class: "muted" }, ` ${panel.note}`) : null,
  ];
  const caption = heading || panel.note ? h("figcaption", {}, ...words) : null;
  const key = panel.key?.length ? keyOf(panel.key, panel.options.width ?? 560) : null;
  return h("figure", {}, caption, key, chart);
}

/** The drawing itself: an image with one name. */
export function drawn(panel: Panel): SVGSVGElement {
  const chart = Plot.plot(panel.options) as unknown as SVGSVGElement;
  chart.setAttribute("role", "img");
  nameParts(chart);
  return chart;
}

// An image has one name: the labels that Plot gives its parts are for styling only here.
function nameParts(chart: Element): void {
  for (const part of chart.querySelectorAll("[aria-label]")) {
    part.setAttribute("data-part", part.getAttribute("aria-label") ?? "");
    part.removeAttribute("aria-label");
  }
}
