import { afterEach, describe, expect, it } from "vitest";
import type { LoadedBundle } from "../../src/engine/bundle";
import { acquireRunner, aliveRunners, discardRunner, disposeRunners } from "../../src/measure/pool";
import type { Runner, RunnerFactory } from "../../src/runners/types";

const bundle = { sha256: "a" } as LoadedBundle;
const log: string[] = [];

function factory(mode: string, backEnd = mode): RunnerFactory {
  const create = async (): Promise<Runner> => {
    let living = true;
    const dispose = (): void => {
      living = false;
      log.push(`${mode} gone`);
    };
    return { mode, dispose, alive: () => living, lose: () => (living = false) } as unknown as Runner;
  };
  return {
    mode,
    closing: "fence",
    backEnd,
    available: async () => ({ ok: true }),
    fetchCode: async () => undefined,
    create,
  };
}

afterEach(() => {
  disposeRunners();
  log.length = 0;
});

describe("the pool", () => {
  it("hands the same runner out again", async () => {
    const [first, again] = [
      await acquireRunner(factory("a"), bundle),
      await acquireRunner(factory("a"), bundle),
    ];
    expect(again.runner).toBe(first.runner);
    expect([again.createMs, again.cold]).toEqual([0, false]);
  });

  it("keeps two alive, and sends the one away that was used longest ago", async () => {
    for (const mode of ["a", "b", "a", "c"]) await acquireRunner(factory(mode), bundle);
    expect([aliveRunners(), log]).toEqual([2, ["b gone"]]);
  });

  it("never hands out one whose context was lost", async () => {
    const { runner } = await acquireRunner(factory("a"), bundle);
    (runner as unknown as { lose(): void }).lose();
    expect((await acquireRunner(factory("a"), bundle)).runner).not.toBe(runner);
  });

  it("is cold only for the first runner on a back end", async () => {
    const colds = [];
    for (const mode of ["x", "y"]) colds.push((await acquireRunner(factory(mode, "shared"), bundle)).cold);
    expect(colds).toEqual([true, false]);
  });

  it("discards one that failed", async () => {
    discardRunner((await acquireRunner(factory("a"), bundle)).runner);
    expect([aliveRunners(), log]).toEqual([0, ["a gone"]]);
  });
});
