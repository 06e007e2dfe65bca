// The laboratory: what to run above, what was found below.
import type { LoadedBundle } from "../engine/bundle";
import { downloadBundle } from "../measure/bundles";
import { whenVisible } from "../measure/stage";
import { button, h } from "../ui/dom";
import type { LabConfig, PageModel } from "../wire/types";
import { askedModel } from "./config";
import { inspect, sentence } from "./inspect";
import { modeList } from "./modeList";
import type { ModeList } from "./modeList";
import { pictureChoice } from "./pictureChoice";
import { results } from "./results";
import { yardstickFor } from "./yardstick";

function modelSelect({ models }: LabConfig, chosen: number): HTMLSelectElement {
  const options = models.map(({ ref, title }, i) =>
    h("option", { value: i, selected: i === chosen }, `${title} (${ref.name} ${ref.version})`),
  );
  return h("select", { id: "lab-model" }, ...options);
}

class Lab {
  readonly element: HTMLElement;
  private readonly models: HTMLSelectElement;
  private readonly picture = pictureChoice();
  private readonly modes: ModeList;
  private readonly run = button("Run", () => void this.start(), "primary");
  private readonly stop = button("Stop", () => this.abort?.abort(), "", { hidden: true });
  private readonly status = h("p", { role: "status", id: "lab-status" });
  private readonly found = h("div", {});
  private abort: AbortController | null = null;

  constructor(
    private readonly config: LabConfig,
    query: string,
  ) {
    this.models = modelSelect(config, askedModel(config, query));
    this.modes = modeList(config.modes);
    const model = h("div", { class: "field" }, h("label", { for: "lab-model" }, "Model"), this.models);
    const form = h(
      "div",
      { class: "lab-form" },
      h("div", {}, model, this.picture.element),
      this.modes.element,
    );
    const buttons = h("div", { class: "row" }, this.run, this.stop);
    this.element = h(
      "div",
      {},
      h("section", { class: "card", "aria-label": "What to run" }, form, buttons, this.status),
      this.found,
    );
  }

  private say(words: string, tone: "plain" | "bad" = "plain"): void {
    this.status.textContent = words;
    this.status.className = tone === "bad" ? "bad" : "muted";
  }

  private async start(): Promise<void> {
    if (this.abort !== null) return;
    const abort = (this.abort = new AbortController());
    this.run.setAttribute("aria-disabled", "true");
    this.stop.hidden = false;
    try {
      await this.runAll(abort.signal);
    } catch (error) {
      if (abort.signal.aborted) this.say("Stopped. What was found so far stands below.");
      else this.say(sentence(error), "bad");
    }
    this.abort = null;
    this.run.removeAttribute("aria-disabled");
    this.stop.hidden = true;
  }

  private download(model: PageModel, signal: AbortSignal): Promise<LoadedBundle> {
    return downloadBundle(model, {
      signal,
      onProgress: ({ loadedBytes, totalBytes }) =>
        this.say(
          `Downloading ${model.ref.name}: ${Math.floor((100 * loadedBytes) / Math.max(totalBytes, 1))} %`,
        ),
    });
  }

  private async runAll(signal: AbortSignal): Promise<void> {
    const chosen = this.modes.chosen();
    const model = this.config.models[Number(this.models.value)];
    if (model === undefined) throw new Error("There is no model here. Add one on the Models page.");
    if (chosen.length === 0) throw new Error("Tick at least one mode that can run here.");
    const bundle = await this.download(model, signal);
    const frame = await this.picture.frame(bundle);
    this.say("Making the picture to compare with");
    await new Promise((resolve) => setTimeout(resolve, 30)); // the words must be seen before the page is busy
    const shown = results({
      bundle,
      frame,
      yardstick: yardstickFor(bundle, frame, this.picture.kind === "golden"),
    });
    this.found.replaceChildren(shown.element);
    for (const [i, factory] of chosen.entries()) {
      await whenVisible(signal);
      const card = shown.begin(factory.mode);
      const tell = (doing: string): void => {
        card.say(doing);
        this.say(`${factory.mode} (${i + 1} of ${chosen.length}): ${doing}`);
      };
      shown.add(await inspect(factory, { bundle, frame, signal, tell, show: (canvas) => card.show(canvas) }));
    }
    this.say(`Done: ${chosen.length} of ${chosen.length} modes.`);
  }
}

export function labPage(config: LabConfig, query: string): HTMLElement {
  return new Lab(config, query).element;
}
