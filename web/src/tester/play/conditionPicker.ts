// Which model paints, and in which output mode. Modes that cannot run here say so instead of failing later.

import { h } from "../../ui/dom";
import { runners } from "../../runners";
import type { StepContext } from "../step";

export interface Condition {
  /** Index into the study's models. */
  model: number;
  mode: string;
}

function select(id: string, label: string, options: HTMLOptionElement[], onChange: () => void) {
  const element = h("select", { id, on: { change: onChange } }, ...options);
  return { element, field: h("div", { class: "field" }, h("label", { for: id }, label), element) };
}

export function conditionPicker({ config, text }: StepContext, choose: (condition: Condition) => void): HTMLElement {
  const changed = (): void => choose({ model: Number(model.element.value), mode: mode.element.value });
  const model = select(
    "play-model",
    text.play.model,
    config.models.map((entry, i) => h("option", { value: i }, entry.title)),
    changed,
  );
  const modeOptions = config.modes.map((id) => h("option", { value: id }, text.modes[id]?.name ?? id));
  const mode = select("play-mode", text.play.mode, modeOptions, changed);
  for (const option of modeOptions) void markUnavailable(option);
  model.field.hidden = config.models.length < 2;
  return h("div", { class: "condition" }, model.field, mode.field);
}

async function markUnavailable(option: HTMLOptionElement): Promise<void> {
  const answer = await runners[option.value]?.available();
  option.disabled = answer !== undefined && !answer.ok;
}
