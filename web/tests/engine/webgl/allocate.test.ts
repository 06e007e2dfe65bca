// Values share textures only where neither is needed while the other is.
import { expect, it } from "vitest";
import { shareTextures } from "../../../src/engine/webgl/allocate";
import { layoutOf } from "../../../src/engine/webgl/layout";
import { Slots } from "../../../src/engine/webgl/passes";
import type { Pass, Slot } from "../../../src/engine/webgl/passes";

const slots = new Slots();
const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => slots.add(name, layoutOf([4, 4, 4], 64))) as [Slot, Slot, Slot, Slot]; // prettier-ignore
const other = slots.add("of another size", layoutOf([4, 5, 4], 64));

const pass = (to: Slot, ...from: Slot[]): Pass => ({
  step: to.name,
  fragment: "",
  reads: from.map((slot) => ({ sampler: "a", from: slot })),
  to,
  rows: [0, to.layout.height],
});
const chain = [pass(a), pass(b, a), pass(c, b), pass(d, c), pass(other, d)];

it("takes two textures in turns for a chain of equal sizes", () => {
  const given = shareTextures(chain, slots.all, new Set([other]), false);
  expect(given[a.id]).toBe(given[c.id]);
  expect(given[b.id]).toBe(given[d.id]);
  expect(new Set(given).size).toBe(3);
});

it("shares nothing with what lasts, and nothing at all where values are kept apart", () => {
  const given = shareTextures(chain, slots.all, new Set([a]), false);
  expect(given.filter((texture) => texture === given[a.id])).toHaveLength(1);
  expect(new Set(shareTextures(chain, slots.all, new Set(), true)).size).toBe(5);
});

it("never writes what the same pass reads", () => {
  const given = shareTextures(chain, slots.all, new Set(), false);
  for (const { to, reads } of chain)
    for (const { from } of reads) expect(given[to.id]).not.toBe(given[(from as Slot).id]);
});
