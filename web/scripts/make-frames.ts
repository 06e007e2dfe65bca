// Makes the recorded input frames that every mode is measured with: soft strokes of light and dark that move.
// Run: node scripts/make-frames.ts        (writes public/frames/strokes-1.bin and prints its sha256)
// Only + - * / and comparisons, so the same bytes come out on every machine. Another picture gets another file name,
// because the server lets browsers keep these files for ever.
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const SIZE = 256;
export const COUNT = 8;

// x and y of start and end, radius (all as a part of the picture), and how much lighter or darker the stroke is.
interface Stroke {
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly radius: number;
  readonly tone: number;
}

const STROKES: readonly Stroke[] = [
  { from: [0.2, 0.3], to: [0.55, 0.2], radius: 0.24, tone: 110 },
  { from: [0.8, 0.35], to: [0.6, 0.7], radius: 0.2, tone: -90 },
  { from: [0.35, 0.8], to: [0.2, 0.55], radius: 0.28, tone: 80 },
  { from: [0.6, 0.5], to: [0.75, 0.15], radius: 0.16, tone: 100 },
  { from: [0.1, 0.9], to: [0.9, 0.85], radius: 0.3, tone: -70 },
];

/** 1 in the middle, 0 from the radius on, without an edge. */
function softness(dx: number, dy: number, radius: number): number {
  const share = 1 - (dx * dx + dy * dy) / (radius * radius);
  return share > 0 ? share * share : 0;
}

function tone(x: number, y: number, time: number): number {
  const background = 96 + 48 * y;
  return STROKES.reduce((sum, { from, to, radius, tone: strength }) => {
    const cx = from[0] + (to[0] - from[0]) * time;
    const cy = from[1] + (to[1] - from[1]) * time;
    return sum + strength * softness(x - cx, y - cy, radius);
  }, background);
}

/** All frames, one grey byte a pixel, row by row. */
export function makeFrames(): Uint8Array {
  const bytes = new Uint8Array(COUNT * SIZE * SIZE);
  for (let i = 0; i < bytes.length; i++) {
    const frame = Math.floor(i / (SIZE * SIZE));
    const y = (Math.floor(i / SIZE) % SIZE) / (SIZE - 1);
    const x = (i % SIZE) / (SIZE - 1);
    bytes[i] = Math.max(0, Math.min(255, Math.round(tone(x, y, frame / (COUNT - 1)))));
  }
  return bytes;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const bytes = makeFrames();
  const target = fileURLToPath(new URL("../public/frames/strokes-1.bin", import.meta.url));
  writeFileSync(target, bytes);
  console.log(`${target}: ${bytes.length} bytes, sha256 ${createHash("sha256").update(bytes).digest("hex")}`);
}
