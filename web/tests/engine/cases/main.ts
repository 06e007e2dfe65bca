// Runs networks from a file through the reference, by all ways of joining, and on WebAssembly:
// node main.js CASES.json MADE.json
import { readFileSync, writeFileSync } from "node:fs";
import type { Shape3 } from "../../../src/engine/checks";
import { readNode } from "../../../src/engine/nodes";
import { makePlan } from "../../../src/engine/plan";
import { runPlan } from "../../../src/engine/reference";
import { checkGraph } from "../../../src/engine/shapes";
import { runOnWasm } from "./wasm";

interface Case {
  readonly input: { readonly name: string; readonly shape: Shape3 };
  readonly output: { readonly name: string };
  readonly graph: readonly unknown[];
  readonly tensors: readonly {
    readonly name: string;
    readonly shape: readonly number[];
    readonly values: readonly number[];
  }[];
  readonly picture: readonly number[];
}

const JOININGS = [
  ["read", { by: "read" }],
  ["write", { by: "write", align: 4 }],
  ["write anywhere", { by: "write", align: 1 }],
] as const;

async function run({ input, output, graph, tensors, picture }: Case): Promise<Record<string, number[]>> {
  const nodes = graph.map((node, i) => readNode(node, `graph.${i}`));
  checkGraph(input, nodes, new Map(tensors.map(({ name, shape }) => [name, shape])));
  const values = new Map(tensors.map((tensor) => [tensor.name, Float32Array.from(tensor.values)]));
  const tensor = (name: string): Float32Array => values.get(name) ?? new Float32Array();
  const made = JOININGS.map(([word, joining]): [string, number[]] => {
    const plan = makePlan({ input, output, graph: nodes, tensors }, joining);
    return [word, [...runPlan(plan, tensor, Float32Array.from(picture)).read(plan.output)]];
  });
  const network = { input, output, graph: nodes, tensors };
  const onWasm = await runOnWasm(network, values, Float32Array.from(picture));
  return Object.fromEntries<number[]>([...made, ...onWasm]);
}

const [, , from = "", to = ""] = process.argv;
const cases = Object.entries(JSON.parse(readFileSync(from, "utf8")) as Record<string, Case>);
const made: Record<string, Record<string, number[]>> = {};
for (const [name, one] of cases) made[name] = await run(one);
writeFileSync(to, JSON.stringify(made));
