// The visit as a state machine: pure, so that every path can be tested without a page.
// An event that does not belong to the step leaves the flow as it is (a double click is not an error).

export type Step =
  "closed" | "intro" | "consent" | "device" | "no-webgl" | "download" | "measure" | "play" | "thanks";

export interface Flow {
  readonly step: Step;
  /** The visit exists on the server or waits in the outbox: consent was given. */
  readonly consented: boolean;
  /** What became of the device block: not yet answered, sent, or kept back by the tester. */
  readonly device: "open" | "sent" | "declined";
  readonly measuring: "open" | "done" | "stopped";
  readonly deleted: boolean;
}

export type FlowEvent =
  | { type: "start" }
  | { type: "back" }
  | { type: "agreed" }
  | { type: "device-answered"; declined: boolean; canRun: boolean }
  | { type: "downloaded" }
  | { type: "measured"; play: boolean }
  | { type: "stopped" }
  | { type: "paint" }
  | { type: "finish" }
  | { type: "deleted" };

export function startFlow(status: "open" | "closed"): Flow {
  return {
    step: status === "open" ? "intro" : "closed",
    consented: false,
    device: "open",
    measuring: "open",
    deleted: false,
  };
}

/** Where to stand after a reload: weights live in the page's memory, so measuring and play come back by the download. */
export function resumeFlow(saved: Flow): Flow {
  const needsModel = saved.step === "measure" || saved.step === "play";
  return needsModel ? { ...saved, step: "download" } : saved;
}

function fromConsent(flow: Flow, event: FlowEvent): Flow {
  if (event.type === "back") return { ...flow, step: "intro" };
  if (event.type === "agreed") return { ...flow, step: "device", consented: true };
  return flow;
}

function fromDevice(flow: Flow, event: FlowEvent): Flow {
  if (event.type !== "device-answered") return flow;
  const device = event.declined ? "declined" : "sent";
  return { ...flow, device, step: event.canRun ? "download" : "no-webgl" };
}

function fromDownload(flow: Flow, event: FlowEvent): Flow {
  if (event.type !== "downloaded") return flow;
  return { ...flow, step: flow.measuring === "open" ? "measure" : "play" };
}

function fromMeasure(flow: Flow, event: FlowEvent): Flow {
  if (event.type === "measured") return { ...flow, measuring: "done", step: event.play ? "play" : "thanks" };
  if (event.type === "stopped") return { ...flow, measuring: "stopped" };
  if (event.type === "paint" && flow.measuring === "stopped") return { ...flow, step: "play" };
  return flow;
}

function thanks(flow: Flow): Flow {
  return { ...flow, step: "thanks", measuring: flow.measuring === "open" ? "stopped" : flow.measuring };
}

/** The flow after an event. Anyone who has consented can finish at any step; what was measured is kept. */
export function transition(flow: Flow, event: FlowEvent): Flow {
  if (event.type === "finish" && flow.consented && flow.step !== "thanks" && flow.step !== "no-webgl") {
    return thanks(flow);
  }
  switch (flow.step) {
    case "intro":
      return event.type === "start" ? { ...flow, step: "consent" } : flow;
    case "consent":
      return fromConsent(flow, event);
    case "device":
      return fromDevice(flow, event);
    case "no-webgl":
      return event.type === "finish" ? { ...flow, step: "thanks" } : flow;
    case "download":
      return fromDownload(flow, event);
    case "measure":
      return fromMeasure(flow, event);
    case "thanks":
      return event.type === "deleted" ? { ...flow, deleted: true } : flow;
    default:
      return flow;
  }
}

/** How the visit stands, as the server is told; null while there is nothing to tell. */
export function endState(flow: Flow): "finished" | "stopped" | "no_webgl" | null {
  if (!flow.consented || flow.deleted) return null;
  if (flow.step === "no-webgl") return "no_webgl";
  if (flow.measuring === "done") return "finished";
  return flow.measuring === "stopped" ? "stopped" : null;
}
