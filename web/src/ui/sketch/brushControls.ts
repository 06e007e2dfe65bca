// Tone and size of the brush. Five tones as a ramp, which a thumb can hit; the size as a slider.

import { h } from "../dom";
import { type Easel, SIZES } from "./easel";

/** Tones of the five swatches, dark to light. */
export const TONES = [0, 0.25, 0.5, 0.75, 1] as const;

/** Names of the swatches, dark to light, and of both controls. */
export interface BrushWords {
  readonly tones: readonly string[];
  readonly tone: string;
  readonly size: string;
}

export interface BrushControls {
  readonly element: HTMLElement;
  chooseTone(index: number): void;
  stepSize(step: number): void;
}

function swatch(
  index: number,
  name: string,
  choose: () => void,
): { label: HTMLElement; input: HTMLInputElement } {
  const input = h("input", {
    type: "radio",
    name: "tone",
    value: index,
    "aria-label": name,
    on: { change: choose },
  });
  const label = h("label", { class: `swatch swatch-${index + 1}`, title: name }, input);
  return { label, input };
}

export function brushControls(text: BrushWords, easel: Easel): BrushControls {
  const setTone = (index: number): void => {
    easel.brush = { ...easel.brush, tone: TONES[index] ?? 1 };
  };
  const swatches = TONES.map((_, i) => swatch(i, text.tones[i] ?? "", () => setTone(i)));
  const size = h("input", {
    type: "range",
    id: "brush-size",
    min: SIZES.least,
    max: SIZES.most,
    step: 2,
    value: easel.brush.radius,
    on: { input: () => (easel.brush = { ...easel.brush, radius: Number(size.value) }) },
  });
  const chooseTone = (index: number): void => {
    const chosen = swatches[index];
    if (!chosen) return;
    chosen.input.checked = true;
    setTone(index);
  };
  chooseTone(TONES.length - 1);
  const element = h(
    "div",
    { class: "brush" },
    h(
      "fieldset",
      { class: "swatches" },
      h("legend", { class: "visually-hidden" }, text.tone),
      ...swatches.map(({ label }) => label),
    ),
    h("label", { class: "size", for: "brush-size" }, h("span", {}, text.size), size),
  );
  return {
    element,
    chooseTone,
    stepSize(step) {
      size.value = String(easel.brush.radius + step * SIZES.step);
      easel.brush = { ...easel.brush, radius: Number(size.value) };
    },
  };
}
