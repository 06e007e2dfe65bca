// The memory and the threads that run a program.
import { EngineError } from "../device";
import type { Arena } from "./arena";
import { instantiate, STACK_BYTES } from "./instance";
import type { Kernels } from "./instance";
import type { Order } from "./worker";

const PAGE = 65_536;
const MOST_PAGES = 65_535;

export interface Machine {
  readonly memory: WebAssembly.Memory;
  /** Live workers. */
  readonly workers: number;
  /** Goes on with another number of threads, from 1 to those it was made with. */
  resize(threads: number): Promise<void>;
  /** Instructions [from, to) of the table, as addresses; all done when it returns. */
  run(from: number, to: number): void;
  destroy(): void;
}

interface ThreadRooms {
  readonly scratch: number;
  readonly stack: number;
}

/** What a machine needs in the arena, asked for before the memory is made. */
export interface Rooms {
  readonly team: number;
  /** Of each thread; the first one's stack comes with the module. */
  readonly threads: readonly ThreadRooms[];
}

export function roomsFor(arena: Arena, threads: number, scratch: number): Rooms {
  const team = arena.array(Int32Array.from({ length: 16 }, (_, i) => (i === 0 ? threads : 0)));
  return {
    team,
    threads: Array.from({ length: threads }, (_, i) => ({
      scratch: arena.room(scratch),
      stack: i === 0 ? 0 : arena.room(STACK_BYTES) + STACK_BYTES,
    })),
  };
}

function makeMemory(bytes: number, shared: boolean): WebAssembly.Memory {
  const pages = Math.ceil(bytes / PAGE);
  const megabytes = Math.ceil(bytes / 2 ** 20);
  if (pages > MOST_PAGES)
    throw new EngineError("limit", `This network needs ${megabytes} MB; WebAssembly has 4,096 MB at most.`);
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  } catch {
    throw new EngineError(
      "memory",
      `There are no ${megabytes} MB of memory for this network: close other pages.`,
    );
  }
}

/** Resolves when the worker says so; rejects when its code did not come or did not start. */
function told(worker: Worker, word: "ready" | "gone"): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (): void =>
      reject(new EngineError("unsupported", "A thread of the engine did not start."));
    worker.addEventListener("message", ({ data }) => {
      if (data === word) resolve();
    });
    worker.addEventListener("error", failed, { once: true });
  });
}

/** The threads that help the page's own: they share its memory, and sleep in it. */
class Helpers {
  readonly workers: Worker[] = [];
  /** Numbers of the team as the kernels have it: threads, rounds. */
  private readonly team: Int32Array;

  constructor(
    private readonly module: WebAssembly.Module,
    private readonly memory: WebAssembly.Memory,
    private readonly kernels: Kernels,
    private readonly rooms: Rooms,
  ) {
    this.team = new Int32Array(memory.buffer, rooms.team, 2);
  }

  private async start({ scratch, stack }: ThreadRooms): Promise<void> {
    const worker = new Worker(new URL("./worker.ts", import.meta.url), {
      type: "module",
      name: "direct-wasm",
    });
    this.workers.push(worker);
    const ready = told(worker, "ready");
    const { module, memory } = this;
    const order: Order = { module, memory, team: this.rooms.team, scratch, stack, round: this.team[1] ?? 0 };
    worker.postMessage(order);
    await ready;
  }

  /** For `threads` in all. None is left where one does not start. */
  async hire(threads: number): Promise<void> {
    this.team[0] = threads;
    try {
      await Promise.all(this.rooms.threads.slice(1, threads).map((room) => this.start(room)));
    } catch (error) {
      this.dismiss();
      throw error;
    }
  }

  /** Resolves when nobody looks into the memory any more. */
  async retire(): Promise<void> {
    const gone = this.workers.map((worker) => told(worker, "gone"));
    this.kernels.dismiss(this.rooms.team);
    await Promise.all(gone);
    for (const worker of this.workers.splice(0)) worker.terminate();
  }

  dismiss(): void {
    if (this.workers.length > 0) this.kernels.dismiss(this.rooms.team);
    for (const worker of this.workers.splice(0)) worker.terminate();
  }
}

/** Makes the memory, fills it and starts the threads. Throws `EngineError` where there is no room for it. */
export async function startMachine(module: WebAssembly.Module, arena: Arena, rooms: Rooms): Promise<Machine> {
  const memory = makeMemory(arena.bytes, rooms.threads.length > 1);
  arena.fill(memory);
  const kernels = instantiate(module, memory);
  const helpers = new Helpers(module, memory, kernels, rooms);
  await helpers.hire(rooms.threads.length);
  const scratch = rooms.threads[0]?.scratch ?? 0;
  return {
    memory,
    get workers() {
      return helpers.workers.length;
    },
    async resize(threads) {
      if (helpers.workers.length > 0) await helpers.retire();
      await helpers.hire(threads);
    },
    run(from, to) {
      if (helpers.workers.length === 0) kernels.run(from, to, scratch);
      else kernels.lead(rooms.team, from, to, scratch);
    },
    destroy: () => helpers.dismiss(),
  };
}
