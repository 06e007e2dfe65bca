// The steps from a picture to the network's input. The same as in kit/models/manifest.py.
import { asExtent, asKeys, asNumber, asNumberFrom, asObject, asOneOf, asTuple, refuse } from "./checks";

export type PreprocessingOp =
  /** RGB to one channel by weights. */
  | { readonly op: "grey"; readonly weights: readonly [number, number, number] }
  /** Area average to [height, width], fractional weights. */
  | { readonly op: "area"; readonly size: readonly [number, number] }
  /** Keys' bicubic to [height, width]: half-pixel centres, samples beyond the edge left out. */
  | { readonly op: "bicubic"; readonly size: readonly [number, number]; readonly a: number }
  /** Linear from one range to another, not clipped. */
  | { readonly op: "scale"; readonly from: readonly [number, number]; readonly to: readonly [number, number] }
  /** A fourth channel of constant 255 behind RGB. */
  | { readonly op: "alpha" };

const OPS = ["grey", "area", "bicubic", "scale", "alpha"] as const;

export const asPair = (value: unknown, path: string): [number, number] =>
  asTuple(value, path, 2, asNumber) as [number, number];
const asSize = (value: unknown, path: string): [number, number] =>
  asTuple(value, path, 2, asExtent) as [number, number];

function asWeights(value: unknown, path: string): [number, number, number] {
  return asTuple(value, path, 3, asNumber) as [number, number, number];
}

export function readPreprocessing(value: unknown, path: string): PreprocessingOp {
  const json = asObject(value, path);
  const op = asOneOf(json["op"], `${path}.op`, OPS);
  switch (op) {
    case "grey":
      asKeys(json, path, ["op", "weights"]);
      return { op, weights: asWeights(json["weights"], `${path}.weights`) };
    case "area":
      asKeys(json, path, ["op", "size"]);
      return { op, size: asSize(json["size"], `${path}.size`) };
    case "bicubic":
      asKeys(json, path, ["op", "size", "a"]);
      return {
        op,
        size: asSize(json["size"], `${path}.size`),
        a: asNumberFrom(json["a"], `${path}.a`, -1, 0),
      };
    case "scale": {
      asKeys(json, path, ["op", "from", "to"]);
      const from = asPair(json["from"], `${path}.from`);
      if (from[0] === from[1]) refuse(`${path}.from`, "must not be empty");
      return { op, from, to: asPair(json["to"], `${path}.to`) };
    }
    case "alpha":
      asKeys(json, path, ["op"]);
      return { op };
  }
}
