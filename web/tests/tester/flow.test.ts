import { describe, expect, it } from "vitest";

import {
  endState,
  type Flow,
  type FlowEvent,
  resumeFlow,
  startFlow,
  transition,
} from "../../src/tester/flow";

const WHOLE_WAY: FlowEvent[] = [
  { type: "start" },
  { type: "agreed" },
  { type: "device-answered", declined: false, canRun: true },
  { type: "downloaded" },
  { type: "measured", play: true },
  { type: "finish" },
];

function after(...events: FlowEvent[]): Flow {
  return events.reduce(transition, startFlow("open"));
}

describe("the way through a visit", () => {
  it("passes every step in order", () => {
    const steps = WHOLE_WAY.map((_, i) => after(...WHOLE_WAY.slice(0, i + 1)).step);
    expect(steps).toEqual(["consent", "device", "download", "measure", "play", "thanks"]);
    expect(endState(after(...WHOLE_WAY))).toBe("finished");
  });

  it("skips play for a bench", () => {
    const flow = after(...WHOLE_WAY.slice(0, 4), { type: "measured", play: false });
    expect(flow).toMatchObject({ step: "thanks", measuring: "done" });
  });

  it("shows a closed study and nothing else", () => {
    const flow = startFlow("closed");
    for (const event of WHOLE_WAY) expect(transition(flow, event)).toBe(flow);
  });

  it("goes back from consent, and only from there", () => {
    expect(after({ type: "start" }, { type: "back" }).step).toBe("intro");
    const device = after({ type: "start" }, { type: "agreed" });
    expect(transition(device, { type: "back" })).toBe(device);
  });

  it("ignores what does not belong to the step, such as a second click", () => {
    const intro = startFlow("open");
    expect(transition(intro, { type: "agreed" })).toBe(intro);
    expect(transition(intro, { type: "finish" })).toBe(intro);
    const measure = after(...WHOLE_WAY.slice(0, 4));
    expect(transition(measure, { type: "paint" })).toBe(measure);
  });
});

describe("not going all the way", () => {
  it("keeps the device back and goes on", () => {
    const flow = after(
      { type: "start" },
      { type: "agreed" },
      { type: "device-answered", declined: true, canRun: true },
    );
    expect(flow).toMatchObject({ step: "download", device: "declined" });
  });

  it("says so where nothing can run, and ends as no_webgl", () => {
    const flow = after(
      { type: "start" },
      { type: "agreed" },
      { type: "device-answered", declined: false, canRun: false },
    );
    expect(flow.step).toBe("no-webgl");
    expect(endState(flow)).toBe("no_webgl");
    expect(transition(flow, { type: "finish" }).step).toBe("thanks");
  });

  it("stops measuring, stays to say what was kept, then paints", () => {
    const stopped = after(...WHOLE_WAY.slice(0, 4), { type: "stopped" });
    expect(stopped).toMatchObject({ step: "measure", measuring: "stopped" });
    expect(endState(stopped)).toBe("stopped");
    expect(transition(stopped, { type: "paint" }).step).toBe("play");
  });

  it.each([2, 3, 4])("finishes early after %i events as stopped", (count) => {
    const flow = after(...WHOLE_WAY.slice(0, count), { type: "finish" });
    expect(flow.step).toBe("thanks");
    expect(endState(flow)).toBe("stopped");
  });

  it("tells the server nothing before consent and after deletion", () => {
    expect(endState(after({ type: "start" }, { type: "finish" }))).toBeNull();
    expect(endState(after(...WHOLE_WAY, { type: "deleted" }))).toBeNull();
  });
});

describe("a reload", () => {
  it.each([
    [4, "download"],
    [5, "download"],
    [2, "device"],
    [6, "thanks"],
  ])("after %i events comes back to %s", (count, step) => {
    expect(resumeFlow(after(...WHOLE_WAY.slice(0, count))).step).toBe(step);
  });

  it("goes from the download straight to play once measured", () => {
    const flow = resumeFlow(after(...WHOLE_WAY.slice(0, 5)));
    expect(transition(flow, { type: "downloaded" }).step).toBe("play");
  });
});
