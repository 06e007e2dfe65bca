// Puts the parts that are measured by into a page, so that the browser tests can drive them. Not part of the product.
import * as bundle from "../../src/engine/bundle";
import * as golden from "../../src/engine/golden";
import * as bundles from "../../src/measure/bundles";
import * as clock from "../../src/measure/clock";
import * as frames from "../../src/measure/frames";
import * as goldenCheck from "../../src/measure/goldenCheck";
import * as ids from "../../src/measure/ids";
import * as outbox from "../../src/measure/outbox";
import * as player from "../../src/measure/player";
import * as pool from "../../src/measure/pool";
import * as probe from "../../src/measure/probe";
import * as refresh from "../../src/measure/refresh";
import * as session from "../../src/measure/session";
import { runners } from "../../src/runners";
import { send } from "../../src/wire/client";
import * as help from "./helpers";
import * as webgl from "./webgl";
import * as webgpu from "./webgpu";

const parts = {
  ...{ bundle, bundles, clock, frames, golden, goldenCheck, ids, outbox, player },
  ...{ help, pool, probe, refresh, runners, send, session, webgl, webgpu },
};

declare global {
  interface Window {
    kit: typeof parts;
  }
}

window.kit = parts;
