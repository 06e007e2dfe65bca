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

/** Petals around a middle; every other one a little darker, as light falls on real ones. */
function bloom(x: number, y: number, size: number, petals: number, tone: number, first = 0): Blob[] {
  return Array.from({ length: petals }, (_, i) => {
    const turn = first + (i * 360) / petals;
    const angle = (turn * Math.PI) / 180;
    return {
      x: x + Math.cos(angle) * size * 0.5,
      y: y + Math.sin(angle) * size * 0.5,
      rx: size * 0.5,
      ry: size * 0.32,
      turn,
      tone: tone - (i % 2) * 0.12,
      strength: 0.95,
    };
  });
}

function middle(x: number, y: number, radius: number, tone: number): Blob {
  return { x, y, rx: radius, ry: radius, tone, strength: 0.95 };
}

/** Leaves and shadows: faint blobs in an order that looks random and is always the same. */
function mottle(count: number, dark: number, light: number, strength = 0.55): Blob[] {
  return Array.from({ length: count }, (_, i) => ({
    x: (0.11 + i * 0.618034) % 1,
    y: (0.07 + i * 0.754878) % 1,
    rx: 0.09 + 0.07 * ((i * 0.37) % 1),
    ry: 0.05 + 0.06 * ((i * 0.59) % 1),
    turn: (i * 67) % 180,
    tone: i % 2 ? light : dark,
    strength,
  }));
}

export const sketches: readonly Sketch[] = [
  {
    id: "bloom",
    ground: [0.3, 0.2],
    blobs: [...mottle(26, 0.05, 0.42), ...bloom(0.5, 0.48, 0.36, 7, 0.98, 15), middle(0.5, 0.48, 0.1, 0.5)],
  },
  {
    id: "rose",
    ground: [0.26, 0.18],
    blobs: [
      ...mottle(24, 0.06, 0.36),
      middle(0.5, 0.5, 0.33, 0.5),
      ...bloom(0.5, 0.5, 0.33, 5, 0.6, 10),
      middle(0.52, 0.48, 0.09, 0.22),
    ],
  },
  {
    id: "pair",
    ground: [0.34, 0.16],
    blobs: [
      ...mottle(24, 0.06, 0.44),
      ...bloom(0.34, 0.36, 0.28, 6, 0.97, 0),
      ...bloom(0.7, 0.7, 0.25, 6, 0.55, 30),
      middle(0.34, 0.36, 0.08, 0.45),
      middle(0.7, 0.7, 0.07, 0.15),
    ],
  },
  {
    id: "meadow",
    ground: [0.72, 0.2],
    blobs: [
      ...mottle(30, 0.12, 0.5, 0.45),
      middle(0.18, 0.58, 0.09, 0.97),
      middle(0.47, 0.48, 0.11, 1),
      middle(0.79, 0.55, 0.1, 0.95),
      middle(0.32, 0.8, 0.11, 0.6),
      middle(0.68, 0.82, 0.12, 0.92),
    ],
  },
  {
    id: "bells",
    ground: [0.2, 0.36],
    blobs: [
      ...mottle(26, 0.06, 0.46),
      { x: 0.32, y: 0.3, rx: 0.13, ry: 0.17, turn: 20, tone: 0.72, strength: 0.95 },
      { x: 0.58, y: 0.46, rx: 0.14, ry: 0.18, turn: 10, tone: 0.9, strength: 0.95 },
      { x: 0.42, y: 0.74, rx: 0.13, ry: 0.16, turn: -10, tone: 0.62, strength: 0.95 },
      { x: 0.8, y: 0.75, rx: 0.11, ry: 0.14, turn: 15, tone: 0.8, strength: 0.95 },
    ],
  },
  {
    id: "dusk",
    ground: [0.1, 0.12],
    blobs: [
      ...mottle(30, 0.02, 0.26),
      ...bloom(0.42, 0.56, 0.3, 5, 0.42, 18),
      middle(0.42, 0.56, 0.07, 0.7),
      ...bloom(0.78, 0.24, 0.18, 5, 0.36, 0),
    ],
  },
];

/** The first one is on the easel when the tester arrives. */
export const firstSketch: Sketch = sketches[0] as Sketch;
