import { describe, expect, it } from "vitest";
import { makeSecret, uuid } from "../../src/measure/ids";

describe("identifiers", () => {
  it("are UUIDs of version 4", () => {
    expect(uuid()).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it("are secrets of 43 characters that URLs take", () => {
    const secrets = new Set(Array.from({ length: 50 }, makeSecret));
    expect(secrets.size).toBe(50);
    for (const secret of secrets) expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});
