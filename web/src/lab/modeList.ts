// The modes as a list to tick, each with whether it can run here, and why not.
import { runners } from "../runners";
import type { RunnerFactory } from "../runners/types";
import { h } from "../ui/dom";
import type { LabMode } from "../wire/types";
import { sentence } from "./inspect";

export interface ModeList {
  readonly element: HTMLElement;
  /** In the order of the list. */
  chosen(): RunnerFactory[];
}

interface Line {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  readonly factory: RunnerFactory | null;
  readonly said: HTMLElement;
}

function makeLine({ id, title }: LabMode): Line {
  const factory = runners[id] ?? null;
  const input = h("input", { type: "checkbox", value: id, disabled: true });
  const said = h(
    "small",
    { class: "muted said" },
    factory ? "looking whether it can run here" : "not in this version",
  );
  const rival = factory?.rival ? h("span", { class: "badge" }, "for comparison") : null;
  const name = h(
    "span",
    {},
    h("code", {}, id),
    " ",
    rival,
    h("br"),
    h("span", { class: "small" }, title),
    h("br"),
    said,
  );
  return { element: h("li", {}, h("label", { class: "check" }, input, name)), input, factory, said };
}

/** One after the other: some open a context of their own to look. Rivals are not ticked by themselves. */
async function lookAround(lines: readonly Line[]): Promise<void> {
  for (const { factory, input, said } of lines) {
    if (factory === null) continue;
    const available = await factory
      .available()
      .catch((error: unknown) => ({ ok: false, reason: sentence(error) }) as const);
    input.disabled = !available.ok;
    input.checked = available.ok && factory.rival !== true;
    said.textContent = available.ok ? "can run here" : available.reason;
  }
}

export function modeList(modes: readonly LabMode[]): ModeList {
  const lines = modes.map(makeLine);
  void lookAround(lines);
  return {
    element: h(
      "fieldset",
      { class: "modes" },
      h("legend", {}, "Modes"),
      h("ul", {}, ...lines.map(({ element }) => element)),
    ),
    chosen: () => lines.flatMap(({ input, factory }) => (input.checked && factory ? [factory] : [])),
  };
}
