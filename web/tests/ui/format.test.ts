import { describe, expect, it } from "vitest";

import { calmSeconds, figure, framesPerSecond, megabytes, roughMinutes } from "../../src/ui/format";

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

  it("rounds to half minutes, at least one half", () => {
    expect([5, 44, 50, 75].map(roughMinutes)).toEqual([0.5, 0.5, 1, 1.5]);
  });
});
