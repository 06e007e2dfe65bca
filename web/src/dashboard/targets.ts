// Numbers above the upright lines of a logarithmic axis: where two stand too close, they share one place.
import * as Plot from "@observablehq/plot";

const ROOM = 18;

interface Label {
  at: number;
  text: string;
}

/** Where the labels stand, for a frame of `width` pixels between the ends of the axis. */
export function targetLabels(
  targets: readonly number[],
  domain: readonly [number, number],
  width: number,
): Label[] {
  const pixel = (value: number): number =>
    (Math.log(value / domain[0]) / Math.log(domain[1] / domain[0])) * width;
  const found: { values: number[] }[] = [];
  for (const target of [...targets].sort((a, b) => a - b)) {
    const last = found.at(-1);
    const before = last?.values.at(-1);
    if (last && before !== undefined && pixel(target) - pixel(before) < ROOM) last.values.push(target);
    else found.push({ values: [target] });
  }
  return found.map(({ values }) => ({
    at: Math.sqrt((values[0] ?? 1) * (values.at(-1) ?? 1)),
    text: values.join(", "),
  }));
}

/** The lines and their numbers. */
export function targetMarks(
  targets: readonly number[],
  domain: readonly [number, number],
  width: number,
): Plot.Markish[] {
  if (targets.length === 0) return [];
  const labels = targetLabels(targets, domain, width);
  const texts = new Map(labels.map((label) => [label.at, label.text]));
  return [
    Plot.ruleX([...targets], { stroke: "var(--edge)", strokeOpacity: 0.6, strokeDasharray: "2 3" }),
    Plot.axisX(
      labels.map((label) => label.at),
      {
        anchor: "top",
        tickSize: 0,
        tickPadding: 2,
        label: null,
        text: (value: number) => texts.get(value) ?? "",
      },
    ),
  ];
}
