// What was found, as it comes in: a table to compare, a card for each mode, the layers, the plan.
import type { LoadedBundle } from "../engine/bundle";
import { makePlan } from "../engine/plan";
import type { Frame } from "../runners/types";
import { h } from "../ui/dom";
import { modeCard, still } from "./card";
import type { Card } from "./card";
import { pictureDifference, scaleTop } from "./difference";
import type { PictureDifference } from "./difference";
import { scaleBar } from "./heat";
import type { Finding } from "./inspect";
import { layerTable } from "./layers";
import { planText } from "./planText";
import { summaryTable } from "./summary";
import type { Yardstick } from "./yardstick";

export interface Results {
  readonly element: HTMLElement;
  /** The card of a mode that begins. */
  begin(mode: string): Card;
  add(finding: Finding): void;
}

export interface ResultsOf {
  readonly bundle: LoadedBundle;
  readonly frame: Frame;
  /** Null: the first picture is the yardstick. */
  readonly yardstick: Yardstick | null;
}

function given({ bundle, frame, yardstick }: ResultsOf): HTMLElement {
  const [height, width] = bundle.manifest.output.shape;
  const input = h(
    "figure",
    {},
    still(frame, "Picture that all modes were given"),
    h("figcaption", {}, "Given"),
  );
  const should = yardstick && still({ width, height, data: yardstick.data }, `Picture of ${yardstick.name}`);
  const output = should && h("figure", {}, should, h("figcaption", {}, `Compared with: ${yardstick.name}`));
  return h(
    "article",
    { class: "card", "aria-label": "Given" },
    h("h3", {}, "Given"),
    h("div", { class: "lab-pair" }, input, output),
  );
}

const ROUNDED =
  "The golden output is stored in half floats, so about one value in a hundred differs by one level through its own rounding.";
const QUICK =
  "Milliseconds are a quick look, a median of some frames that each wait for the one before, and not a measurement: those come from studies and from kit bench.";

const rounded = ({ bundle, yardstick }: ResultsOf): boolean =>
  yardstick?.golden === true && bundle.manifest.golden?.output.dtype === "float16";

export function results(of: ResultsOf): Results {
  const { manifest } = of.bundle;
  const cards = new Map<string, Card>();
  const grid = h("div", { class: "lab-cards" }, given(of));
  const scale = h("div", {});
  const layers = h("div", {});
  const summary = summaryTable();
  let { yardstick } = of;
  let largest = 0;

  function compare(finding: Finding): PictureDifference | null {
    const picture = finding.state === "seen" ? finding.seen.picture : null;
    if (picture === null) return null;
    yardstick ??= { name: finding.mode, data: picture.data, golden: false };
    return pictureDifference(picture.data, yardstick.data);
  }

  /** All heat maps share one scale, so a later mode may change it. */
  function repaint(): void {
    const top = scaleTop(largest);
    scale.replaceChildren(scaleBar(top));
    for (const card of cards.values()) card.paint(top);
  }

  function addLayers({ mode, ...finding }: Finding): void {
    if (finding.state !== "seen" || finding.seen.inside === null) return;
    const { plan, times } = finding.seen.inside;
    const own = h(
      "details",
      {},
      h("summary", {}, `Plan of ${mode}`),
      planText(`${manifest.name} in ${mode}`, plan),
    );
    if (layers.childElementCount === 0) layers.append(h("h2", {}, "Milliseconds per layer"));
    layers.append(layerTable(mode, plan, times), own);
  }

  return {
    element: h(
      "section",
      { "aria-label": "Results", "data-testid": "results" },
      h("h2", {}, `${manifest.title} ${manifest.version}`),
      summary.element,
      h("p", { class: "muted small" }, QUICK, rounded(of) && ` ${ROUNDED}`),
      scale,
      grid,
      layers,
      h("h2", {}, "The plan"),
      h(
        "p",
        {},
        "What the engine computes, in which order, of which size; joined channels are read from both values.",
      ),
      planText(manifest.name, makePlan(manifest, { by: "read" })),
    ),
    begin(mode) {
      const card = modeCard(mode);
      cards.set(mode, card);
      grid.append(card.element);
      return card;
    },
    add(finding) {
      const difference = compare(finding);
      largest = Math.max(largest, difference?.levels ?? 0);
      cards.get(finding.mode)?.finish(finding, difference, yardstick?.name ?? "");
      summary.add(finding, difference);
      if (difference) repaint();
      addLayers(finding);
    },
  };
}
