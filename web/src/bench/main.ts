// The page of `kit bench table`: does one task and sends what came of it to the command that opened it.
import { firstPicture } from "./first";
import { look } from "./look";
import { scriptTime } from "./script";
import { readTask } from "./task";
import type { Task } from "./task";

const TASKS: Readonly<Record<Task["task"], (task: Task) => Promise<unknown>>> = {
  script: scriptTime,
  first: firstPicture,
  look,
};

async function outcome(): Promise<unknown> {
  try {
    const task = readTask();
    return { result: await TASKS[task.task](task) };
  } catch (error) {
    return { trouble: error instanceof Error ? error.message : String(error) };
  }
}

const body = JSON.stringify(await outcome());
await fetch(location.href, { method: "POST", headers: { "Content-Type": "application/json" }, body });
