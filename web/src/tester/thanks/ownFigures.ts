// The tester's own figures: two charts with units, because the two figures must not be mixed, and what did not run.

import { h } from "../../ui/dom";
import { figure, framesPerSecond } from "../../ui/format";
import { barChart, type ChartRow } from "../chart";
import { conditionFigures, type ConditionFigures, median } from "../figures";
import type { StepContext } from "../step";
import type { Strings } from "../strings";

type Label = (figures: ConditionFigures) => string;

function labeller({ config, text }: StepContext): Label {
  const titles = new Map(config.models.map((model) => [model.ref.name, model.title]));
  return ({ model, mode }) => {
    const modeName = text.modes[mode]?.name ?? mode;
    return titles.size > 1 ? text.thanks.condition(titles.get(model) ?? model, modeName) : modeName;
  };
}

function rows(
  all: ConditionFigures[],
  label: Label,
  values: (figures: ConditionFigures) => number[],
  show: (value: number) => string,
): ChartRow[] {
  return all.flatMap((figures) => {
    const middle = median(values(figures));
    if (middle === null) return [];
    return [{ label: label(figures), values: values(figures), middle, shown: show(middle) }];
  });
}

function chartFigure(title: string, unit: string, chartRows: ChartRow[]): HTMLElement | null {
  if (chartRows.length === 0) return null;
  const caption = h("figcaption", {}, h("strong", {}, title), " ", h("span", { class: "muted" }, unit));
  return h("figure", { class: "own-chart" }, caption, barChart(`${title}, ${unit}`, chartRows));
}

function troubles(all: ConditionFigures[], label: Label, text: Strings): HTMLElement | null {
  const failed = all.filter(({ outcome }) => outcome !== "ok");
  if (failed.length === 0) return null;
  const lines = failed.map((figures) =>
    h("li", {}, `${label(figures)}: ${text.thanks.outcomes[figures.outcome] ?? figures.outcome}`),
  );
  return h("ul", { class: "own-troubles" }, ...lines);
}

export function ownFigures(context: StepContext): HTMLElement {
  const { text, visit } = context;
  const all = conditionFigures(visit.record.runs.map(({ report }) => report));
  if (all.length === 0) return h("p", { class: "muted" }, text.thanks.noFigures);
  const label = labeller(context);
  const milliseconds = (value: number): string => text.units.milliseconds(figure(text.language, value));
  const frames = (value: number): string => framesPerSecond(text.language, value);
  return h(
    "section",
    { class: "own card" },
    h("h2", {}, text.thanks.own),
    h("p", { class: "small muted" }, text.thanks.ownText),
    h(
      "div",
      { class: "grid" },
      chartFigure(
        text.thanks.capability,
        text.thanks.capabilityUnit,
        rows(all, label, (figures) => figures.capabilityMs, milliseconds),
      ),
      chartFigure(
        text.thanks.displayed,
        text.thanks.displayedUnit,
        rows(all, label, (figures) => figures.displayedFps, frames),
      ),
    ),
    troubles(all, label, text),
  );
}
