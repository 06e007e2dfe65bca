// Which values go in and come out, as far as the graph itself says: tanh gives [-1, 1], a rescaling by 1/255 takes bytes.
import type { GraphNode } from "../graph";
import type { Network } from "./network";

export type ValueRange = readonly [number, number];

const ordered = (a: number, b: number): ValueRange => (a <= b ? [a, b] : [b, a]);

function uniform(values: Float32Array | undefined): number | null {
  const [first] = values ?? [];
  return first !== undefined && values?.every((value) => value === first) ? first : null;
}

/** Scale and shift of an affine that treats all channels alike. */
function lineOf(network: Network, node: GraphNode): { scale: number; shift: number } | null {
  if (node.op !== "affine") return null;
  const scale = uniform(network.tensors.get(node.scale)?.values);
  const shift = uniform(network.tensors.get(node.shift)?.values);
  return scale === null || shift === null ? null : { scale, shift };
}

function activationRange(node: GraphNode): ValueRange | null {
  if (!("activation" in node)) return null;
  const { activation } = node;
  if (activation.type === "tanh") return [-1, 1];
  if (activation.type === "sigmoid") return [0, 1];
  return activation.type === "clip" && activation.low < activation.high
    ? [activation.low, activation.high]
    : null;
}

const PASSING: readonly string[] = ["resize", "crop", "depth_to_space", "max_pool", "avg_pool", "concat"];

function rangeOf(
  network: Network,
  nodes: ReadonlyMap<string, GraphNode>,
  name: string,
  depth: number,
): ValueRange | null {
  const node = nodes.get(name);
  if (node === undefined || depth > 20) return null;
  const own = activationRange(node);
  if (own !== null) return own;
  const line = lineOf(network, node);
  const ranges = node.inputs.map((input) => rangeOf(network, nodes, input, depth + 1));
  const [first] = ranges;
  if (!first) return null;
  if (line !== null) return ordered(first[0] * line.scale + line.shift, first[1] * line.scale + line.shift);
  const all = PASSING.includes(node.op) && ranges.every((range) => range?.join() === first.join());
  return all ? first : null;
}

/** The range of the picture's values, known from the last activation and what only stretches it; null where it is not. */
export function outputRange(network: Network): ValueRange | null {
  const nodes = new Map(network.nodes.map((node) => [node.name, node]));
  const range = rangeOf(network, nodes, network.output, 0);
  if (range === null || range[0] === range[1]) return null;
  // 127.5 * tanh + 127.5 and the like come out a hair beside.
  return [Number(range[0].toPrecision(6)), Number(range[1].toPrecision(6))];
}

/** [0, 255] where all that takes the input first brings bytes down to a small range; null where nothing says it. */
export function inputRange(network: Network): ValueRange | null {
  const takers = network.nodes.filter((node) => node.inputs.some((input) => input === network.input));
  const all = takers.every((node) => {
    const line = lineOf(network, node);
    return line !== null && Math.abs(line.scale) > 0 && Math.abs(line.scale) < 1 / 50;
  });
  return all && takers.length > 0 ? [0, 255] : null;
}
