// A soft brush: round stamps along the stroke, each pulling the greys below it towards the brush's tone.

import { type Grey, SIDE } from "./grey";

export interface Point {
  x: number;
  y: number;
}

/** `radius` in pixels of the drawing, `tone` 0 dark to 1 light, `flow` 0 to 1: how far one stamp pulls. */
export interface Brush {
  radius: number;
  tone: number;
  flow: number;
}

/** Stamps stand this part of the radius apart: close enough to be one stroke, far enough to be quick. */
const SPACING = 0.2;

/** How much of a stamp is left at `t` radii from its middle: 1 at the middle, smoothly 0 at the rim and beyond. */
export function falloff(t: number): number {
  if (t >= 1) return 0;
  const rest = 1 - t * t;
  return rest * rest;
}

/** One stamp. Positions may lie outside the drawing: a stroke often begins or ends there. */
export function stamp(grey: Grey, at: Point, brush: Brush): void {
  const { radius, tone, flow } = brush;
  const left = Math.max(0, Math.floor(at.x - radius));
  const right = Math.min(SIDE - 1, Math.ceil(at.x + radius));
  const top = Math.max(0, Math.floor(at.y - radius));
  const bottom = Math.min(SIDE - 1, Math.ceil(at.y + radius));
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const pull = flow * falloff(Math.hypot(x - at.x, y - at.y) / radius);
      const i = y * SIDE + x;
      const before = grey[i] ?? 0;
      grey[i] = before + (tone - before) * pull;
    }
  }
}

/**
 * Where stamps fall between two pointer positions, evenly spaced. `carried` is how far the last stamp lies back,
 * so that many short segments are stamped like one long one.
 */
export function stampsAlong(
  from: Point,
  to: Point,
  spacing: number,
  carried: number,
): { points: Point[]; carried: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const points: Point[] = [];
  let along = spacing - carried;
  for (; along <= length; along += spacing) {
    const part = along / length;
    points.push({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part });
  }
  return { points, carried: length - (along - spacing) };
}

/** Pen pressure to flow: a light touch tints, a firm one covers. Mouse and finger report a constant 0.5 or 0. */
export function flowFor(pressure: number, pointerType: string): number {
  if (pointerType !== "pen") return 0.16;
  return 0.03 + 0.32 * Math.min(1, Math.max(0, pressure));
}

/** One stroke in the making: feed it positions, it stamps. */
export class Stroke {
  private last: Point | null = null;
  private carried = 0;

  constructor(private readonly grey: Grey) {}

  moveTo(at: Point, brush: Brush): void {
    if (this.last === null) {
      stamp(this.grey, at, brush);
    } else {
      const spacing = Math.max(1, brush.radius * SPACING);
      const { points, carried } = stampsAlong(this.last, at, spacing, Math.min(this.carried, spacing));
      for (const point of points) stamp(this.grey, point, brush);
      this.carried = carried;
    }
    this.last = at;
  }
}
