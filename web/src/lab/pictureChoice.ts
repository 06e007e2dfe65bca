// Which picture the modes are given: the model's golden one, a painted one, or a file.
import type { LoadedBundle } from "../engine/bundle";
import { goldenFrame } from "../measure/goldenCheck";
import type { Frame } from "../runners/types";
import { h } from "../ui/dom";
import { brushControls } from "../ui/sketch/brushControls";
import { createEasel } from "../ui/sketch/easel";
import { SIDE, toRgba } from "../ui/sketch/grey";
import { readImageFile } from "../ui/sketch/pictures";
import { firstSketch, paintSketch } from "../ui/sketch/sketches";

export type Kind = "golden" | "paint" | "file";

export interface PictureChoice {
  readonly element: HTMLElement;
  readonly kind: Kind;
  /** Throws a sentence where there is no picture yet. */
  frame(bundle: LoadedBundle): Promise<Frame>;
}

const NAMES: readonly (readonly [Kind, string])[] = [
  ["golden", "The model's golden picture"],
  ["paint", "Paint one"],
  ["file", "A picture file"],
];

const WORDS = {
  tones: ["Black", "Dark grey", "Grey", "Light grey", "White"],
  tone: "Tone",
  size: "Brush size",
};
const HELP =
  "Paint with the pointer, or move the ring with the arrow keys and hold the space bar to paint. 1 to 5 choose a tone, + and - the size, z takes back.";

function paintArea(): { element: HTMLElement; frame: () => Frame } {
  const easel = createEasel({
    name: "Picture to paint",
    help: HELP,
    onChange: () => undefined,
    onTone: (index) => brush.chooseTone(index),
    onSize: (step) => brush.stepSize(step),
    onUndone: () => undefined,
  });
  const brush = brushControls(WORDS, easel);
  easel.replace((grey) => paintSketch(grey, firstSketch), true);
  return {
    element: h("div", { class: "paint" }, easel.element, brush.element),
    frame() {
      const data = new Uint8ClampedArray(4 * SIDE * SIDE);
      toRgba(easel.grey, data);
      return { width: SIDE, height: SIDE, data };
    },
  };
}

function fileField(): { element: HTMLElement; frame: () => Promise<Frame> } {
  const input = h("input", { type: "file", id: "lab-file", accept: "image/*" });
  const hint = h(
    "span",
    { class: "hint" },
    "Its middle square is scaled to 256 x 256. It stays in this page.",
  );
  return {
    element: h("div", { class: "field" }, h("label", { for: "lab-file" }, "Picture file"), input, hint),
    async frame() {
      const file = input.files?.[0];
      if (file === undefined) throw new Error("Choose a picture file first.");
      const data = await readImageFile(file).catch(() => {
        throw new Error("This browser cannot open that file as a picture. Choose a PNG, JPEG or WebP.");
      });
      return { width: SIDE, height: SIDE, data };
    },
  };
}

export function pictureChoice(): PictureChoice {
  const paint = paintArea();
  const file = fileField();
  let kind: Kind = "golden";
  const choose = (next: Kind): void => {
    kind = next;
    paint.element.hidden = kind !== "paint";
    file.element.hidden = kind !== "file";
  };
  choose("golden");
  const radios = NAMES.map(([value, name]) => {
    const on = { change: () => choose(value) };
    return h(
      "label",
      { class: "check" },
      h("input", { type: "radio", name: "picture", value, checked: value === kind, on }),
      name,
    );
  });
  return {
    element: h("fieldset", {}, h("legend", {}, "Picture"), ...radios, paint.element, file.element),
    get kind() {
      return kind;
    },
    async frame(bundle) {
      if (kind === "paint") return paint.frame();
      return kind === "file" ? file.frame() : goldenFrame(bundle);
    },
  };
}
