// The shader of a convolution. A fragment makes one block of four channels of `group` pixels, each into its own attachment.
//
//   for each row of taps:                       addresses of all pixels it reads, once
//     for each block of input channels:         the pixels' texels, then for each column of taps the weights
//
// Where there are few rows of taps, all are read within one round of the inner loop.
//
// Reading texels is what costs: pixels beside each other share each input texel, and all pixels share each weight.
// Addresses beyond the edge point into the layer of zeros, so that nothing is tested in the inner loop.
import type { Pair } from "../plan";
import { HEAD, placeOf } from "./address";
import { ConvLoops } from "./convLoops";
import type { Layout } from "./layout";
import { Uniforms, float } from "./numbers";

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
  /** All rows of taps in one round of the inner loop. */
  readonly unrolled: boolean;
  /** Where the taps begin, along rows and columns, for each phase along that axis that this shader makes. */
  readonly top: readonly number[];
  readonly left: readonly number[];
  readonly weights: { readonly chunk: number; readonly perLine: number; readonly lines: number };
  /** Four weights of 8 bits each in one whole number (see convWeights.ts), else four floats. */
  readonly int8: boolean;
  /** Parts into which the sum over chunks is split, and chunks of one part. */
  readonly parts: number;
  readonly partChunks: number;
  /** Expression of `x` (the sum) and `block`; with declarations before it. */
  readonly declarations: string;
  readonly result: string;
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** One of several numbers by an index that is only known in the shader. */
function pick(index: string, values: readonly number[]): string {
  const [first = 0, ...rest] = values;
  if (rest.every((value) => value === first)) return String(first);
  return rest.reduce((text, value, i) => `${index} >= ${i + 1} ? ${value} : (${text})`, String(first));
}

/** What column `x` and row `y` contribute to the address of a texel. */
function addressFunctions(name: string, { split, group, tiles, down }: Layout, numbers: Uniforms): string {
  const literal = (n: string, divisor: number): string =>
    divisor === 1 ? n : `quotient(${n}, ${float(1 / divisor)})`;
  const along = (at: string, axis: 0 | 1): string =>
    `int inner = ${literal(at, split[axis])}, tile = ${literal("inner", group[axis])};`;
  const [phaseRows, rowRows] = [numbers.int(down * tiles[0]), numbers.int(down * tiles[0] * split[1])];
  const column = split[1] === 1 ? "0" : `(x - inner * ${split[1]}) * ${phaseRows}`;
  const row = split[0] === 1 ? "tile" : `(y - inner * ${split[0]}) * ${rowRows} + tile`;
  return `ivec3 ${name}_column(int x) { ${along("x", 1)} return ivec3(tile, ${column}, inner - tile * ${group[1]}); }
ivec3 ${name}_row(int y) { ${along("y", 0)} return ivec3(0, ${row}, (inner - tile * ${group[0]}) * ${group[1]}); }`;
}

const DECODING = `const ivec4 BYTES = ivec4(255, 65280, 16711680, -16777216);
const vec4 MIDDLE = vec4(128.0, 32768.0, 8388608.0, 0.0);
vec4 decoded(int packed) { return vec4(ivec4(packed) & BYTES) - MIDDLE; }`;

function declarations(shader: ConvShader, numbers: Uniforms): string {
  const { inputs, int8, output, taps } = shader;
  const attachments = range(output.layers).map((i) => `layout(location = ${i}) out vec4 made${i};`);
  if (taps[0] * taps[1] === 0) return attachments.join("\n");
  return [
    ...attachments,
    `uniform ${int8 ? "isampler2D" : "sampler2D"} weights;`,
    int8 ? DECODING : "",
    ...inputs.map(
      ({ layout }, n) => `uniform sampler2DArray a${n};\n${addressFunctions(`a${n}`, layout, numbers)}`,
    ),
  ].join("\n");
}

/** Which part of the sum, phase and block a fragment makes, and where its taps begin. */
function beginning(shader: ConvShader, numbers: Uniforms): string {
  const { output, blocks, parts, partChunks, stride, top, left, taps } = shader;
  const [high, wide] = output.group;
  const phased = output.split[0] * output.split[1] > 1 && top.length * left.length > 1;
  const part = `int part = ${numbers.over("block", blocks)};
  block -= part * ${numbers.int(blocks)};
  int first_chunk = part * ${numbers.int(partChunks)}, last_chunk = first_chunk + ${numbers.int(partChunks)};`;
  return `  ${parts > 1 ? part : ""}
  ${phased ? `int down_phase = phase / ${left.length}, right_phase = phase - down_phase * ${left.length};` : ""}
  int top = tile.y * ${high * stride[0]} + (${phased ? pick("down_phase", top) : (top[0] ?? 0)});
  int left = tile.x * ${wide * stride[1]} + (${phased ? pick("right_phase", left) : (left[0] ?? 0)});
  int first_line = (${phased ? `phase * ${numbers.int(blocks)} + ` : ""}block) * ${taps[0]};`;
}

/** The whole fragment shader, and what its uniform `N` has to hold. */
export function convSource(shader: ConvShader): { fragment: string; numbers: Int32Array } {
  const numbers = new Uniforms();
  const loops = new ConvLoops(shader, numbers);
  const sums = range(shader.output.layers);
  const used = shader.taps[0] * shader.taps[1] > 0;
  const declared = declarations(shader, numbers);
  const body = `
${shader.declarations}
vec4 finish(vec4 x, int block) { return ${shader.result}; }
void main() {
  ${placeOf(shader.output, numbers)}
${beginning(shader, numbers)}
${used ? shader.inputs.map((input, n) => loops.columnCode(`a${n}`, input)).join("\n") : ""}
  vec4 ${sums.map((i) => `s${i} = vec4(0.0)`).join(", ")};
${used ? loops.text() : ""}
${sums.map((i) => `  made${i} = finish(s${i}, block);`).join("\n")}
}
`;
  return { fragment: `${HEAD}${numbers.declaration()}\n${declared}${body}`, numbers: numbers.values() };
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
