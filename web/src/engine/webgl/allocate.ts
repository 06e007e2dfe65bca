// Textures for slots: values that are never needed at the same time share one.
import type { Pass, Slot } from "./passes";
import { isSlot } from "./passes";

/** First and last pass that touch each slot, by its id. */
function lifetimes(
  passes: readonly Pass[],
  slots: readonly Slot[],
  lasting: ReadonlySet<Slot>,
): [number, number][] {
  const lives = slots.map((): [number, number] => [Infinity, -1]);
  passes.forEach((pass, i) => {
    for (const slot of [pass.to, ...pass.reads.map(({ from }) => from).filter(isSlot)]) {
      const life = lives[slot.id];
      if (life !== undefined) lives[slot.id] = [Math.min(life[0], i), Math.max(life[1], i)];
    }
  });
  for (const slot of lasting) lives[slot.id] = [-1, Infinity];
  return lives;
}

const sizeKey = ({ layout }: Slot): string => `${layout.width}x${layout.height}x${layout.layers}`;

/**
 * For each slot, by its id, the number of its texture. `lasting` slots keep theirs to themselves, and with
 * `apart` all do. What no pass touches has none (-1), unless it is lasting.
 */
export function shareTextures(
  passes: readonly Pass[],
  slots: readonly Slot[],
  lasting: ReadonlySet<Slot>,
  apart: boolean,
): number[] {
  const lives = lifetimes(passes, slots, lasting);
  const busyUntil: { readonly key: string; until: number }[] = [];
  const order = [...slots].sort((a, b) => (lives[a.id]?.[0] ?? 0) - (lives[b.id]?.[0] ?? 0));
  const given = slots.map(() => -1);
  for (const slot of order) {
    const [from, until] = lives[slot.id] ?? [0, 0];
    if (until < 0) continue;
    const key = sizeKey(slot);
    const found = apart ? -1 : busyUntil.findIndex((texture) => texture.key === key && texture.until < from);
    const texture = busyUntil[found];
    if (texture === undefined) given[slot.id] = busyUntil.push({ key, until }) - 1;
    else {
      texture.until = until;
      given[slot.id] = found;
    }
  }
  return given;
}
