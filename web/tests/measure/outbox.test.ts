import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { openOutbox } from "../../src/measure/outbox";
import type { OutboxRefused } from "../../src/measure/outbox";
import { pauseBefore } from "../../src/measure/outbox/schedule";
import type { Send, WireAnswer, WireRequest } from "../../src/wire/client";
import type { VisitCreate } from "../../src/wire/types";

const VISIT = "7f8c3a52-0000-4000-8000-000000000001";
const visit = { id: VISIT, secret: "s" } as unknown as VisitCreate;
const ok: WireAnswer = { status: 200, body: { id: VISIT } };
const refusal = (status: number): WireAnswer => ({
  status,
  body: { error: { code: "no", field: null, message: "Not this way." } },
});

/** A server that answers in turn and then always 200; "away" breaks the connection. */
function server(...answers: (WireAnswer | "away")[]): { send: Send; seen: WireRequest[] } {
  const seen: WireRequest[] = [];
  const send: Send = async (request) => {
    seen.push(request);
    const answer = answers.shift() ?? ok;
    if (answer === "away") throw new Error("no network");
    return answer;
  };
  return { send, seen };
}

const paths = (seen: WireRequest[]): string[] => seen.map(({ path }) => path);

beforeEach(() => void vi.stubGlobal("indexedDB", new IDBFactory()));

describe("the outbox", () => {
  it("sends in order and empties itself", async () => {
    const { send, seen } = server();
    const box = await openOutbox(send);
    await box.createVisit(visit);
    await box.put(`visits/${VISIT}/device`, {}, "s");
    await box.put(`visits/${VISIT}/runs/1`, {}, "s");
    await box.flushNow();
    expect(paths(seen)).toEqual(["visits", `visits/${VISIT}/device`, `visits/${VISIT}/runs/1`]);
    expect(box.pending()).toBe(0);
    box.close();
  });

  it("keeps what could not be sent for the next page", async () => {
    const away = server("away");
    const first = await openOutbox(away.send);
    await first.put(`visits/${VISIT}/runs/1`, { n: 1 }, "s");
    await first.flushNow();
    first.close();
    const back = server();
    const second = await openOutbox(back.send);
    await second.flushNow();
    expect(back.seen[0]).toMatchObject({ path: `visits/${VISIT}/runs/1`, body: { n: 1 }, secret: "s" });
    expect(second.pending()).toBe(0);
    second.close();
  });

  it.each([500, 503, 429, 408])("tries again after %i", async (status) => {
    const { send, seen } = server(refusal(status));
    const box = await openOutbox(send);
    await box.put(`visits/${VISIT}/end`, {}, "s");
    await box.flushNow();
    await box.flushNow();
    expect(seen).toHaveLength(2);
    box.close();
  });

  it.each([400, 401, 404, 409, 413, 422])(
    "keeps what was refused with %i, visibly, and goes on",
    async (status) => {
      const { send, seen } = server(refusal(status));
      const box = await openOutbox(send);
      await box.put(`visits/${VISIT}/runs/1`, {}, "s");
      await box.put(`visits/${VISIT}/runs/2`, {}, "s");
      await box.flushNow();
      expect(seen).toHaveLength(2);
      expect(box.refused()).toMatchObject([
        { path: `visits/${VISIT}/runs/1`, refusal: { status, message: "Not this way." } },
      ]);
      box.close();
    },
  );

  it("gives up on the whole visit when it was deleted", async () => {
    const { send, seen } = server("away", refusal(410));
    const box = await openOutbox(send);
    await box.put(`visits/${VISIT}/runs/1`, {}, "s");
    await box.put(`visits/${VISIT}/runs/2`, {}, "s");
    await box.flushNow();
    await box.flushNow();
    expect([seen.length, box.pending(), box.refused().length]).toEqual([2, 0, 2]);
    box.close();
  });

  it("rejects a visit that the server refuses, with its sentence", async () => {
    const box = await openOutbox(server(refusal(410)).send);
    const error = await box.createVisit(visit).catch((reason: unknown) => reason as OutboxRefused);
    expect(error).toMatchObject({ name: "OutboxRefused", status: 410, code: "no", message: "Not this way." });
    box.close();
  });

  it("sends with keepalive when the page goes away, up to what browsers allow", async () => {
    const { send, seen } = server("away");
    const box = await openOutbox(send);
    await box.put(`visits/${VISIT}/runs/1`, { text: "x".repeat(40_000) }, "s");
    await box.flushNow();
    void box.put(`visits/${VISIT}/runs/2`, { text: "x".repeat(40_000) }, "s");
    seen.length = 0;
    box.onPageHide();
    expect(seen.map(({ path, keepalive }) => [path, keepalive])).toEqual([[`visits/${VISIT}/runs/1`, true]]);
    box.close();
  });

  it("tells how much is waiting and whether the server answers", async () => {
    const box = await openOutbox(server("away").send);
    const states: unknown[] = [];
    box.subscribe((state) => states.push(state));
    await box.put(`visits/${VISIT}/end`, {}, "s");
    await box.flushNow();
    await box.flushNow();
    expect(states.at(0)).toEqual({ pending: 0, refused: 0, online: true });
    expect(states).toContainEqual({ pending: 1, refused: 0, online: false });
    expect(states.at(-1)).toEqual({ pending: 0, refused: 0, online: true });
    box.close();
  });

  it("works without IndexedDB, with a warning", async () => {
    vi.stubGlobal("indexedDB", undefined);
    const warnings: string[] = [];
    const box = await openOutbox(server().send, { onWarning: (message) => warnings.push(message) });
    await box.put(`visits/${VISIT}/end`, {}, "s");
    await box.flushNow();
    expect([box.pending(), warnings.length]).toEqual([0, 1]);
    box.close();
  });

  it("forgets a visit", async () => {
    const box = await openOutbox(server("away").send);
    await box.put(`visits/${VISIT}/end`, {}, "s");
    await box.forget(VISIT);
    expect(box.pending()).toBe(0);
    box.close();
  });

  it("refuses a path that belongs to no visit", async () => {
    const box = await openOutbox(server().send);
    await expect(box.put("studies/1", {}, "s")).rejects.toThrow("visits/<id>/");
    box.close();
  });
});

describe("pauses", () => {
  it("grow to a minute and are spread", () => {
    expect([0, 1, 3, 20].map((number) => pauseBefore(number, 1))).toEqual([1_000, 2_000, 8_000, 60_000]);
    expect(pauseBefore(0, 0)).toBe(500);
  });
});
