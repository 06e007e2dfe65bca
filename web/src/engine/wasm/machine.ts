// The memory and the threads that run a program.
import { EngineError } from "../device";
import type { Arena } from "./arena";
import { instantiate, STACK_BYTES } from "./instance";
import type { Order } from "./worker";

const PAGE = 65_536;
const MOST_PAGES = 65_535;

export interface Machine {
  readonly memory: WebAssembly.Memory;
  /** Live workers. */
  readonly workers: number;
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

/** Resolves when the worker is about to sleep; rejects when its code did not come or did not start. */
function started(worker: Worker, order: Order): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (): void =>
      reject(new EngineError("unsupported", "A thread of the engine did not start."));
    worker.addEventListener("message", () => resolve(), { once: true });
    worker.addEventListener("error", failed, { once: true });
    worker.postMessage(order);
  });
}

async function startWorkers(
  module: WebAssembly.Module,
  memory: WebAssembly.Memory,
  rooms: Rooms,
): Promise<Worker[]> {
  const workers: Worker[] = [];
  try {
    const starts = rooms.threads.slice(1).map(({ scratch, stack }) => {
      const worker = new Worker(new URL("./worker.ts", import.meta.url), {
        type: "module",
        name: "direct-wasm",
      });
      workers.push(worker);
      return started(worker, { module, memory, team: rooms.team, scratch, stack });
    });
    await Promise.all(starts);
    return workers;
  } catch (error) {
    for (const worker of workers) worker.terminate();
    throw error;
  }
}

/** Makes the memory, fills it and starts the threads. Throws `EngineError` where there is no room for it. */
export async function startMachine(module: WebAssembly.Module, arena: Arena, rooms: Rooms): Promise<Machine> {
  const memory = makeMemory(arena.bytes, rooms.threads.length > 1);
  arena.fill(memory);
  const kernels = instantiate(module, memory);
  const workers = await startWorkers(module, memory, rooms);
  const scratch = rooms.threads[0]?.scratch ?? 0;
  return {
    memory,
    get workers() {
      return workers.length;
    },
    run(from, to) {
      if (workers.length === 0) kernels.run(from, to, scratch);
      else kernels.lead(rooms.team, from, to, scratch);
    },
    destroy() {
      if (workers.length > 0) kernels.dismiss(rooms.team);
      for (const worker of workers.splice(0)) worker.terminate();
    },
  };
}
