// Shows the step that the flow stands at. The only place that knows all steps.

import { h } from "../ui/dom";
import type { PageConfig } from "../wire/types";
import { type Flow, type FlowEvent, resumeFlow, startFlow, type Step, transition } from "./flow";
import { newRecord, openRecordStore, type RecordStore, takeLastWords, type VisitRecord } from "./record";
import type { StepContext, StepFactory, StepView } from "./step";
import { closedStep } from "./steps/closed";
import { consentStep } from "./steps/consent";
import { deviceStep } from "./steps/device";
import { downloadStep } from "./steps/download";
import { introStep } from "./steps/intro";
import { measureStep } from "./steps/measure";
import { noWebglStep } from "./steps/noWebgl";
import { playStep } from "./steps/play";
import { resumePage } from "./steps/resume";
import { thanksStep } from "./steps/thanks";
import { stepMarks } from "./stepMarks";
import { type Strings, stringsFor } from "./strings";
import { Visit } from "./visit";

const STEPS: Record<Step, StepFactory> = {
  closed: closedStep,
  intro: introStep,
  consent: consentStep,
  device: deviceStep,
  "no-webgl": noWebglStep,
  download: downloadStep,
  measure: measureStep,
  play: playStep,
  thanks: thanksStep,
};

const RESUME_HOURS = 24;

class App {
  private readonly live = h("div", { class: "visually-hidden", "aria-live": "polite" });
  private readonly marks: ReturnType<typeof stepMarks>;
  private readonly place = h("div", { class: "step-place" });
  private view: StepView | null = null;

  constructor(
    private readonly config: PageConfig,
    private readonly text: Strings,
    private readonly visit: Visit,
    mount: HTMLElement,
  ) {
    this.marks = stepMarks(text);
    const header = h(
      "header",
      { class: "site-header tester-header" },
      h("span", { class: "site-name" }, text.kit),
      this.marks.element,
    );
    mount.replaceChildren(header, this.place, this.live);
  }

  show(flow: Flow, focus: boolean): void {
    this.view?.dispose?.();
    const context: StepContext = {
      config: this.config,
      text: this.text,
      visit: this.visit,
      dispatch: (event) => this.dispatch(event),
      announce: (message) => (this.live.textContent = message),
    };
    this.view = STEPS[flow.step](context);
    this.place.replaceChildren(this.view.root);
    this.marks.show(flow.step);
    const heading = this.view.root.querySelector("h1");
    document.title = [heading?.textContent, this.config.title].filter(Boolean).join(" · ");
    if (!focus) return;
    window.scrollTo(0, 0);
    heading?.focus();
  }

  private dispatch(event: FlowEvent): void {
    const before = this.visit.flow;
    const after = transition(before, event);
    if (after === before) return;
    void this.visit.setFlow(after);
    if (after.step !== before.step) this.show(after, true);
  }

  /** Bench: consent and start need no person; the later steps look at `config.autorun` themselves. */
  async autorun(): Promise<void> {
    this.dispatch({ type: "start" });
    const answer = await this.visit.register("");
    if (!answer.ok) throw new Error(answer.message);
    this.dispatch({ type: "agreed" });
  }
}

/** Whether the record is of a visit in the middle that is worth going on with. */
export function resumable(record: VisitRecord | null, now: number): boolean {
  if (!record || record.version !== 1 || !record.create || record.flow.deleted) return false;
  return now - record.startedAt < RESUME_HOURS * 3_600_000;
}

/** A reload goes on at once; a new tab is asked, because another person may sit there now. */
function reloadedHere(link: string, visit: string): boolean {
  try {
    return sessionStorage.getItem(`fieldkit.tab.${link}`) === visit;
  } catch {
    return false;
  }
}

function markTab(link: string, visit: string): void {
  try {
    sessionStorage.setItem(`fieldkit.tab.${link}`, visit);
  } catch {
    // Then a reload asks, like a new tab.
  }
}

async function chooseRecord(
  config: PageConfig,
  text: Strings,
  store: RecordStore,
  mount: HTMLElement,
): Promise<VisitRecord> {
  const fresh = newRecord(startFlow(config.status));
  const kept = await store.load().catch(() => null);
  if (config.autorun || config.status === "closed" || !kept || !resumable(kept, Date.now())) return fresh;
  const again = { ...kept, flow: resumeFlow(kept.flow) };
  takeLastWords(config.link, again);
  if (reloadedHere(config.link, kept.create?.id ?? "")) return again;
  if (kept.flow.step === "thanks" || kept.flow.step === "no-webgl") return fresh;
  const choice = await new Promise((resolve) =>
    mount.replaceChildren(resumePage(config.title, text, resolve)),
  );
  return choice === "continue" ? again : fresh;
}

/** Starts the tester page in `mount`. */
export async function startApp(config: PageConfig, mount: HTMLElement): Promise<void> {
  const text = stringsFor(config.language);
  document.documentElement.lang = text.language;
  document.documentElement.dir = text.direction;
  const store = await openRecordStore(config.link);
  const record = await chooseRecord(config, text, store, mount);
  const visit = new Visit(config, record, store);
  visit.onRegistered = (id) => markTab(config.link, id);
  if (record.create) visit.onRegistered(record.create.id);
  const app = new App(config, text, visit, mount);
  app.show(record.flow, false);
  if (config.autorun && record.flow.step === "intro") await app.autorun();
}
