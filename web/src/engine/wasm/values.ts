// Where values lie: [height, width, channels] with a frame of zeros as wide as the taps of their readers reach, so that no
// kernel asks where the edge is. Joined channels are written into their home, pixel by pixel at its stride.
import { lastUses } from "../plan";
import type { ConvStep, Plan, Value } from "../plan";
import type { Arena, Tenant } from "./arena";
import type { Record_ } from "./records";

export interface Border {
  top: number;
  bottom: number;
  left: number;
  right: number;
}

export interface Places {
  view(value: Value): Record_<"view">;
  /** Steps before which the border of a value must be made zero again, since its room was somebody else's. */
  readonly clears: ReadonlyMap<number, readonly { view: Record_<"view">; border: Border }[]>;
}

export function rootOf(value: Value): Value {
  return value.home ? rootOf(value.home.value) : value;
}

export function channelIn(value: Value): number {
  return value.home ? value.home.channel + channelIn(value.home.value) : 0;
}

/** How far a convolution reads beyond the edges of its input. */
function widen(border: Border, step: ConvStep, [height, width]: readonly number[]): void {
  for (const { places, taps } of step.phases) {
    for (const { dy, dx } of taps) {
      border.top = Math.max(border.top, -dy);
      border.left = Math.max(border.left, -dx);
      border.bottom = Math.max(border.bottom, (places[0] - 1) * step.stride[0] + dy - (height ?? 0) + 1);
      border.right = Math.max(border.right, (places[1] - 1) * step.stride[1] + dx - (width ?? 0) + 1);
    }
  }
}

function bordersOf(plan: Plan): Border[] {
  const borders = plan.values.map((): Border => ({ top: 0, bottom: 0, left: 0, right: 0 }));
  for (const step of plan.steps) {
    const [input] = step.inputs;
    const border = input && borders[rootOf(input).id];
    if (step.kind === "conv" && border) widen(border, step, input.shape);
  }
  return borders;
}

const FEW_LINES = 1024;

/**
 * The input and constants come from the host, tightly packed; whatever a kernel writes has whole fours of channels. Places
 * that lie a multiple of a large power of two apart would compete for the same few lines of the cache: those get one more.
 */
function bytesAPlace(plan: Plan, value: Value): number {
  const loose = value === plan.input || plan.constants.some((constant) => constant.value === value);
  if (loose) return 4 * value.shape[2];
  const bytes = Math.ceil(value.shape[2] / 4) * 16;
  return bytes % FEW_LINES === 0 ? bytes + 64 : bytes;
}

interface Lot {
  readonly value: Value;
  readonly border: Border;
  readonly place: number;
  readonly row: number;
  readonly tenant: Tenant;
}

const SLACK = 16; // Kernels may read the rest of a four behind the last number.

function lotsOf(plan: Plan, keep: boolean): Lot[] {
  const last = lastUses(plan);
  const first = plan.values.map(() => Infinity);
  plan.steps.forEach((step, i) => {
    const id = rootOf(step.output).id;
    first[id] = Math.min(first[id] ?? i, i);
  });
  const always = new Set([plan.input, ...plan.constants.map(({ value }) => value)]);
  const borders = bordersOf(plan);
  return plan.values
    .filter((value) => value.home === null)
    .map((value) => {
      const border = borders[value.id] ?? { top: 0, bottom: 0, left: 0, right: 0 };
      const [height, width] = value.shape;
      const place = bytesAPlace(plan, value);
      const row = (border.left + width + border.right) * place;
      const bytes = (border.top + height + border.bottom) * row + SLACK;
      const stays = keep || always.has(value);
      const from = stays ? -1 : Math.min(first[value.id] ?? 0, plan.steps.length);
      return {
        value,
        border,
        place,
        row,
        tenant: { bytes, from, until: stays ? Infinity : (last[value.id] ?? 0) },
      };
    });
}

const bordered = ({ top, bottom, left, right }: Border): boolean => top + bottom + left + right > 0;

/** Gives every value its room. `keep`: none is used twice. */
export function placeValues(plan: Plan, arena: Arena, keep: boolean): Places {
  const lots = lotsOf(plan, keep);
  const addresses = arena.share(lots.map(({ tenant }) => tenant));
  const views = new Map<Value, Record_<"view">>();
  const clears = new Map<number, { view: Record_<"view">; border: Border }[]>();
  lots.forEach(({ value, border, place, row, tenant }, i) => {
    const [height, width, channels] = value.shape;
    const data = (addresses[i] ?? 0) + border.top * row + border.left * place;
    const view = { data, row, place, height, width, channels };
    views.set(value, view);
    const shared = lots.some((_, k) => k !== i && meet(lots, addresses, i, k));
    if (shared && bordered(border))
      clears.set(tenant.from, [...(clears.get(tenant.from) ?? []), { view, border }]);
  });
  const view = (value: Value): Record_<"view"> => {
    const root = views.get(rootOf(value));
    if (root === undefined) throw new Error(`${value.name} has no place.`);
    const [height, width, channels] = value.shape;
    return { ...root, data: root.data + 4 * channelIn(value), height, width, channels };
  };
  return { view, clears };
}

function meet(lots: readonly Lot[], addresses: readonly number[], i: number, k: number): boolean {
  const end = (n: number): number => (addresses[n] ?? 0) + (lots[n]?.tenant.bytes ?? 0);
  return (addresses[i] ?? 0) < end(k) && (addresses[k] ?? 0) < end(i);
}
