// Where values live: each by itself, or within the channels of the joined value that is its home.
import type { Plan, Value } from "../plan";

/** Numbers [height, width, channels] without gaps. */
export type Dense = Float32Array;

const pixels = ({ shape }: Value): number => shape[0] * shape[1];

/** The memory of one run of a plan. Values start as NaN, so that one that is read too early shows. */
export class Store {
  private readonly memory = new Map<Value, Float32Array>();

  constructor(plan: Plan) {
    for (const value of plan.values) {
      if (value.home === null)
        this.memory.set(value, new Float32Array(pixels(value) * value.shape[2]).fill(NaN));
    }
  }

  /** The memory that a value lies in, numbers from pixel to pixel, and its first channel. */
  private place(value: Value): { memory: Float32Array; stride: number; channel: number } {
    if (value.home !== null) {
      const home = this.place(value.home.value);
      return { ...home, channel: home.channel + value.home.channel };
    }
    const memory = this.memory.get(value);
    if (memory === undefined) throw new RangeError(`The plan has no value ${value.name}.`);
    return { memory, stride: value.shape[2], channel: 0 };
  }

  /** Calls with the place of each number in a dense value and its place in memory. */
  private each(value: Value, visit: (dense: number, memory: number) => void): void {
    const { stride, channel } = this.place(value);
    const channels = value.shape[2];
    for (let pixel = 0; pixel < pixels(value); pixel++)
      for (let c = 0; c < channels; c++) visit(pixel * channels + c, pixel * stride + channel + c);
  }

  read(value: Value): Dense {
    const dense = new Float32Array(pixels(value) * value.shape[2]);
    const { memory } = this.place(value);
    this.each(value, (i, at) => (dense[i] = memory[at] ?? NaN));
    return dense;
  }

  write(value: Value, made: Dense): void {
    if (made.length !== pixels(value) * value.shape[2])
      throw new RangeError(`${value.name} cannot be ${made.length} numbers.`);
    const { memory } = this.place(value);
    this.each(value, (i, at) => (memory[at] = made[i] ?? NaN));
  }
}
