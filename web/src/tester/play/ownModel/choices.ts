// What the files cannot say: size and value ranges. Each choice takes effect at once, so that the eye can decide.

import type { LocalModel, LocalSettings, ValueRange } from "../../../engine/read";
import { h } from "../../../ui/dom";
import { CELLS } from "../../../ui/sketch/cells";
import type { Strings } from "../../strings";

const RANGES: readonly ValueRange[] = [
  [-1, 1],
  [0, 1],
  [0, 255],
];
const SIDES = [128, 256, 512] as const;
const STUDY_SIDE = 256;

export interface Choice {
  readonly settings: LocalSettings;
  /** Height and width for a model that takes any size; null for one that has its own. */
  readonly side: number | null;
}

/** Where to begin: what the graph says, else the most usual. */
export function firstChoice(model: LocalModel): Choice {
  const outputRange = model.outputRange ?? [-1, 1];
  const likely = RANGES.find((range) => range.join() === outputRange.join()) ?? [-1, 1];
  const settings = { inputRange: model.inputRange ?? likely, outputRange, cells: null };
  return { settings, side: model.anySize ? STUDY_SIDE : null };
}

interface Option<T> {
  readonly label: string;
  readonly value: T;
}

function select<T>(
  id: string,
  label: string,
  options: readonly Option<T>[],
  chosen: T,
  choose: (value: T) => void,
): HTMLElement {
  const same = (value: T): boolean => String(value) === String(chosen);
  const element = h(
    "select",
    {
      id,
      on: {
        change: () => {
          const option = options[Number(element.value)];
          if (option) choose(option.value);
        },
      },
    },
    ...options.map((option, i) => h("option", { value: i, selected: same(option.value) }, option.label)),
  );
  return h("div", { class: "field" }, h("label", { for: id }, label), element);
}

/** The fields for what is not known; `changed` is called with every new choice. */
export function choiceFields(
  model: LocalModel,
  text: Strings,
  changed: (choice: Choice) => void,
): HTMLElement {
  const words = text.play.own;
  let choice = firstChoice(model);
  const set = (settings: Partial<LocalSettings>, side = choice.side): void => {
    choice = { settings: { ...choice.settings, ...settings }, side };
    changed(choice);
  };
  const ranges = RANGES.map((value) => ({ label: words.range(value[0], value[1]), value }));
  const { inputRange, outputRange } = choice.settings;
  const fields = [
    model.inputRange === null
      ? select("own-input", words.inputRange, ranges, inputRange, (value) => set({ inputRange: value }))
      : null,
    model.outputRange === null
      ? select("own-output", words.outputRange, ranges, outputRange, (value) => set({ outputRange: value }))
      : null,
    choice.side === null
      ? null
      : select(
          "own-size",
          words.side,
          SIDES.map((value) => ({ label: words.sides(value), value: value as number })),
          choice.side,
          (value) => set({}, value),
        ),
    model.inputShape[2] === 1
      ? select(
          "own-cells",
          words.sees,
          [
            { label: words.seesAll, value: null },
            { label: words.seesCells, value: CELLS as number | null },
          ],
          choice.settings.cells,
          (cells) => set({ cells }),
        )
      : null,
  ];
  return h("div", { class: "own-choices" }, ...fields);
}
