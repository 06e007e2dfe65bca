import { describe, expect, it } from "vitest";
import { readProtocol } from "../../src/measure/protocol";

describe("readProtocol", () => {
  it("fills in defaults and freezes", () => {
    const knobs = readProtocol({ capability_s: 1 });
    expect(knobs).toMatchObject({ capability_s: 1, displayed_s: 3, min_frames: 5, in_flight: 2 });
    expect(Object.isFrozen(knobs)).toBe(true);
  });

  it.each([{ capability_s: 0 }, { in_flight: 3 }, { block_max_s: NaN }, { min_frames: 1 }])(
    "refuses %o",
    (given) => {
      expect(() => readProtocol(given)).toThrow(`protocol.${Object.keys(given)[0]}`);
    },
  );
});
