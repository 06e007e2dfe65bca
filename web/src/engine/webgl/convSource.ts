// The shader of a convolution. A fragment makes one block of four channels of `group` pixels, each into its own attachment.
//
//   for each row of taps:                       addresses of all pixels it reads, once
//     for each block of input channels:         the pixels' texels, then for each column of taps four weights
//
// Reading texels is what costs: a row of 8 pixels reads each input texel once for all columns of taps, and each weight once
// for all 8 pixels. Addresses beyond the edge point into the layer of zeros, so that nothing is tested in the inner loop.
import type { Pair } from "../plan";
import { HEAD, over, placeOf } from "./address";
import type { Layout } from "./layout";

export interface ConvInput {
  readonly layout: Layout;
  /** Chunks of all inputs before this one. */
  readonly firstChunk: number;
}

export interface ConvShader {
  readonly inputs: readonly ConvInput[];
  /** Of the result; with several parts: of the partial sums, [part][block]. */
  readonly output: Layout;
  /** Blocks of the convolution's own output. */
  readonly blocks: number;
  readonly stride: Pair;
  /** Tap rows and columns. */
  readonly taps: Pair;
  /** Where the taps begin, along rows and columns, for each phase along that axis that this shader makes. */
  readonly top: readonly number[];
  readonly left: readonly number[];
  readonly weights: { readonly chunk: number; readonly perLine: number; readonly lines: number };
  readonly int8: boolean;
  /** Parts into which the sum over chunks is split, and chunks of one part. */
  readonly parts: number;
  readonly partChunks: number;
  /** Expression of `x` (the sum) and `block`; with declarations before it. */
  readonly declarations: string;
  readonly result: string;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const channels = ["x", "y", "z", "w"];
const WEIGHTS = ["w0", "w1", "w2", "w3"];

/** One of several numbers by an index that is only known in the shader. */
function pick(index: string, values: readonly number[]): string {
  const [first = 0, ...rest] = values;
  if (rest.every((value) => value === first)) return String(first);
  return rest.reduce((text, value, i) => `${index} >= ${i + 1} ? ${value} : (${text})`, String(first));
}

/** Texel coordinate, phase and layer of the place `at` along one axis (0: rows). */
function along(
  layout: Layout,
  axis: 0 | 1,
  at: string,
): { tile: string; phase: string; layer: string; code: string } {
  const [split, group] = [layout.split[axis], layout.group[axis]];
  const code = `int inner = ${over(at, split)}, tile = ${over("inner", group)};`;
  return { tile: "tile", phase: `(${at} - inner * ${split})`, layer: `(inner - tile * ${group})`, code };
}

/** A function that gives what column `x` contributes to the address. */
function columnFunction(name: string, layout: Layout): string {
  const { tile, phase, layer, code } = along(layout, 1, "x");
  const rows = layout.down * layout.tiles[0];
  return `ivec3 ${name}_column(int x) { ${code} return ivec3(${tile}, ${phase} * ${rows}, ${layer}); }`;
}

function rowFunction(name: string, layout: Layout): string {
  const { tile, phase, layer, code } = along(layout, 0, "y");
  const rows = layout.down * layout.tiles[0] * layout.split[1];
  return `ivec3 ${name}_row(int y) { ${code} return ivec3(0, ${phase} * ${rows} + ${tile}, ${layer} * ${layout.group[1]}); }`;
}

/** Whether place `offset` counted from any fragment's first one can lie before or behind the picture, as GLSL; "" if not. */
function outside(at: string, low: number, high: number, size: number): string {
  const tests = [low < 0 ? `${at} < 0` : "", high >= size ? `${at} >= ${size}` : ""].filter(Boolean);
  return tests.join(" || ");
}

/** Columns that a row of pixels reads, counted from its first tap's. */
function columnsRead(shader: ConvShader): number[] {
  const [, wide] = shader.output.group;
  const all = range(wide).flatMap((i) => range(shader.taps[1]).map((c) => i * shader.stride[1] + c));
  return [...new Set(all)].sort((a, b) => a - b);
}

class ConvText {
  private readonly columns: readonly number[];
  private readonly high: number;
  private readonly wide: number;

  constructor(private readonly shader: ConvShader) {
    [this.high, this.wide] = shader.output.group;
    this.columns = columnsRead(shader);
  }

  private bounds(axis: 0 | 1, offset: number, more: number): [number, number] {
    const { output, stride } = this.shader;
    const first = axis === 0 ? this.shader.top : this.shader.left;
    const last = (output.tiles[axis] - 1) * output.group[axis] * stride[axis];
    return [Math.min(...first) + offset, Math.max(...first) + offset + last + more];
  }

  /** What each column contributes to addresses, for one input. */
  columnCode(name: string, input: ConvInput): string {
    const size = input.layout.shape[1];
    return this.columns
      .map((column) => {
        const at = `left + ${column}`;
        const test = outside(at, ...this.bounds(1, column, 0), size);
        const flag = test === "" ? "" : ` bool ${name}_out${column} = ${test};`;
        return `  ivec3 ${name}_c${column} = ${name}_column(${at});${flag}`;
      })
      .join("\n");
  }

  /** Addresses of all texels of one row of taps. */
  private addresses(name: string, input: ConvInput): string {
    const { stride, taps } = this.shader;
    const { shape, layers } = input.layout;
    const width = shape[1];
    return range(this.high)
      .map((j) => {
        const at = `(top + r + ${j * stride[0]})`;
        const rowTest = outside(at, ...this.bounds(0, j * stride[0], taps[0] - 1), shape[0]);
        const lines = this.columns.map((column) => {
          const columnTest =
            outside("", ...this.bounds(1, column, 0), width) === "" ? "" : `${name}_out${column}`;
          const test = [rowTest === "" ? "" : `out${j}`, columnTest].filter(Boolean).join(" || ");
          const inside = `${name}_c${column} + row${j}`;
          return `    ivec3 p${j}_${column} = ${test === "" ? inside : `${test} ? ivec3(0, 0, ${layers}) : ${inside}`};`;
        });
        const flag = rowTest === "" ? "" : ` bool out${j} = ${rowTest};`;
        return [`    ivec3 row${j} = ${name}_row${at};${flag}`, ...lines].join("\n");
      })
      .join("\n");
  }

  private weightFetch(column: number, channel: number): string {
    const fetch = `texelFetch(weights, ivec2(w.x + ${4 * column + channel}, w.y), 0)`;
    return `${WEIGHTS[channel]} = ${this.shader.int8 ? `vec4(${fetch})` : fetch};`;
  }

  /** One block of input channels, `count` of them alive. */
  private chunk(name: string, count: number): string {
    const { stride, taps } = this.shader;
    const lines: string[] = [];
    const read = new Set<string>();
    for (const c of range(taps[1])) {
      lines.push(
        range(count)
          .map((i) => this.weightFetch(c, i))
          .join(" "),
      );
      for (const j of range(this.high))
        for (const i of range(this.wide)) {
          const pixel = `${j}_${i * stride[1] + c}`;
          if (!read.has(pixel)) lines.push(`vec4 v${pixel} = texelFetch(${name}, p${pixel} + block_at, 0);`);
          read.add(pixel);
          const sum = range(count)
            .map((k) => `${WEIGHTS[k]} * v${pixel}.${channels[k]}`)
            .join(" + ");
          lines.push(`s${j * this.wide + i} += ${sum};`);
        }
    }
    return lines.map((line) => `        ${line}`).join("\n");
  }

  private nextWeights(): string {
    const { chunk, perLine, lines } = this.shader.weights;
    const wrap = lines > 1 ? ` if (w.x == ${perLine * chunk}) w = ivec2(0, w.y + 1);` : "";
    return `        w.x += ${chunk};${wrap}`;
  }

  /** Where the weights of chunk `q` of this row of taps lie. */
  private weightsAt(q: string): string {
    const { chunk, perLine, lines } = this.shader.weights;
    if (lines === 1) return `w = ivec2(${q} * ${chunk}, line);`;
    return `{ int skipped = ${over(q, perLine)}; w = ivec2((${q} - skipped * ${perLine}) * ${chunk}, line + skipped); }`;
  }

  /** The blocks of four channels of one input, and what is left. */
  private sums(name: string, { layout, firstChunk }: ConvInput): string {
    const { parts } = this.shader;
    const whole = Math.floor(layout.shape[2] / 4);
    const left = layout.shape[2] % 4;
    const [wide, high] = [layout.tiles[1], layout.tiles[0]];
    const wrap =
      layout.down > 1
        ? ` if (block_at.x == ${layout.across * wide}) block_at = ivec3(0, block_at.y + ${high}, 0);`
        : "";
    const text: string[] = [];
    if (whole > 0) {
      const loop = parts > 1 || whole > 1;
      const [from, to] =
        parts > 1
          ? [`max(first_chunk - ${firstChunk}, 0)`, `min(last_chunk - ${firstChunk}, ${whole})`]
          : ["0", String(whole)];
      text.push(`      int from = ${from}, to = ${to};`);
      text.push(`      ${this.weightsAt(`(from + ${firstChunk})`)}`);
      const row = over("from", layout.across);
      text.push(
        parts > 1
          ? `      int skip = ${row}; ivec3 block_at = ivec3((from - skip * ${layout.across}) * ${wide}, skip * ${high}, 0);`
          : "      ivec3 block_at = ivec3(0);",
      );
      text.push(loop ? "      for (int q = from; q < to; q++) {" : "      {");
      text.push(this.chunk(name, 4), this.nextWeights(), `        block_at.x += ${wide};${wrap}`, "      }");
    }
    if (left > 0) {
      const q = firstChunk + whole;
      text.push(parts > 1 ? `      if (first_chunk <= ${q} && last_chunk > ${q}) {` : "      {");
      text.push(`        ${this.weightsAt(String(q))}`);
      const [x, y] = [(whole % layout.across) * wide, Math.floor(whole / layout.across) * high];
      text.push(`        ivec3 block_at = ivec3(${x}, ${y}, 0);`, this.chunk(name, left), "      }");
    }
    return text.join("\n");
  }

  rowLoop(): string {
    const { inputs, taps, weights } = this.shader;
    if (taps[0] === 0 || taps[1] === 0) return "";
    const body = inputs
      .map((input, n) => `    {\n${this.addresses(`a${n}`, input)}\n${this.sums(`a${n}`, input)}\n    }`)
      .join("\n");
    return `  for (int r = 0; r < ${taps[0]}; r++) {
    int line = (first_line + r) * ${weights.lines};
    ivec2 w;
    vec4 w0, w1, w2, w3;
${body}
  }`;
  }
}

function declarations({ inputs, int8, output, taps }: ConvShader): string {
  const used = taps[0] * taps[1] > 0;
  const attachments = range(output.layers).map((i) => `layout(location = ${i}) out vec4 made${i};`);
  return [
    ...attachments,
    ...(used ? [`uniform ${int8 ? "isampler2D" : "sampler2D"} weights;`] : []),
    ...inputs.flatMap(({ layout }, n) =>
      used
        ? [`uniform sampler2DArray a${n};`, columnFunction(`a${n}`, layout), rowFunction(`a${n}`, layout)]
        : [],
    ),
  ].join("\n");
}

/** Which part of the sum, phase and block a fragment makes, and where its taps begin. */
function beginning(shader: ConvShader): string {
  const { output, blocks, parts, partChunks, stride, group: [high, wide], top, left, taps } = { ...shader, group: shader.output.group }; // prettier-ignore
  const phases = top.length * left.length;
  const inPlace = output.split[0] * output.split[1] > 1 && phases > 1;
  return `  ${parts > 1 ? `int part = ${over("block", blocks)}; block -= part * ${blocks};` : ""}
  ${parts > 1 ? `int first_chunk = part * ${partChunks}, last_chunk = first_chunk + ${partChunks};` : ""}
  ${inPlace ? `int down_phase = ${over("phase", left.length)}, right_phase = phase - down_phase * ${left.length};` : ""}
  int top = tile.y * ${high * stride[0]} + (${inPlace ? pick("down_phase", top) : (top[0] ?? 0)});
  int left = tile.x * ${wide * stride[1]} + (${inPlace ? pick("right_phase", left) : (left[0] ?? 0)});
  int first_line = (${inPlace ? `phase * ${blocks} + ` : ""}block) * ${taps[0]};`;
}

/** The whole fragment shader. */
export function convSource(shader: ConvShader): string {
  const text = new ConvText(shader);
  const sums = range(shader.output.layers);
  const used = shader.taps[0] * shader.taps[1] > 0;
  return `${HEAD}${declarations(shader)}
${shader.declarations}
vec4 finish(vec4 x, int block) { return ${shader.result}; }
void main() {
  ${placeOf(shader.output)}
${beginning(shader)}
${used ? shader.inputs.map((input, n) => text.columnCode(`a${n}`, input)).join("\n") : ""}
  vec4 ${sums.map((i) => `s${i} = vec4(0.0)`).join(", ")};
${text.rowLoop()}
${sums.map((i) => `  made${i} = finish(s${i}, block);`).join("\n")}
}
`;
}

/** The epilogue: expression and declarations, from the columns of its table. */
export function epilogueSource(
  columns: { readonly bias: number | null; readonly scale: number | null; readonly slopes: number | null },
  activation: string,
): { declarations: string; result: string } {
  const read = (column: number | null): string | null =>
    column === null ? null : `texelFetch(channels, ivec2(${column}, block), 0)`;
  const [bias, scale, slopes] = [read(columns.bias), read(columns.scale), read(columns.slopes)];
  const scaled = scale === null ? "x" : `x * ${scale}`;
  const shifted = bias === null ? scaled : `${scaled} + ${bias}`;
  const needed = [bias, scale, slopes].some((text) => text !== null);
  return {
    declarations: `${needed ? "uniform sampler2D channels;\n" : ""}${activation}`,
    result: `activate(${shifted}, ${slopes ?? "vec4(0.0)"})`,
  };
}
