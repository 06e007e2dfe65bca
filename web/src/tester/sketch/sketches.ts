// The starting sketches: a wash of light and soft blobs, drawn at run time, so they cost no download.
// Positions and sizes are parts of the side (0 to 1), tones 0 dark to 1 light, turns in degrees.

import { type Grey, SIDE } from "./grey";

export interface Blob {
  x: number;
  y: number;
  /** Radii before the turn. */
  rx: number;
  ry: number;
  turn?: number;
  tone: number;
  /** How much of the tone arrives in the middle, 0 to 1. */
  strength: number;
}

export interface Sketch {
  id: string;
  /** Tones of the ground at the top and at the bottom. */
  ground: readonly [number, number];
  blobs: readonly Blob[];
}

function paintGround(grey: Grey, [top, bottom]: readonly [number, number]): void {
  for (let y = 0; y < SIDE; y++) {
    grey.fill(top + ((bottom - top) * y) / (SIDE - 1), y * SIDE, (y + 1) * SIDE);
  }
}

function paintBlob(grey: Grey, blob: Blob): void {
  const angle = ((blob.turn ?? 0) * Math.PI) / 180;
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  for (let y = 0; y < SIDE; y++) {
    for (let x = 0; x < SIDE; x++) {
      const dx = x / SIDE - blob.x;
      const dy = y / SIDE - blob.y;
      const u = (dx * cos + dy * sin) / blob.rx;
      const v = (dy * cos - dx * sin) / blob.ry;
      const pull = blob.strength * Math.exp(-(u * u + v * v));
      const i = y * SIDE + x;
      const before = grey[i] ?? 0;
      grey[i] = before + (blob.tone - before) * pull;
    }
  }
}

/** Paints the sketch over everything that was there. */
export function paintSketch(grey: Grey, sketch: Sketch): void {
  paintGround(grey, sketch.ground);
  for (const blob of sketch.blobs) paintBlob(grey, blob);
}

/** Petals around a middle. */
function bloom(x: number, y: number, size: number, petals: number, tone: number, first = 0): Blob[] {
  return Array.from({ length: petals }, (_, i) => {
    const turn = first + (i * 360) / petals;
    const angle = (turn * Math.PI) / 180;
    return {
      x: x + Math.cos(angle) * size * 0.55,
      y: y + Math.sin(angle) * size * 0.55,
      rx: size * 0.5,
      ry: size * 0.3,
      turn,
      tone,
      strength: 0.95,
    };
  });
}

export const sketches: readonly Sketch[] = [
  {
    id: "bloom",
    ground: [0.2, 0.1],
    blobs: [
      ...bloom(0.5, 0.5, 0.34, 6, 0.97, 15),
      { x: 0.5, y: 0.5, rx: 0.1, ry: 0.1, tone: 0.55, strength: 0.9 },
    ],
  },
  {
    id: "pair",
    ground: [0.3, 0.14],
    blobs: [
      ...bloom(0.33, 0.37, 0.24, 5, 0.95, 0),
      ...bloom(0.7, 0.66, 0.21, 5, 0.86, 36),
      { x: 0.33, y: 0.37, rx: 0.07, ry: 0.07, tone: 0.5, strength: 0.9 },
      { x: 0.7, y: 0.66, rx: 0.06, ry: 0.06, tone: 0.4, strength: 0.9 },
    ],
  },
  {
    id: "poppy",
    ground: [0.55, 0.25],
    blobs: [
      { x: 0.5, y: 0.44, rx: 0.34, ry: 0.28, tone: 0.42, strength: 1 },
      { x: 0.42, y: 0.34, rx: 0.2, ry: 0.14, tone: 0.62, strength: 0.8 },
      { x: 0.5, y: 0.46, rx: 0.1, ry: 0.09, tone: 0.04, strength: 1 },
      { x: 0.53, y: 0.88, rx: 0.03, ry: 0.2, turn: -6, tone: 0.2, strength: 0.8 },
    ],
  },
  {
    id: "meadow",
    ground: [0.75, 0.16],
    blobs: [
      { x: 0.2, y: 0.62, rx: 0.1, ry: 0.09, tone: 0.95, strength: 0.95 },
      { x: 0.47, y: 0.5, rx: 0.12, ry: 0.1, tone: 1, strength: 0.95 },
      { x: 0.77, y: 0.58, rx: 0.1, ry: 0.09, tone: 0.92, strength: 0.95 },
      { x: 0.32, y: 0.83, rx: 0.11, ry: 0.09, tone: 0.85, strength: 0.9 },
      { x: 0.68, y: 0.85, rx: 0.12, ry: 0.1, tone: 0.9, strength: 0.9 },
    ],
  },
  {
    id: "ring",
    ground: [0.16, 0.16],
    blobs: [
      ...bloom(0.5, 0.5, 0.44, 10, 0.9, 0),
      { x: 0.5, y: 0.5, rx: 0.17, ry: 0.17, tone: 0.1, strength: 1 },
    ],
  },
  {
    id: "drift",
    ground: [0.12, 0.4],
    blobs: [
      { x: 0.28, y: 0.3, rx: 0.3, ry: 0.12, turn: 35, tone: 0.9, strength: 0.9 },
      { x: 0.6, y: 0.55, rx: 0.32, ry: 0.13, turn: 30, tone: 0.98, strength: 0.95 },
      { x: 0.85, y: 0.82, rx: 0.24, ry: 0.11, turn: 40, tone: 0.7, strength: 0.9 },
    ],
  },
];

/** The first one is on the easel when the tester arrives. */
export const firstSketch: Sketch = sketches[0] as Sketch;
