// TensorFlow's way to a dilated convolution: every so manieth row and column is dealt to a picture of its own, convolved
// there, and gathered again. Here the picture stays whole, and the kernel is spread.
import type { Edges, Pair } from "../graph";
import type { Handler } from "./graphArithmetic";
import { dealt, picture } from "./graphValues";
import type { Step } from "./graphValues";

/** Block and edges of SpaceToBatchND and its inverse, for height and width. */
function blockOf(step: Step): { block: Pair; edges: Edges } {
  const [block, edges] = [step.whole(1, 2), step.whole(2, 4)];
  const fits = block.length === 2 && edges.length === 4 && Math.min(...edges) >= 0;
  if (!fits || block.some((each) => each < 1 || each > 64) || Math.max(...edges) > 1_024)
    step.refuse("only height and width can be dealt out");
  const [down = 1, right = 1] = block;
  const [above = 0, below = 0, before = 0, behind = 0] = edges;
  return {
    block: [down, right],
    edges: [
      [above, below],
      [before, behind],
    ],
  };
}

const hasEdges = (edges: Edges): boolean => edges.flat().some((edge) => edge > 0);

const spaceToBatch: Handler = (step) => {
  const { block, edges } = blockOf(step);
  let value = step.picture(0);
  if (hasEdges(edges))
    value = step.builder.add(step.place.name, step.where, { op: "pad", mode: "zero", edges }, [value]);
  if (value.shape[0] % block[0] !== 0 || value.shape[1] % block[1] !== 0)
    step.refuse(`${value.shape.join("x")} cannot be dealt out by ${block.join("x")}`);
  return dealt(value, block);
};

const batchToSpace: Handler = (step) => {
  const { block, edges } = blockOf(step);
  const seen = step.seen(0);
  if ((seen.block ?? [1, 1]).join() !== block.join())
    step.refuse("it gathers a batch of pictures that nothing dealt out");
  if (!hasEdges(edges)) return picture(seen.value);
  return picture(step.builder.add(step.place.name, step.where, { op: "crop", edges }, [seen.value]));
};

export const BATCHES: Readonly<Record<string, Handler>> = {
  SpaceToBatchND: spaceToBatch,
  BatchToSpaceND: batchToSpace,
};
