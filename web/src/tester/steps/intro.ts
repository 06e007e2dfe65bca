// What this is, how long it takes and what is asked. Nothing is stored or read from the device here.

import { besideLink, button, h, paragraphs } from "../../ui/dom";
import { megabytes } from "../../ui/format";
import { durationWords } from "../duration";
import { downloadBytes, measureSeconds } from "../estimate";
import { hero } from "../hero";
import { joinField } from "../joinField";
import { type StepContext, type StepView, actions, stepFrame } from "../step";

function facts({ config, text }: StepContext): HTMLElement {
  const size = text.units.megabytes(megabytes(text.language, downloadBytes(config)));
  return h(
    "ul",
    { class: "intro-facts" },
    h("li", {}, text.intro.duration(durationWords(measureSeconds(config), text))),
    h("li", {}, text.intro.download(size)),
    h("li", {}, text.intro.noAccount),
  );
}

export function introStep(context: StepContext): StepView {
  const { config, text, visit, dispatch } = context;
  const picture = hero();
  const code = joinField(text, visit.joinCode);
  const start = (): void => {
    const read = code.read();
    if (read === null) return;
    visit.joinCode = read;
    dispatch({ type: "start" });
  };
  const about = paragraphs(config.text);
  const words = h(
    "div",
    { class: "intro-words" },
    h("div", { class: "lead" }, ...(about.length > 0 ? about : [h("p", {}, text.intro.what)])),
    facts(context),
    actions(button(text.intro.start, start, "primary large")),
    h("ol", { class: "intro-steps" }, ...text.intro.steps.map((line) => h("li", {}, line))),
    h("p", { class: "small muted" }, text.intro.batteryHint),
    code.element,
    h(
      "p",
      { class: "small row" },
      besideLink("/help/measuring", text.common.howMeasured, text.newTab),
      besideLink("/help/privacy", text.common.privacy, text.newTab),
    ),
  );
  const root = stepFrame("intro", config.title, picture.element, words);
  return { root, dispose: picture.dispose };
}
