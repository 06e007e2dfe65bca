// A drawing as a text that can be committed and compared.
import type { Panel } from "../../src/dashboard/chart";
import { drawn } from "../../src/dashboard/figure";

/** One element a line, without Plot's random class names. */
export function readable(chart: Element): string {
  return chart.outerHTML.replace(/plot-[0-9a-f]+/g, "plot").replaceAll("><", ">\n<") + "\n";
}

export function svgOf(panel: Panel): string {
  return readable(drawn(panel));
}
