import { describe, expect, it } from "vitest";
import { Sampler } from "../../src/measure/sampler";

function sampled(shortest: number, times: readonly number[], endedAt?: number) {
  const sampler = new Sampler(shortest);
  sampler.start(100);
  for (const time of times) sampler.frame(time);
  return { ...sampler.samples(endedAt), complete: sampler.complete, frames: sampler.frames };
}

describe("Sampler", () => {
  it("takes single frames where they are long enough", () => {
    expect(sampled(5, [110, 125, 131])).toMatchObject({ k: [1, 1, 1], ms: [10, 15, 6], elapsed_ms: 31 });
  });

  it("puts quick frames together", () => {
    expect(sampled(5, [102, 104, 106, 108, 110, 112])).toMatchObject({
      k: [3, 3],
      ms: [6, 6],
      complete: true,
    });
  });

  it("loses no frame and no time: what is left joins the last sample", () => {
    const { k, ms, elapsed_ms } = sampled(5, [106, 107, 108]);
    expect([k, ms, elapsed_ms]).toEqual([[3], [8], 8]);
  });

  it("never makes a sample of 0 ms", () => {
    expect(sampled(0, [100, 100, 101])).toMatchObject({ k: [3], ms: [1] });
  });

  it("adds the wait for a frame that never came", () => {
    expect(sampled(5, [110], 1100)).toMatchObject({ k: [1], ms: [10], elapsed_ms: 1000 });
  });
});
