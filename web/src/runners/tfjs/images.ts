// What changes a value's size: edges, resizing, pooling, blocks.
import type { CropNode, DepthToSpaceNode, PadNode, PoolNode, ResizeNode } from "../../engine/nodes";
import { nearestPlaces } from "../../engine/places";
import type { Shape3 } from "../../engine/checks";
import { integers, makeNode, paddingAttributes, partName, text, valueName, wholeNumbers } from "./graphDef";
import type { Piece } from "./graphDef";

export function padded(node: PadNode): Piece {
  const edges = wholeNumbers(partName(node.name, "edges"), [4, 2], [0, 0, ...node.edges.flat(), 0, 0]);
  const input = [valueName(node.inputs[0]), edges.name];
  const made =
    node.mode === "zero"
      ? makeNode(valueName(node.name), "Pad", input)
      : makeNode(valueName(node.name), "MirrorPad", input, { mode: text(node.mode.toUpperCase()) });
  return { nodes: [made], weights: [edges] };
}

export function cropped(node: CropNode): Piece {
  const [[top], [left]] = node.edges;
  const begin = wholeNumbers(partName(node.name, "begin"), [4], [0, top, left, 0]);
  const size = wholeNumbers(partName(node.name, "size"), [4], [1, ...node.shape]);
  const input = [valueName(node.inputs[0]), begin.name, size.name];
  return { nodes: [makeNode(valueName(node.name), "Slice", input)], weights: [begin, size] };
}

export function pooled(node: PoolNode): Piece {
  const attr = {
    ksize: integers([1, ...node.window, 1]),
    strides: integers([1, ...node.strides, 1]),
    ...paddingAttributes(node.padding),
    data_format: text("NHWC"),
  };
  const op = node.op === "max_pool" ? "MaxPool" : "AvgPool";
  return { nodes: [makeNode(valueName(node.name), op, [valueName(node.inputs[0])], attr)], weights: [] };
}

export function unfolded(node: DepthToSpaceNode): Piece {
  const attr = { block_size: { i: String(node.block) }, data_format: text("NHWC") };
  const input = [valueName(node.inputs[0])];
  return { nodes: [makeNode(valueName(node.name), "DepthToSpace", input, attr)], weights: [] };
}

/**
 * Whether TensorFlow.js' program takes the right places along an axis: it multiplies by a rounded quotient, so that a place
 * which falls on a whole number may come out one too low. It is safe where nothing is rounded at all.
 */
function nearestIsExact(source: number, target: number, coordinates: ResizeNode["coordinates"]): boolean {
  const corners = coordinates === "align_corners" && target > 1;
  const ratio = corners ? (source - 1) / (target - 1) : source / target;
  const start = coordinates === "half_pixel" ? 0.5 : 0;
  if (Math.fround(ratio) !== ratio) return false;
  return Array.from({ length: target }, (_, i) => (i + start) * ratio).every((at) => Math.fround(at) === at);
}

/** Rows, then columns, by lists of places. */
function gathered(node: ResizeNode, [height, width]: Shape3): Piece {
  const [tall, wide] = node.shape;
  const rows = wholeNumbers(
    partName(node.name, "rows"),
    [tall],
    nearestPlaces(height, tall, node.coordinates),
  );
  const columns = wholeNumbers(
    partName(node.name, "columns"),
    [wide],
    nearestPlaces(width, wide, node.coordinates),
  );
  const axes = [1, 2].map((axis) => wholeNumbers(`#axis-${axis}`, [], [axis])) as [typeof rows, typeof rows];
  const between = partName(node.name, "resized-rows");
  return {
    nodes: [
      makeNode(between, "GatherV2", [valueName(node.inputs[0]), rows.name, axes[0].name]),
      makeNode(valueName(node.name), "GatherV2", [between, columns.name, axes[1].name]),
    ],
    weights: [rows, columns, ...axes],
  };
}

/** `source`: the shape of what is resized. */
export function resized(node: ResizeNode, source: Shape3): Piece {
  const { method, coordinates, shape } = node;
  const exact = ([0, 1] as const).every((axis) => nearestIsExact(source[axis], shape[axis], coordinates));
  if (method === "nearest" && !exact) return gathered(node, source);
  const size = wholeNumbers(partName(node.name, "size"), [2], [shape[0], shape[1]]);
  const attr = {
    align_corners: { b: coordinates === "align_corners" },
    half_pixel_centers: { b: coordinates === "half_pixel" },
  };
  const op = method === "nearest" ? "ResizeNearestNeighbor" : "ResizeBilinear";
  const made = makeNode(valueName(node.name), op, [valueName(node.inputs[0]), size.name], attr);
  return { nodes: [made], weights: [size] };
}
