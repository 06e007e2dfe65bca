// A thread that helps: it sleeps in WebAssembly until there is work, and ends when its team is dismissed.
import { instantiate } from "./instance";

export interface Order {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly team: number;
  readonly scratch: number;
  readonly stack: number;
  /** Rounds of the team until now. */
  readonly round: number;
}

addEventListener("message", ({ data }: MessageEvent<Order>) => {
  const kernels = instantiate(data.module, data.memory, data.stack);
  postMessage("ready");
  kernels.help(data.team, data.scratch, data.round);
  postMessage("gone");
  close();
});
