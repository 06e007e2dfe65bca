// From the picture's bytes to the network's input, in at most four passes: narrower along rows, then along columns, then
// wider along columns and along rows.
import { bandsOf } from "../plan";
import type { Bands, Shape3, Value } from "../plan";
import type { PreprocessingPlan } from "../preprocess";
import type { Matrix } from "../resample";
import { HEAD, float, placeOf } from "./address";
import { PICTURE_TEXTURE, wholePass } from "./passes";
import type { Pass, Read, Slot, Table } from "./passes";
import type { Lowering } from "./steps";

export const PREPROCESSING = "preprocessing";

interface Mix {
  readonly axis: 0 | 1;
  readonly bands: Bands;
}

function mixesOf({ rows, columns }: PreprocessingPlan): Mix[] {
  const mix = (axis: 0 | 1, matrix: Matrix | null): Mix[] =>
    matrix ? [{ axis, bands: bandsOf(matrix) }] : [];
  return [...mix(0, rows.down), ...mix(1, columns.down), ...mix(1, columns.up), ...mix(0, rows.up)];
}

/** [place][neighbour]: its place in the source and its weight. */
const bandTable = ({ places, width, start, weights }: Bands): Table => ({
  width,
  height: places,
  storage: "float32",
  values() {
    const made = new Float32Array(places * width * 4);
    for (let i = 0; i < places; i++)
      for (let k = 0; k < width; k++)
        made.set([(start[i] ?? 0) + k, weights[i * width + k] ?? 0], (i * width + k) * 4);
    return made;
  },
});

/** What one fragment reads of its source, which lies pixel by pixel. */
function reader(plan: PreprocessingPlan, first: boolean): string {
  if (!first)
    return "uniform sampler2DArray source;\nvec4 read(int y, int x) { return texelFetch(source, ivec3(x, y, 0), 0); }";
  const grey = plan.grey?.map(float).join(", ");
  const colours = grey === undefined ? "vec4(c, 0.0)" : `vec4(dot(c, vec3(${grey})), 0.0, 0.0, 0.0)`;
  return `uniform sampler2D source;
vec4 read(int y, int x) { vec3 c = texelFetch(source, ivec2(x, y), 0).rgb * 255.0; return ${colours}; }`;
}

/** The last pass brings the values into the input's range. */
function ending(plan: PreprocessingPlan, last: boolean): string {
  if (!last) return "v";
  const scaled = `v * ${float(plan.gain)} + ${float(plan.offset)}`;
  return plan.alpha === null ? scaled : `vec4((${scaled}).rgb, ${float(plan.alpha)})`;
}

interface Stage {
  readonly to: Slot;
  readonly mix: Mix | null;
  readonly first: boolean;
  readonly last: boolean;
}

function stageSource(plan: PreprocessingPlan, { to, mix, first, last }: Stage): string {
  const wide = to.layout.group[1];
  const all = Array.from({ length: wide }, (_, i) => i);
  const last4 = to.layout.shape[1] - 1;
  // A group may reach beyond the picture's edge; what it makes there is never read.
  const at = (i: number): string => (wide === 1 ? "x" : `min(x + ${i}, ${last4})`);
  const line = mix?.axis === 1 ? "x" : "y";
  const place = (i: number): string => (mix?.axis === 1 ? `y, int(band.x)` : `int(band.x), ${at(i)}`);
  const sums = mix
    ? `for (int k = 0; k < ${mix.bands.width}; k++) {
    vec2 band = texelFetch(bands, ivec2(k, ${line}), 0).xy;
${all.map((i) => `    s${i} += read(${place(i)}) * band.y;`).join("\n")}
  }`
    : all.map((i) => `s${i} = read(y, ${at(i)});`).join("\n  ");
  return `${HEAD}${all.map((i) => `layout(location = ${i}) out vec4 made${i};`).join("\n")}
${mix ? "uniform sampler2D bands;" : ""}
${reader(plan, first)}
vec4 finish(vec4 v) { return ${ending(plan, last)}; }
void main() {
  ${placeOf(to.layout)}
  int y = tile.y, x = tile.x * ${wide};
  vec4 ${all.map((i) => `s${i} = vec4(0.0)`).join(", ")};
  ${sums}
${all.map((i) => `  made${i} = finish(s${i});`).join("\n")}
}
`;
}

function stagePass(plan: PreprocessingPlan, from: Read["from"], stage: Stage): Pass {
  const reads: Read[] = [{ sampler: "source", from }];
  if (stage.mix) reads.push({ sampler: "bands", from: bandTable(stage.mix.bands) });
  return wholePass(PREPROCESSING, stageSource(plan, stage), reads, stage.to);
}

/** Adds the passes that make the network's input from a picture of height x width. */
export function lowerPreprocessing(
  lowering: Lowering,
  plan: PreprocessingPlan,
  [height, width]: readonly [number, number],
  input: Value,
): void {
  const mixes: (Mix | null)[] = mixesOf(plan);
  if (mixes.length === 0) mixes.push(null);
  let size: [number, number] = [height, width];
  let from: Read["from"] = PICTURE_TEXTURE;
  mixes.forEach((mix, i) => {
    const last = i === mixes.length - 1;
    if (mix) size = mix.axis === 0 ? [mix.bands.places, size[1]] : [size[0], mix.bands.places];
    const shape: Shape3 = [size[0], size[1], plan.grey ? 1 : 3];
    // Along rows the weights are the same for all pixels of a row.
    const wide =
      last && mix?.axis !== 1 ? Math.min(lowering.tuning.pixels, lowering.limits.attachments, 8) : 1;
    const to = last
      ? lowering.place(input, { group: [1, wide] })
      : lowering.between(`${PREPROCESSING} ${i + 1}`, shape);
    lowering.passes.push(stagePass(plan, from, { to, mix, first: i === 0, last }));
    from = to;
  });
}
