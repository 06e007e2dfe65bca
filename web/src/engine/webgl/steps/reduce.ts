// Adds the parts of a sum that was split over several fragments, and ends it as the convolution would have.
import type { ConvStep } from "../../plan";
import { activationSource } from "../activation";
import { HEAD, over, placeOf } from "../address";
import { epilogueSource } from "../convSource";
import type { Epilogue } from "../convWeights";
import type { Pass, Slot } from "../passes";
import { wholePass } from "../passes";

/** `from` holds [part][block]; both have the same split, group and tiles, so a pixel's texel differs only by its block. */
export function reducePass(step: ConvStep, from: Slot, to: Slot, parts: number, epilogue: Epilogue): Pass {
  const [source, target] = [from.layout, to.layout];
  const layers = Array.from({ length: target.layers }, (_, i) => i);
  const last = epilogueSource(epilogue, activationSource(step.activation));
  const phased = target.split[0] * target.split[1] > 1;
  const fragment = `${HEAD}${layers.map((i) => `layout(location = ${i}) out vec4 made${i};`).join("\n")}
uniform sampler2DArray parts;
${last.declarations}
vec4 finish(vec4 x, int block) { return ${last.result}; }
void main() {
  ${placeOf(target)}
  vec4 ${layers.map((i) => `s${i} = vec4(0.0)`).join(", ")};
  for (int part = 0; part < ${parts}; part++) {
    int n = part * ${target.blocks} + block;
    int row = ${over("n", source.across)};
    int down = ${phased ? `phase * ${source.down} + row` : "row"};
    ivec2 p = ivec2((n - row * ${source.across}) * ${source.tiles[1]}, down * ${source.tiles[0]}) + tile;
${layers.map((i) => `    s${i} += texelFetch(parts, ivec3(p, ${i}), 0);`).join("\n")}
  }
${layers.map((i) => `  made${i} = finish(s${i}, block);`).join("\n")}
}
`;
  const reads = [
    { sampler: "parts", from },
    ...(epilogue.table ? [{ sampler: "channels", from: epilogue.table }] : []),
  ];
  return wholePass(step.name, fragment, reads, to);
}
