// Everything a visit sends goes through here, in order, until the server has taken it. Every message may be sent twice:
// the server answers the second like the first.
import { problemOf, worthRetrying } from "../../wire/client";
import type { Send, WireAnswer } from "../../wire/client";
import type { VisitCreate, VisitCreated } from "../../wire/types";
import { uuid } from "../ids";
import { Retry } from "./schedule";
import { openStore } from "./store";
import type { Entry, EntryStore, Refusal } from "./store";

export type { Refusal } from "./store";

/** The server understood a visit's creation and said no. */
export class OutboxRefused extends Error {
  override readonly name = "OutboxRefused";
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

export interface OutboxState {
  /** Messages that are still to be sent. */
  readonly pending: number;
  /** Messages that the server refused for good. */
  readonly refused: number;
  /** False after a try that did not reach the server. */
  readonly online: boolean;
}

export interface OutboxOptions {
  /** Called with a sentence where messages cannot be kept over a reload. */
  readonly onWarning?: (message: string) => void;
}

export interface Outbox {
  /** Resolves with the server's answer, however long that takes; rejects with `OutboxRefused`. */
  createVisit(body: VisitCreate): Promise<VisitCreated>;
  /** Resolves when the message lies in the queue. `path` is below /api/v1/: visits/<id>/... */
  put(path: string, body: unknown, secret: string): Promise<void>;
  pending(): number;
  refused(): readonly { readonly path: string; readonly refusal: Refusal }[];
  subscribe(listener: (state: OutboxState) => void): () => void;
  /** Tries now; resolves when there is nothing left to try or the server cannot be reached. */
  flushNow(): Promise<void>;
  /** Sends what there is while the page goes away. Wired to `pagehide` already. */
  onPageHide(): void;
  /** Drops every message of a visit, sent or not. */
  forget(visit: string): Promise<void>;
  close(): void;
}

/** Browsers allow 64 kB of bodies in requests that outlive their page. */
const KEEPALIVE_BYTES = 60_000;
const GONE = 410;

interface Waiter {
  resolve(answer: VisitCreated): void;
  reject(error: OutboxRefused): void;
}

class Queue implements Outbox {
  private entries: Entry[] = [];
  private readonly waiters = new Map<string, Waiter[]>();
  private readonly listeners = new Set<(state: OutboxState) => void>();
  private readonly retry = new Retry(() => void this.flushNow());
  private flushing: Promise<void> | null = null;
  private online = true;
  private closed = false;

  constructor(
    private readonly send: Send,
    private readonly store: EntryStore,
  ) {
    globalThis.addEventListener?.("pagehide", this.leave);
  }

  async restore(): Promise<void> {
    const found = await this.store.all();
    this.entries = found.sort((a, b) => a.order - b.order);
    if (this.pending() > 0) void this.flushNow();
  }

  async createVisit(body: VisitCreate): Promise<VisitCreated> {
    const answer = new Promise<VisitCreated>((resolve, reject) => {
      this.waiters.set(body.id, [...(this.waiters.get(body.id) ?? []), { resolve, reject }]);
    });
    await this.add({ visit: body.id, method: "POST", path: "visits", body, secret: null });
    return answer;
  }

  async put(path: string, body: unknown, secret: string): Promise<void> {
    const visit = /^visits\/([^/]+)\/./.exec(path)?.[1];
    if (visit === undefined) throw new RangeError(`A path must begin with visits/<id>/, not ${path}`);
    await this.add({ visit, method: "PUT", path, body, secret });
  }

  pending(): number {
    return this.waiting().length;
  }

  refused(): { path: string; refusal: Refusal }[] {
    return this.entries.flatMap(({ path, refused }) =>
      refused === null ? [] : [{ path, refusal: refused }],
    );
  }

  subscribe(listener: (state: OutboxState) => void): () => void {
    this.listeners.add(listener);
    listener(this.state());
    return () => this.listeners.delete(listener);
  }

  flushNow(): Promise<void> {
    this.flushing ??= this.flush().finally(() => (this.flushing = null));
    return this.flushing;
  }

  onPageHide(): void {
    let bytes = 0;
    for (const { method, path, body, secret } of this.waiting()) {
      bytes += new TextEncoder().encode(JSON.stringify(body)).length;
      if (bytes > KEEPALIVE_BYTES) break;
      // Nobody will read the answer: it stays in the queue, and the next page sends it again.
      void this.send({ method, path, body, secret, keepalive: true }).catch(() => undefined);
    }
  }

  async forget(visit: string): Promise<void> {
    const gone = this.entries.filter((entry) => entry.visit === visit);
    this.entries = this.entries.filter((entry) => entry.visit !== visit);
    await Promise.all(gone.map((entry) => this.store.remove(entry.id)));
    this.tell();
  }

  close(): void {
    this.closed = true;
    this.retry.stop();
    globalThis.removeEventListener?.("pagehide", this.leave);
    this.store.close();
  }

  private readonly leave = (): void => this.onPageHide();

  private waiting(): Entry[] {
    return this.entries.filter((entry) => entry.refused === null);
  }

  private state(): OutboxState {
    return { pending: this.pending(), refused: this.refused().length, online: this.online };
  }

  private tell(): void {
    for (const listener of [...this.listeners]) listener(this.state());
  }

  /** Into memory at once, so that a page that goes away now still sends it; then into the store. */
  private async add(message: Omit<Entry, "id" | "order" | "refused">): Promise<void> {
    const last = this.entries.at(-1)?.order ?? 0;
    const entry: Entry = { ...message, id: uuid(), order: Math.max(last + 1, Date.now()), refused: null };
    this.entries.push(entry);
    this.tell();
    await this.store.save(entry).catch(() => undefined); // A full disk costs the reload, not the sending.
    void this.flushNow();
  }

  private async flush(): Promise<void> {
    for (let next = this.waiting()[0]; next !== undefined && !this.closed; next = this.waiting()[0]) {
      const { method, path, body, secret } = next;
      const answer = await this.send({ method, path, body, secret, keepalive: false }).catch(() => null);
      if (this.closed) return;
      if (answer === null || worthRetrying(answer.status)) {
        this.online = false;
        this.retry.later(answer?.retryAfterMs);
        this.tell();
        return;
      }
      this.online = true;
      this.retry.reset();
      await this.settle(next, answer);
      this.tell();
    }
  }

  private async settle(entry: Entry, answer: WireAnswer): Promise<void> {
    if (answer.status >= 200 && answer.status < 300) {
      this.entries = this.entries.filter((other) => other.id !== entry.id);
      await this.store.remove(entry.id).catch(() => undefined);
      if (entry.method === "POST")
        this.answer(entry.visit, (waiter) => waiter.resolve(answer.body as VisitCreated));
      return;
    }
    const { code, message } = problemOf(answer);
    const refusal: Refusal = { status: answer.status, code, message };
    // Without its visit, or after that was deleted, nothing else of it can ever be taken.
    const whole = entry.method === "POST" || answer.status === GONE;
    await this.refuse((other) => other.id === entry.id || (whole && other.visit === entry.visit), refusal);
    if (entry.method === "POST") {
      this.answer(entry.visit, (waiter) => waiter.reject(new OutboxRefused(refusal.status, code, message)));
    }
  }

  private async refuse(concerned: (entry: Entry) => boolean, refusal: Refusal): Promise<void> {
    this.entries = this.entries.map((entry) =>
      entry.refused === null && concerned(entry) ? { ...entry, refused: refusal } : entry,
    );
    const changed = this.entries.filter((entry) => entry.refused === refusal);
    await Promise.all(changed.map((entry) => this.store.save(entry).catch(() => undefined)));
  }

  private answer(visit: string, tell: (waiter: Waiter) => void): void {
    const waiters = this.waiters.get(visit) ?? [];
    this.waiters.delete(visit);
    waiters.forEach(tell);
  }
}

/** Opens the queue of this browser and goes on with what an earlier page left in it. */
export async function openOutbox(send: Send, options: OutboxOptions = {}): Promise<Outbox> {
  const { store, lasting } = await openStore();
  if (!lasting) {
    options.onWarning?.(
      "This browser keeps nothing for this page. Please leave the page open until everything is sent.",
    );
  }
  const queue = new Queue(send, store);
  await queue.restore();
  return queue;
}
