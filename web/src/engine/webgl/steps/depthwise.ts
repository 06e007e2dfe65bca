// A depthwise convolution: one pixel and four channels a fragment.
import { phaseKernel } from "../../plan";
import type { ConvStep } from "../../plan";
import { activationSource } from "../activation";
import { over } from "../address";
import { epilogueSource } from "../convSource";
import { epilogueOf } from "../convWeights";
import { blocksOf } from "../layout";
import { gridOf } from "../taps";
import type { Pass, Table } from "../passes";
import type { Lowering } from "./context";
import { simplePass } from "./simple";

/** [block][tap]: the weights of four output channels. */
function depthwiseTable({ model }: Lowering, step: ConvStep, taps: readonly number[], limit: number): Table {
  const channels = step.output.shape[2];
  const [width, height] = [Math.max(1, taps.length), blocksOf(channels)];
  if (width > limit) throw new Error(`${step.name} has more taps than a texture is wide.`);
  return {
    width,
    height,
    storage: "float32",
    values() {
      const [phase] = step.phases;
      const kernel = phase ? phaseKernel(step, phase, model.tensor(step.kernel.tensor)) : new Float32Array();
      const made = new Float32Array(width * height * 4);
      taps.forEach((tap, i) => {
        for (let c = 0; c < channels; c++)
          made[((c >> 2) * width + i) * 4 + (c & 3)] = kernel[tap * channels + c] ?? 0;
      });
      return made;
    },
  };
}

export function depthwisePass(lowering: Lowering, step: ConvStep): Pass {
  const [input] = step.inputs;
  const [phase] = step.phases;
  if (input === undefined || phase === undefined) throw new Error(`${step.name} has no input.`);
  const [h, w, taken] = input.shape;
  const grid = gridOf(phase);
  const multiplier = step.output.shape[2] / taken;
  const epilogue = epilogueOf(lowering.model, step, null);
  const last = epilogueSource(epilogue, activationSource(step.activation));
  const each = `for (int i = 0; i < 4; i++) {
        int c = min(4 * block + i, ${step.output.shape[2] - 1});
        made[i] += w[i] * a_channel(v, u, ${over("c", multiplier)});
      }`;
  return simplePass({
    step: step.name,
    values: { a: lowering.slotOf(input) },
    tables: {
      weights: depthwiseTable(lowering, step, grid.taps, lowering.limits.textureSize),
      ...(epilogue.table ? { channels: epilogue.table } : {}),
    },
    to: lowering.place(step.output),
    functions: `${last.declarations.replace("uniform sampler2D channels;\n", "")}
vec4 finish(vec4 x, int block) { return ${last.result}; }`,
    body: `  for (int r = 0; r < ${grid.rows}; r++)
    for (int c = 0; c < ${grid.columns}; c++) {
      int v = y * ${step.stride[0]} + r + ${grid.top}, u = x * ${step.stride[1]} + c + ${grid.left};
      if (v < 0 || v >= ${h} || u < 0 || u >= ${w}) continue;
      vec4 w = texelFetch(weights, ivec2(r * ${grid.columns} + c, block), 0);
      ${multiplier === 1 ? "made += w * a_texel(v, u, block);" : each}
    }
  made = finish(made, block);`,
  });
}
