import { describe, expect, it } from "vitest";

import { refusalOf } from "../../src/dashboard/upload";

describe("upload", () => {
  it("is not begun without files", () => {
    expect(refusalOf([], 500)).toBe("Choose the model's files, its folder, or a zip of it first.");
  });

  it("is not begun when the server would refuse it for its size", () => {
    expect(refusalOf([400_000_000, 101_000_000], 500)).toBe(
      "These files have 501 MB; this server takes 500 MB.",
    );
    expect(refusalOf([400_000_000, 100_000_000], 500)).toBe("");
  });
});
