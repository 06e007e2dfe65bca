// Numbers in shaders: written into the text, or given as uniforms, so that layers of other sizes share one program. Compiling
// is most of the time until the first picture.

export interface Numeric {
  /** A whole number, as GLSL. */
  int(value: number): string;
  /** n / divisor for n >= 0, rounded down, as GLSL. */
  over(n: string, divisor: number): string;
}

/** A number as GLSL reads it back exactly. */
export function float(value: number): string {
  const text = String(value);
  return /[.e]/.test(text) ? text : `${text}.0`;
}

/** Into the text. */
export const LITERAL: Numeric = {
  int: String,
  over: (n, divisor) => (divisor === 1 ? n : `quotient(${n}, ${float(1 / divisor)})`),
};

/** As uniforms, in the order in which they are asked for: shaders that ask in the same order have the same text. */
export class Uniforms implements Numeric {
  private readonly bits: number[] = [];

  private next(bits: number): string {
    const at = this.bits.push(bits) - 1;
    return `N[${at >> 2}].${"xyzw"[at & 3]}`;
  }

  int(value: number): string {
    return this.next(value);
  }

  over(n: string, divisor: number): string {
    const [bits = 0] = new Int32Array(Float32Array.of(1 / divisor).buffer);
    return `quotient(${n}, intBitsToFloat(${this.next(bits)}))`;
  }

  /** To be called last. */
  declaration(): string {
    return `uniform ivec4 N[${Math.ceil(this.bits.length / 4)}];`;
  }

  /** What `N` has to hold. */
  values(): Int32Array {
    const values = new Int32Array(Math.ceil(this.bits.length / 4) * 4);
    values.set(this.bits);
    return values;
  }
}
