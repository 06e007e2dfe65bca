// The loops of a convolution's shader: over rows of taps and over blocks of input channels (see convSource.ts).
import type { Pair } from "../plan";
import type { ConvInput, ConvShader } from "./convSource";
import type { Numeric } from "./numbers";

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const distinct = (numbers: readonly number[]): number[] => [...new Set(numbers)].sort((a, b) => a - b);
const CHANNELS = ["x", "y", "z", "w"];

/** Tests, as GLSL, whether place `at` lies beyond an edge; "" where no fragment gets there. */
function outside(at: string, [low, high]: Pair, size: number, limit: () => string): string {
  return [low < 0 ? `${at} < 0` : "", high >= size ? `${at} >= ${limit()}` : ""].filter(Boolean).join(" || ");
}

export class ConvLoops {
  /** Rows of taps that one round of the inner loop reads. */
  private readonly tapRows: number;
  /** Rows and columns of pixels that it reads, counted from the first tap's. */
  private readonly rows: readonly number[];
  private readonly columns: readonly number[];
  private readonly high: number;
  private readonly wide: number;

  constructor(
    private readonly shader: ConvShader,
    private readonly numbers: Numeric,
  ) {
    const { output, stride, taps, unrolled } = shader;
    [this.high, this.wide] = output.group;
    this.tapRows = unrolled ? taps[0] : 1;
    const places = (count: number, step: number, reach: number): number[] =>
      distinct(range(count).flatMap((i) => range(reach).map((tap) => i * step + tap)));
    this.rows = places(this.high, stride[0], this.tapRows);
    this.columns = places(this.wide, stride[1], taps[1]);
  }

  /** First and last place that any fragment reads at an offset. */
  private reach(axis: 0 | 1, offset: number): Pair {
    const { output, stride, taps, top, left } = this.shader;
    const starts = axis === 0 ? top : left;
    const last = (output.tiles[axis] - 1) * output.group[axis] * stride[axis];
    const more = axis === 0 ? taps[0] - this.tapRows : 0;
    return [Math.min(...starts) + offset, Math.max(...starts) + offset + last + more];
  }

  private columnTest(column: number, { layout }: ConvInput): string {
    const [, width] = layout.shape;
    return outside(`left + ${column}`, this.reach(1, column), width, () => this.numbers.int(width));
  }

  /** What each column contributes to addresses, and whether it lies outside: before all loops. */
  columnCode(name: string, input: ConvInput): string {
    return this.columns
      .map((column) => {
        const test = this.columnTest(column, input);
        const flag = test === "" ? "" : ` bool ${name}_out${column} = ${test};`;
        return `  ivec3 ${name}_c${column} = ${name}_column(left + ${column});${flag}`;
      })
      .join("\n");
  }

  /** Addresses of all texels that one round reads, but for the block. */
  private addresses(name: string, input: ConvInput): string {
    const { shape, layers } = input.layout;
    const row = this.shader.unrolled ? "top" : "top + r";
    const lines = this.rows.map((offset) => {
      const at = `(${row} + ${offset})`;
      const rowTest = outside(at, this.reach(0, offset), shape[0], () => this.numbers.int(shape[0]));
      const texels = this.columns.map((column) => {
        const columnFlag = this.columnTest(column, input) === "" ? "" : `${name}_out${column}`;
        const test = [rowTest === "" ? "" : `out${offset}`, columnFlag].filter(Boolean).join(" || ");
        const inside = `${name}_c${column} + row${offset}`;
        const address = test === "" ? inside : `${test} ? ivec3(0, 0, ${layers}) : ${inside}`;
        return `    ivec3 p${offset}_${column} = ${address};`;
      });
      const flag = rowTest === "" ? "" : ` bool out${offset} = ${rowTest};`;
      return [`    ivec3 row${offset} = ${name}_row${at};${flag}`, ...texels].join("\n");
    });
    return lines.join("\n");
  }

  /** Reads the weights of one tap into w0 to w3. */
  private weights(tapRow: number, column: number, count: number): string {
    const { int8, weights } = this.shader;
    const y = tapRow === 0 ? "w.y" : `w.y + ${tapRow * weights.lines}`;
    if (int8) {
      const decoded = range(count).map((i) => `w${i} = decoded(q.${CHANNELS[i]});`);
      return `q = texelFetch(weights, ivec2(w.x + ${column}, ${y}), 0); ${decoded.join(" ")}`;
    }
    return range(count)
      .map((i) => `w${i} = texelFetch(weights, ivec2(w.x + ${4 * column + i}, ${y}), 0);`)
      .join(" ");
  }

  /** Adds one block of input channels, `count` of them alive, to all sums. */
  private chunk(name: string, count: number): string {
    const { stride, taps } = this.shader;
    const lines: string[] = [];
    const read = new Set<string>();
    for (const tapRow of range(this.tapRows))
      for (const c of range(taps[1])) {
        lines.push(this.weights(tapRow, c, count));
        for (const j of range(this.high))
          for (const i of range(this.wide)) {
            const pixel = `${j * stride[0] + tapRow}_${i * stride[1] + c}`;
            if (!read.has(pixel))
              lines.push(
                `vec4 v${pixel} = texelFetch(${name}, ivec3(p${pixel}.xy + block_at, p${pixel}.z), 0);`,
              );
            read.add(pixel);
            const sum = range(count).map((k) => `w${k} * v${pixel}.${CHANNELS[k]}`);
            lines.push(`s${j * this.wide + i} += ${sum.join(" + ")};`);
          }
      }
    return lines.map((line) => `        ${line}`).join("\n");
  }

  private nextWeights(): string {
    const { chunk, perLine, lines } = this.shader.weights;
    const wrap = lines > 1 ? ` if (w.x == ${this.numbers.int(perLine * chunk)}) w = ivec2(0, w.y + 1);` : "";
    return `        w.x += ${chunk};${wrap}`;
  }

  /** Where the weights of chunk `q` of this row of taps lie. */
  private weightsAt(q: string): string {
    const { chunk, perLine, lines } = this.shader.weights;
    if (lines === 1) return `w = ivec2(${q} * ${chunk}, line);`;
    const skipped = this.numbers.over(q, perLine);
    const first = `(${q} - skipped * ${this.numbers.int(perLine)}) * ${chunk}`;
    return `{ int skipped = ${skipped}; w = ivec2(${first}, line + skipped); }`;
  }

  /** The blocks that have all four channels. */
  private wholeBlocks(name: string, { layout, firstChunk }: ConvInput, whole: number): string {
    const { numbers } = this;
    const { parts } = this.shader;
    const [wide, high] = [numbers.int(layout.tiles[1]), numbers.int(layout.tiles[0])];
    const [first, count] = [numbers.int(firstChunk), numbers.int(whole)];
    const limits =
      parts > 1
        ? `from = max(first_chunk - ${first}, 0), to = min(last_chunk - ${first}, ${count})`
        : `from = 0, to = ${count}`;
    const rowWidth = numbers.int(layout.across * layout.tiles[1]);
    const skipped = `int skip = ${numbers.over("from", layout.across)};
      ivec2 block_at = ivec2((from - skip * ${numbers.int(layout.across)}) * ${wide}, skip * ${high});`;
    return `      int ${limits};
      ${this.weightsAt(`(from + ${first})`)}
      ${parts > 1 ? skipped : "ivec2 block_at = ivec2(0);"}
      for (int n = from; n < to; n++) {
${this.chunk(name, 4)}
${this.nextWeights()}
        block_at.x += ${wide};
        if (block_at.x == ${rowWidth}) block_at = ivec2(0, block_at.y + ${high});
      }`;
  }

  /** The block that has fewer. */
  private lastBlock(name: string, { layout, firstChunk }: ConvInput, whole: number, left: number): string {
    const [q, x, y] = [
      firstChunk + whole,
      (whole % layout.across) * layout.tiles[1],
      Math.floor(whole / layout.across) * layout.tiles[0],
    ].map((value) => this.numbers.int(value));
    const guard = this.shader.parts > 1 ? `if (first_chunk <= ${q} && last_chunk > ${q}) ` : "";
    return `      ${guard}{
        ${this.weightsAt(q ?? "0")}
        ivec2 block_at = ivec2(${x}, ${y});
${this.chunk(name, left)}
      }`;
  }

  private input(name: string, input: ConvInput): string {
    const channels = input.layout.shape[2];
    const [whole, left] = [Math.floor(channels / 4), channels % 4];
    const parts = [
      this.addresses(name, input),
      ...(whole > 0 ? [this.wholeBlocks(name, input, whole)] : []),
      ...(left > 0 ? [this.lastBlock(name, input, whole, left)] : []),
    ];
    return `    {\n${parts.join("\n")}\n    }`;
  }

  text(): string {
    const { inputs, taps, weights, unrolled } = this.shader;
    const body = inputs.map((input, n) => this.input(`a${n}`, input)).join("\n");
    return `  ${unrolled ? "" : `for (int r = 0; r < ${taps[0]}; r++)`} {
    int line = ${unrolled ? "first_line" : "(first_line + r)"} * ${weights.lines};
    ivec2 w;
    vec4 w0, w1, w2, w3;
    ivec4 q;
${body}
  }`;
  }
}
