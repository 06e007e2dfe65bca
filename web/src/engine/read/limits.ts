// How much a model may hold that somebody drops on the page. The same bounds as kit/models/reading/limits.py, to which
// tests/models/reading/tables.json holds both.
import { LARGEST_VALUES } from "../shapes";

export { LARGEST_EXTENT as SIDE } from "../shapes";

export const JSON_BYTES = 16_000_000;
/** Of a graph as it comes; what reaches the output must fit in NETWORK_NODES. */
export const GRAPH_NODES = 50_000;
export const NETWORK_NODES = 2_000;
export const LAYERS = 5_000;
/** Models in models. */
export const NESTING = 8;
export const WEIGHTS = 20_000;
export const WEIGHT_VALUES = 250_000_000;
export const RANK = 8;
/** Values of a constant that is computed while reading. */
export const FOLDED_VALUES = 4_000_000;
/** Values of all constants that are computed while reading. */
export const FOLDED_TOTAL = 16 * FOLDED_VALUES;
/** Values of anything between input and output: a quarter of a gigabyte of floats. */
export const PICTURE_VALUES = LARGEST_VALUES;
/** Values of a kernel that had to be spread out (dilation, groups). */
export const KERNEL_VALUES = 50_000_000;
/** Height and width for networks that take any. */
export const DEFAULT_SIDE = 256;
