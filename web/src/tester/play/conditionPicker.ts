// Which model paints, and in which output mode. Modes that cannot run here cannot be chosen.

import { h } from "../../ui/dom";
import { runners } from "../../runners";
import { AUTO, autoModes } from "../../measure/auto";
import type { PageConfig } from "../../wire/types";
import { conditionFigures, median } from "../figures";
import type { Strings } from "../strings";
import type { Visit } from "../visit";

export interface Condition {
  /** Index into the study's models; OWN for the tester's own. */
  model: number;
  /** One of the registry, or AUTO. */
  mode: string;
}

export const OWN = -1;

/** The model that was quickest on this device, so that play begins smoothly, else the study's first; in the best mode. */
export function firstCondition({ config, record }: Visit): Condition {
  const measured = conditionFigures(record.runs.map(({ report }) => report))
    .map(({ model, mode, capabilityMs }) => ({ model, mode, ms: median(capabilityMs) ?? Infinity }))
    .sort((a, b) => a.ms - b.ms);
  const best = measured[0];
  const model = config.models.findIndex(({ ref }) => ref.name === best?.model);
  const [first = ""] = playModes(config);
  if (!best || model < 0 || best.ms === Infinity) return { model: 0, mode: first };
  return { model, mode: first === AUTO ? AUTO : best.mode };
}

/** Auto first, then the study's own; rivals are measured, not played. */
export function playModes(config: PageConfig): string[] {
  const own = config.modes.filter((mode) => runners[mode]?.rival !== true);
  return [...(autoModes().length > 0 ? [AUTO] : []), ...own];
}

function select(id: string, label: string, options: HTMLOptionElement[], onChange: () => void) {
  const element = h("select", { id, on: { change: onChange } }, ...options);
  return { element, field: h("div", { class: "field" }, h("label", { for: id }, label), element) };
}

export interface ConditionPicker {
  readonly element: HTMLElement;
  /** Adds the tester's own model to the list under this name and chooses it; null takes it away again. */
  offerOwn(title: string | null): void;
}

async function markUnavailable(option: HTMLOptionElement): Promise<void> {
  const answer = await runners[option.value]?.available();
  option.disabled = answer !== undefined && !answer.ok;
}

export function conditionPicker(
  config: PageConfig,
  text: Strings,
  chosen: Condition,
  choose: (condition: Condition) => void,
): ConditionPicker {
  const changed = (): void => choose({ model: Number(model.element.value), mode: mode.element.value });
  const models = config.models.map(({ title }, i) =>
    h("option", { value: i, selected: i === chosen.model }, title),
  );
  const modes = playModes(config).map((id) =>
    h("option", { value: id, selected: id === chosen.mode }, text.modes[id]?.name ?? id),
  );
  const model = select("play-model", text.play.model, models, changed);
  const mode = select("play-mode", text.play.mode, modes, changed);
  for (const option of modes) void markUnavailable(option);
  model.field.hidden = models.length < 2;
  const own = h("option", { value: OWN });
  return {
    element: h("div", { class: "condition" }, model.field, mode.field),
    offerOwn(title) {
      if (title === null) own.remove();
      else {
        own.textContent = title;
        model.element.append(own);
      }
      model.field.hidden = model.element.options.length < 2;
      model.element.value = String(title === null ? 0 : OWN);
      changed();
    },
  };
}
