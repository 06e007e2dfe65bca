// "Try a model of your own": the disclosure with its drop zone, its progress, what was read, and what to choose.
// Nothing of the files leaves the browser; the readers are fetched when the first file comes.

import type { LoadedBundle } from "../../../engine/bundle";
import type { LocalModel } from "../../../engine/read";
import { button, h } from "../../../ui/dom";
import { megabytes } from "../../../ui/format";
import { progressBar } from "../../progress";
import { problem, reasonOf } from "../../step";
import type { Strings } from "../../strings";
import { choiceFields, firstChoice } from "./choices";
import type { Choice } from "./choices";
import { Collector } from "./collector";
import type { Reading } from "./collector";
import { filesOf, holdsFiles, isModelFile } from "./dropped";

export interface OwnModelOptions {
  readonly text: Strings;
  /** A model is ready to paint, or a choice about it was changed; null: back to the study's. */
  onModel(bundle: LoadedBundle | null): void;
}

export interface OwnModelPanel {
  readonly element: HTMLElement;
  /** Whether a drop was for this panel, which has then taken it. */
  take(files: readonly File[]): void;
  dispose(): void;
}

function factsOf(model: LocalModel, text: Strings): HTMLElement {
  const words = text.play.own;
  const count = new Intl.NumberFormat(text.language);
  const rows: [string, string][] = [
    [words.name, model.title],
    [words.takes, words.picture(...model.inputShape)],
    [words.gives, words.picture(...model.outputShape)],
    [words.parameters, count.format(model.parameters)],
    [words.size, text.units.megabytes(megabytes(text.language, model.bytes))],
    ...(model.outputRange
      ? [[words.values, words.knownRange(...model.outputRange)] as [string, string]]
      : []),
    [words.fingerprint, model.sha256.slice(0, 12)],
  ];
  return h(
    "dl",
    { class: "own-facts" },
    ...rows.flatMap(([term, value]) => [h("dt", {}, term), h("dd", {}, value)]),
  );
}

class Panel implements OwnModelPanel {
  readonly element: HTMLDetailsElement;
  private readonly collector = new Collector();
  private readonly trouble = problem();
  private readonly status = h("p", { class: "own-status", role: "status" });
  private readonly bar;
  private readonly result = h("div", { class: "own-result", hidden: true });
  private readonly picker;
  private reading: AbortController | null = null;
  private queue: Promise<void> = Promise.resolve();

  constructor(private readonly options: OwnModelOptions) {
    const words = options.text.play.own;
    this.bar = progressBar(words.progressName);
    this.bar.element.hidden = true;
    this.picker = h("input", {
      type: "file",
      multiple: true,
      accept: ".json,.bin",
      hidden: true,
      "aria-label": words.choose,
      "data-testid": "own-model-files",
    });
    this.picker.addEventListener("change", () => {
      this.take([...(this.picker.files ?? [])]);
      this.picker.value = "";
    });
    this.element = h(
      "details",
      { class: "own-model" },
      h("summary", {}, words.summary),
      h("p", {}, words.what),
      h("p", { class: "small muted" }, words.stays),
      h(
        "div",
        { class: "own-drop" },
        h("p", {}, words.dropHere),
        button(words.choose, () => this.picker.click()),
        this.picker,
      ),
      this.status,
      this.bar.element,
      this.trouble.element,
      this.result,
    );
    window.addEventListener("dragover", this.over);
    window.addEventListener("drop", this.dropped);
  }

  take(files: readonly File[]): void {
    if (files.length === 0) return;
    this.element.open = true;
    this.queue = this.queue.then(() => this.add(files));
  }

  dispose(): void {
    this.reading?.abort();
    window.removeEventListener("dragover", this.over);
    window.removeEventListener("drop", this.dropped);
  }

  /** A file that is dropped beside its place must not make the browser leave the page. */
  private readonly over = (event: DragEvent): void => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    this.element.classList.add("own-drag");
  };

  private readonly dropped = (event: DragEvent): void => {
    this.element.classList.remove("own-drag");
    if (!holdsFiles(event) || event.defaultPrevented) return;
    event.preventDefault();
    void filesOf(event).then((files) => this.take(files));
  };

  private async add(files: readonly File[]): Promise<void> {
    const words = this.options.text.play.own;
    this.trouble.show(null);
    if (!files.some(isModelFile)) return this.trouble.show(words.notAModel(files[0]?.name ?? ""));
    try {
      await this.proceed(await this.collector.add(files.filter(isModelFile)));
    } catch (error) {
      this.collector.clear();
      this.say("");
      this.trouble.show(words.refused(reasonOf(error)));
    } finally {
      this.bar.element.hidden = true;
    }
  }

  private say(sentence: string): void {
    this.status.textContent = sentence;
  }

  private async proceed(reading: Reading): Promise<void> {
    const words = this.options.text.play.own;
    if (reading.state === "no-model") return this.say(words.needsModel);
    if (reading.state === "missing") {
      const shown = reading.missing.slice(0, 6).join(", ");
      return this.say(words.missing(shown, Math.max(0, reading.missing.length - 6)));
    }
    const [{ readModel }, { digest }] = await Promise.all([
      import("../../../engine/read"),
      import("../../../measure/digest"),
    ]);
    this.reading = new AbortController();
    this.bar.element.hidden = false;
    this.say(words.reading);
    const onProgress = ({ loadedBytes, totalBytes }: { loadedBytes: number; totalBytes: number }): void => {
      const { text } = this.options;
      const amounts = [loadedBytes, totalBytes].map((bytes) => megabytes(text.language, bytes)) as [
        string,
        string,
      ];
      this.bar.set(totalBytes > 0 ? loadedBytes / totalBytes : 1, text.download.progress(...amounts));
    };
    const model = await readModel(reading.index, reading.files, {
      digest,
      onProgress,
      signal: this.reading.signal,
    });
    this.collector.clear();
    this.show(model);
  }

  private show(first: LocalModel): void {
    const { text, onModel } = this.options;
    let model = first;
    const facts = h("div", {}, factsOf(model, text));
    const apply = ({ settings, side }: Choice): void => {
      try {
        if (side !== null && side !== model.inputShape[0]) model = model.resized(side);
        facts.replaceChildren(factsOf(model, text));
        this.trouble.show(null);
        onModel(model.bundle(settings));
      } catch (error) {
        this.trouble.show(text.play.own.refused(reasonOf(error)));
      }
    };
    const back = button(text.play.own.back, () => {
      this.result.hidden = true;
      this.say("");
      onModel(null);
    });
    this.result.replaceChildren(facts, choiceFields(model, text, apply), back);
    this.result.hidden = false;
    this.say(text.play.own.ready);
    apply(firstChoice(model));
  }
}

export function ownModelPanel(options: OwnModelOptions): OwnModelPanel {
  return new Panel(options);
}
