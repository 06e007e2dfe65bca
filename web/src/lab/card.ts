// One mode's card: its picture beside the heat map of the difference, and its figures.
import { h } from "../ui/dom";
import { levels as asLevels, milliseconds, percent, variantText } from "./words";
import type { PictureDifference } from "./difference";
import { paintHeat } from "./heat";
import type { Finding, Seen, Shown } from "./inspect";

export interface Card {
  readonly element: HTMLElement;
  /** Where the mode's own canvas stands while it works. */
  show(canvas: HTMLCanvasElement): void;
  say(doing: string): void;
  /** `yardstick`: what was compared with; null where nothing was. */
  finish(finding: Finding, difference: PictureDifference | null, yardstick: string): void;
  /** Paints the heat map on a scale that ends at `top`. */
  paint(top: number): void;
}

/** A picture that stays when the mode is gone. */
export function still({ width, height, data }: Shown, label: string): HTMLCanvasElement {
  const canvas = h("canvas", { width, height, role: "img", "aria-label": label });
  canvas.getContext("2d")?.putImageData(new ImageData(new Uint8ClampedArray(data), width, height), 0, 0);
  return canvas;
}

const fact = (name: string, value: string): HTMLElement[] => [h("dt", {}, name), h("dd", {}, value)];

function facts(seen: Seen, difference: PictureDifference | null): HTMLElement {
  return h(
    "dl",
    { class: "facts" },
    ...fact("A frame", `${milliseconds(seen.look.ms)}, median of ${seen.look.frames}`),
    ...(difference ? fact("Largest difference", asLevels(difference.levels)) : []),
    ...(difference ? fact("Values that are equal", percent(difference.equal)) : []),
    ...fact("Compile and upload", milliseconds(seen.compileMs)),
    ...fact("First picture after that", milliseconds(seen.firstMs)),
    ...fact("Runs as", variantText(seen.variant)),
    ...(seen.renderer === null ? [] : fact("On", seen.renderer)),
  );
}

const NOT_COMPARED =
  "This browser changes what pages read back from a canvas, so its picture cannot be compared. Switch off its protection against fingerprinting for this page.";

export function modeCard(mode: string): Card {
  const place = h("div", { class: "lab-pair" });
  const status = h("p", { class: "muted" }, "waiting");
  const body = h("div", {});
  const element = h(
    "article",
    { class: "card", "aria-label": mode, "data-mode": mode },
    h("h3", {}, h("code", {}, mode)),
    place,
    status,
    body,
  );
  let heat: { canvas: HTMLCanvasElement; pixels: Uint8Array } | null = null;

  function showSeen(seen: Seen, difference: PictureDifference | null, yardstick: string): void {
    place.replaceChildren();
    status.hidden = true;
    if (seen.picture === null) body.append(h("p", { class: "notice", "data-tone": "warn" }, NOT_COMPARED));
    else
      place.append(
        h("figure", {}, still(seen.picture, `Picture of ${mode}`), h("figcaption", {}, "Picture")),
      );
    if (seen.picture && difference) {
      const { width, height } = seen.picture;
      const label = `Difference between ${mode} and ${yardstick}, by pixel: at most ${asLevels(difference.levels)}`;
      heat = {
        canvas: h("canvas", { width, height, role: "img", "aria-label": label }),
        pixels: difference.pixels,
      };
      place.append(h("figure", {}, heat.canvas, h("figcaption", {}, `Difference to ${yardstick}`)));
    }
    body.append(facts(seen, difference));
  }

  return {
    element,
    show(canvas) {
      canvas.setAttribute("role", "img");
      canvas.setAttribute("aria-label", `${mode}, running`);
      place.replaceChildren(h("figure", {}, canvas));
    },
    say(doing) {
      status.textContent = doing;
    },
    finish(finding, difference, yardstick) {
      if (finding.state === "seen") return showSeen(finding.seen, difference, yardstick);
      place.replaceChildren();
      status.hidden = true;
      const words = finding.state === "failed" ? "It failed: " : "It cannot run here: ";
      body.append(
        h(
          "p",
          { class: "notice", "data-tone": finding.state === "failed" ? "bad" : "warn" },
          words,
          finding.reason,
        ),
      );
    },
    paint(top) {
      if (heat) paintHeat(heat.canvas, heat.pixels, top);
    },
  };
}
