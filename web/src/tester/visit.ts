// One visit: its record, what goes to the server, and the measuring parts, behind one object for the steps.
// Heavy modules (outbox, TensorFlow.js) are fetched when they are first needed, so that the first page is light.

import type { LoadedBundle } from "../engine/bundle";
import type { MeasureEvent } from "../measure/session";
import type { Outbox } from "../measure/outbox";
import type {
  DeviceBlock,
  JoinCodeAnswer,
  PageConfig,
  PlanEntry,
  RunReport,
  VisitCreate,
  VisitCreated,
  VisitEnd,
} from "../wire/types";
import { expectOk, send } from "../wire/client";
import { type Flow, endState } from "./flow";
import { forgetMachine, machineId, rememberMachine } from "./identity";
import { runners } from "../runners";
import { makeSecret, uuid } from "../measure/ids";
import { finishedBlocks, keepLastWord, type RecordStore, type VisitRecord } from "./record";

export type Registered = { ok: true } | { ok: false; field: "join_code" | null; message: string };

/** A message of the visit as it was sent, for the tester to read. */
export interface SentMessage {
  request: string;
  body: unknown;
}

export class Visit {
  /** What stands in the code field, kept between the first two steps. */
  joinCode = "";
  onRegistered: (visit: string) => void = () => undefined;
  private outbox: Promise<Outbox> | null = null;
  private readonly bundles = new Map<string, LoadedBundle>();
  private readonly pendingListeners = new Set<(count: number) => void>();
  private readonly waitingListeners = new Set<(waiting: boolean) => void>();
  private pendingCount = 0;
  /** The page is going away: what comes now has no time for IndexedDB. */
  private leaving = false;

  constructor(
    readonly config: PageConfig,
    readonly record: VisitRecord,
    private readonly store: RecordStore,
  ) {
    // Captured and first of its kind, so that it comes before the runs that are posted because of the same event.
    addEventListener("pagehide", () => (this.leaving = true), { capture: true });
    addEventListener("pageshow", () => (this.leaving = false), { capture: true });
  }

  get flow(): Flow {
    return this.record.flow;
  }

  /** False where this browser keeps nothing over a reload. */
  get lasting(): boolean {
    return this.store.lasting;
  }

  /** Called after every step. Nothing is kept before consent. */
  async setFlow(flow: Flow): Promise<void> {
    this.record.flow = flow;
    if (!flow.consented || flow.deleted) return;
    await this.save();
    const state = endState(flow);
    if (state !== null && state !== this.record.end?.state) await this.sendEnd({ schema: 1, state });
  }

  // Consent

  /** Registers the visit; waits for the server as long as it takes. `code` is "" or a clean join code. */
  async register(code: string): Promise<Registered> {
    this.joinCode = code;
    const body = this.consentBody(code);
    const outbox = await this.openOutbox();
    let created: VisitCreated;
    try {
      created = await outbox.createVisit(body);
    } catch (error) {
      this.record.create = null;
      await outbox.forget(body.id);
      return refusal(error, code);
    }
    this.record.create = body;
    this.record.created = created;
    this.onRegistered(body.id);
    rememberMachine(created.machine);
    return { ok: true };
  }

  private consentBody(code: string): VisitCreate {
    const { config, record } = this;
    record.startedAt = Date.now();
    return {
      schema: 1,
      id: uuid(),
      link: config.link,
      machine: machineId(),
      join_code: code === "" ? null : code,
      secret: makeSecret(),
      consent: {
        text_sha256: config.consent_sha256,
        language: config.language,
        at: new Date(record.startedAt).toISOString(),
      },
      kit_version: config.kit_version,
      protocol_version: config.protocol_version,
    };
  }

  // Device

  /** Sends the device block, or that the tester keeps it (null). */
  async answerDevice(block: DeviceBlock | null): Promise<void> {
    this.record.device = { schema: 1, declined: block === null, device: block };
    await this.put("device", this.record.device);
  }

  /** Whether any of the study's modes can run in this browser. */
  async canRun(): Promise<boolean> {
    const answers = await Promise.all(this.config.modes.map((mode) => runners[mode]?.available()));
    return answers.some((answer) => answer?.ok === true);
  }

  // Models

  /** Loads every model of the study and the modes' code; what is in memory already is not loaded again. */
  async loadModels(onProgress: (loaded: number, total: number) => void, signal: AbortSignal): Promise<void> {
    const { downloadBundle } = await import("../measure/bundles");
    const all = this.config.models.reduce((sum, model) => sum + model.bytes, 0);
    let before = 0;
    for (const model of this.config.models) {
      if (!this.bundles.has(model.ref.sha256)) {
        const start = before;
        const bundle = await downloadBundle(model, {
          onProgress: ({ loadedBytes }) => onProgress(Math.min(all, start + loadedBytes), all),
          signal,
        });
        this.bundles.set(model.ref.sha256, bundle);
      }
      before += model.bytes;
      onProgress(before, all);
    }
    await this.fetchCode();
  }

  /** All code that measuring needs, before anything is timed: a line that is cut later then costs nothing. */
  private async fetchCode(): Promise<void> {
    const modes = this.config.modes.map((mode) => runners[mode]?.fetchCode());
    const frames = import("../measure/frames").then(({ loadFrames }) => loadFrames());
    await Promise.all([import("../measure/session"), frames, ...modes]);
  }

  /** A model by its place in the study. Throws when it is not loaded: play comes after the download. */
  bundle(index: number): LoadedBundle {
    const bundle = this.bundles.get(this.config.models[index]?.ref.sha256 ?? "");
    if (!bundle) throw new Error("the model is not loaded; reload the page to fetch it again");
    return bundle;
  }

  // Measuring

  get sequenceLength(): number {
    return this.record.created?.sequence.length ?? 0;
  }

  /** What is still to be measured, in order. */
  remaining(): PlanEntry[] {
    const done = finishedBlocks(this.record);
    return (this.record.created?.sequence ?? []).filter((entry) => !done.has(entry.block));
  }

  measuredCount(): number {
    return finishedBlocks(this.record).size;
  }

  /** Milliseconds on the page's clock at consent (before the page opened, after a reload: then negative). */
  visitStart(): number {
    return performance.now() - (Date.now() - this.record.startedAt);
  }

  /** Measures what is left. Resolves with whether it was stopped. */
  async measure(
    host: HTMLElement,
    label: string,
    signal: AbortSignal,
    on: (event: MeasureEvent) => void,
  ): Promise<boolean> {
    const { measureSequence } = await import("../measure/session");
    const result = await measureSequence({
      config: this.config,
      sequence: this.remaining(),
      bundles: this.bundles,
      host,
      signal,
      visitStart: this.visitStart(),
      label,
      on: (event) => {
        if (event.type === "run") void this.addRun(event.id, event.report);
        on(event);
      },
    });
    if (!result.stopped) {
      await this.sendEnd({ schema: 1, state: "finished", refresh_hz_after: result.refreshAfterHz });
    }
    return result.stopped;
  }

  /** A finished run goes into the record and to the outbox at once, never at the end. */
  async addRun(id: string, made: RunReport): Promise<void> {
    const report = this.record.device?.declined ? withoutRenderer(made) : made;
    this.record.runs.push({ id, report });
    if (this.leaving) keepLastWord(this.config.link, { id, report });
    await Promise.all([this.save(), this.put(`runs/${id}`, report)]);
  }

  private async sendEnd(end: VisitEnd): Promise<void> {
    this.record.end = { ...this.record.end, ...end };
    await Promise.all([this.save(), this.put("end", this.record.end)]);
  }

  // The last page

  /** The code that joins another browser on this computer; asked for once. */
  async joinCodeAnswer(): Promise<string> {
    const kept = this.record.joinCode;
    if (kept && Date.parse(kept.expires_at) > Date.now()) return kept.code;
    const { id, secret } = this.credentials();
    await (await this.openOutbox()).flushNow();
    const answer = await send({
      method: "POST",
      path: `visits/${id}/join-code`,
      body: {},
      secret,
      keepalive: false,
    });
    this.record.joinCode = expectOk<JoinCodeAnswer>(answer);
    await this.save();
    return this.record.joinCode.code;
  }

  /** Deletes the visit on the server, then everything that this browser kept of it. Rejects with a sentence. */
  async remove(): Promise<void> {
    const { id, secret } = this.credentials();
    const outbox = await this.openOutbox();
    await outbox.forget(id);
    const answer = await send({
      method: "DELETE",
      path: `visits/${id}`,
      body: null,
      secret,
      keepalive: false,
    });
    if (answer.status !== 410 && answer.status !== 404) expectOk(answer);
    forgetMachine();
    await this.store.clear();
  }

  /** Every message of the visit, as the server got it or will get it; without the secret, which is the tester's key. */
  sent(): SentMessage[] {
    const { create, device, runs, end } = this.record;
    const messages: SentMessage[] = [];
    if (create)
      messages.push({ request: "POST visits", body: { ...create, secret: "(kept by your browser)" } });
    if (device) messages.push({ request: "PUT device", body: device });
    for (const { id, report } of runs) messages.push({ request: `PUT runs/${id}`, body: report });
    if (end) messages.push({ request: "PUT end", body: end });
    return messages;
  }

  // Sending

  /** Calls back now and whenever the number of waiting messages changes. Returns how to stop. */
  onPending(listener: (count: number) => void): () => void {
    this.pendingListeners.add(listener);
    listener(this.pendingCount);
    void this.openOutbox();
    return () => this.pendingListeners.delete(listener);
  }

  /** Calls back when the server cannot be reached, and again when it can. */
  onWaiting(listener: (waiting: boolean) => void): () => void {
    this.waitingListeners.add(listener);
    return () => this.waitingListeners.delete(listener);
  }

  private openOutbox(): Promise<Outbox> {
    this.outbox ??= this.startOutbox();
    return this.outbox;
  }

  private async startOutbox(): Promise<Outbox> {
    const { openOutbox } = await import("../measure/outbox");
    const outbox = await openOutbox(send);
    outbox.subscribe(({ pending, online }) => {
      this.pendingCount = pending;
      for (const listener of this.pendingListeners) listener(pending);
      for (const listener of this.waitingListeners) listener(!online);
    });
    return outbox;
  }

  private async put(what: string, body: unknown): Promise<void> {
    const { id, secret } = this.credentials();
    await (await this.openOutbox()).put(`visits/${id}/${what}`, body, secret);
  }

  private credentials(): { id: string; secret: string } {
    if (!this.record.create) throw new Error("there is no visit yet; start again");
    return this.record.create;
  }

  private async save(): Promise<void> {
    try {
      await this.store.save(this.record);
    } catch {
      // A full or refused store costs the resume after a reload, nothing else: the outbox has what was measured.
    }
  }
}

/** "Don't send" holds for the graphics card's name in every run too. */
export function withoutRenderer(report: RunReport): RunReport {
  if (!report.environment) return report;
  return { ...report, environment: { ...report.environment, vendor: null, renderer: null } };
}

function refusal(error: unknown, code: string): Registered {
  const { code: errorCode, message } = error as { code?: string; message?: string };
  const aboutCode = code !== "" && errorCode === "unknown_join_code";
  return {
    ok: false,
    field: aboutCode ? "join_code" : null,
    message: message ?? "the server gave no reason",
  };
}
