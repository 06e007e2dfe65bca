import { describe, expect, it } from "vitest";

import { calmSeconds, figure, framesPerSecond, megabytes, roughDuration } from "../../src/ui/format";

describe("formatters", () => {
  it.each([
    [0, "0.0"],
    [1, "0.1"],
    [10_483_000, "10.5"],
    [218_000_000, "218"],
  ])("shows %i bytes as %s MB", (bytes, shown) => {
    expect(megabytes("en", bytes)).toBe(shown);
  });

  it.each([
    [4.267, "4.27"],
    [42.67, "42.7"],
    [426.7, "427"],
    [0.005, "0.005"],
    [60, "60"],
  ])("gives %f three digits: %s", (value, shown) => {
    expect(figure("en", value)).toBe(shown);
  });

  it("speaks the page's language", () => {
    expect(figure("de", 4.267)).toBe("4,27");
  });

  it("shows slow frame rates with a decimal", () => {
    expect([9.44, 59.7].map((fps) => framesPerSecond("en", fps))).toEqual(["9.4", "60"]);
  });

  it("counts seconds down calmly and never below nothing", () => {
    expect([-3, 0.2, 7.2, 11, 43].map(calmSeconds)).toEqual([0, 1, 8, 15, 45]);
  });

  it.each([
    [5, 10, "seconds"],
    [52, 60, "seconds"],
    [95, 2, "minutes"],
    [200, 3, "minutes"],
  ])("says %i s as %i %s", (seconds, value, unit) => {
    expect(roughDuration(seconds)).toEqual({ value, unit });
  });
});
