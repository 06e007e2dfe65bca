// One function of each number, or two values place by place.
import type { CombineStep, MapStep, Shape3 } from "../../plan";
import { activationSource } from "../activation";
import { channelTable } from "../convWeights";
import type { Table } from "../passes";
import type { Lowering } from "./context";
import { simplePass } from "./simple";

const PLAIN = {
  abs: "abs(v)",
  exp: "exp(v)",
  neg: "-v",
  reciprocal: "1.0 / v",
  rsqrt: "inversesqrt(v)",
  sqrt: "sqrt(v)",
  square: "v * v",
};

interface Function1 {
  readonly functions: string;
  readonly made: string;
  readonly tables: Readonly<Record<string, Table>>;
}

const SLOPES = "texelFetch(channels, ivec2(0, block), 0)";

function functionOf({ model }: Lowering, { map, output }: MapStep): Function1 {
  const [, , count] = output.shape;
  if (map.op === "affine") {
    const table = channelTable([() => model.tensor(map.scale), () => model.tensor(map.shift)], count);
    return {
      functions: "",
      made: `v * ${SLOPES} + texelFetch(channels, ivec2(1, block), 0)`,
      tables: { channels: table },
    };
  }
  if (map.op !== "activation") return { functions: "", made: PLAIN[map.op], tables: {} };
  const { activation } = map;
  const functions = activationSource(activation);
  if (activation.type !== "prelu") return { functions, made: "activate(v, vec4(0.0))", tables: {} };
  const table = channelTable([() => model.tensor(activation.slopes)], count);
  return { functions, made: `activate(v, ${SLOPES})`, tables: { channels: table } };
}

export function lowerMap(lowering: Lowering, step: MapStep): void {
  const [input] = step.inputs;
  if (input === undefined) return;
  const { functions, made, tables } = functionOf(lowering, step);
  lowering.passes.push(
    simplePass({
      step: step.name,
      values: { a: lowering.slotOf(input) },
      tables,
      to: lowering.place(step.output),
      functions,
      body: `  vec4 v = a_texel(y, x, block);\n  made = ${made};`,
    }),
  );
}

const COMBINED: Record<CombineStep["op"], string> = {
  add: "v + u",
  sub: "v - u",
  mul: "v * u",
  div: "v / u",
  maximum: "max(v, u)",
  minimum: "min(v, u)",
};

/** The texel of a value that stretches where its extent is 1. */
function stretched(name: string, [h, w, c]: Shape3, to: Shape3): string {
  const texel = `${name}_texel(${h === 1 ? "0" : "y"}, ${w === 1 ? "0" : "x"}, ${c === 1 ? "0" : "block"})`;
  return c === 1 && to[2] > 1 ? `vec4(${texel}.x)` : texel;
}

export function lowerCombine(lowering: Lowering, step: CombineStep): void {
  const [first, second] = step.inputs;
  if (first === undefined || second === undefined) return;
  const { shape } = step.output;
  const values =
    first === second
      ? { a: lowering.slotOf(first) }
      : { a: lowering.slotOf(first), b: lowering.slotOf(second) };
  lowering.passes.push(
    simplePass({
      step: step.name,
      values,
      to: lowering.place(step.output),
      body: `  vec4 v = ${stretched("a", first.shape, shape)}, u = ${stretched(first === second ? "a" : "b", second.shape, shape)};
  made = ${COMBINED[step.op]};`,
    }),
  );
}
