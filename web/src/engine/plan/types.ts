// The execution plan: what is computed, in which order, from which value into which. The same for every back end; shapes,
// taps and places are resolved here, once, so that a back end only has to know how to compute eight kinds of steps.
import type { Activation, LeakyRelu } from "../activations";
import type { Shape3 } from "../checks";
import type { Pair } from "../graph";

export type { Activation, LeakyRelu, Pair, Shape3 };

/** Numbers [height, width, channels] that a step makes and later ones read. */
export interface Value {
  /** Place in `Plan.values`. */
  readonly id: number;
  readonly name: string;
  readonly shape: Shape3;
  /** It is written straight into channels of a joined value, from `channel` on; null: it stands by itself. */
  readonly home: { readonly value: Value; readonly channel: number } | null;
}

interface Common<Kind extends string> {
  readonly kind: Kind;
  /** Of the graph's node that it computes. */
  readonly name: string;
  /** `combine` reads two; `conv` and `join` read the channels of all, one after the other; every other kind reads one. */
  readonly inputs: readonly Value[];
  readonly output: Value;
}

/** One tap of a window: the place it reads, counted from the window's own, and which plane of the kernel it multiplies. */
export interface Tap {
  readonly dy: number;
  readonly dx: number;
  /** ky * kernel width + kx. */
  readonly plane: number;
}

/**
 * The output places [at[0] + i * grow[0], at[1] + j * grow[1]]. Place (i, j) reads the input at
 * (i * stride[0] + dy, j * stride[1] + dx) for every tap, zero beyond the edges. Taps that meet no data at any place are
 * left out; there may be none at all.
 */
export interface Phase {
  readonly at: Pair;
  /** Number of its places along both axes: i < places[0], j < places[1]. */
  readonly places: Pair;
  readonly taps: readonly Tap[];
}

/**
 * A convolution. A transposed one with stride s is s * s plain ones by output parity (its phases, stride 1, grow s); a
 * plain one has a single phase (grow 1).
 */
export interface ConvStep extends Common<"conv"> {
  /** depthwise: each input channel by itself, output channel = channel * multiplier + index. */
  readonly depthwise: boolean;
  readonly stride: Pair;
  readonly grow: Pair;
  readonly phases: readonly Phase[];
  /** Names of tensors. */
  readonly kernel: {
    readonly tensor: string;
    readonly shape: readonly number[];
    readonly transposed: boolean;
  };
  readonly bias: string | null;
  readonly activation: Activation;
}

/** One function of each value, or one scale and shift a channel. */
export interface MapStep extends Common<"map"> {
  readonly map:
    | { readonly op: "activation"; readonly activation: Activation }
    | { readonly op: "affine"; readonly scale: string; readonly shift: string }
    | { readonly op: "abs" | "exp" | "neg" | "reciprocal" | "rsqrt" | "sqrt" | "square" };
}

/** Channels of several values copied into one, where that could not be avoided. */
export type JoinStep = Common<"join">;

/** Two values, place by place. An extent of 1 stretches to the other's. */
export interface CombineStep extends Common<"combine"> {
  readonly op: "add" | "sub" | "mul" | "div" | "maximum" | "minimum";
}

/** Where each output place looks along one axis: low * (1 - share) + high * share; `low` below 0 stands for a zero. */
export interface AxisSample {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly share: Float32Array;
  /** Every share is 0: `high` needs no look. */
  readonly exact: boolean;
}

/** Padding, cropping and resizing: the same thing with other places. */
export interface SampleStep extends Common<"sample"> {
  readonly rows: AxisSample;
  readonly columns: AxisSample;
}

/** The largest or the mean value of a window; places beyond the edges do not count. */
export interface PoolStep extends Common<"pool"> {
  readonly op: "max" | "avg";
  readonly window: Pair;
  readonly stride: Pair;
  /** Rows above and columns to the left that the first window begins before the edge. */
  readonly before: Pair;
}

/** [h, w, c] to [h * block, w * block, c / block^2]: channel (by * block + bx) * made + c goes to row by, column bx. */
export interface BlocksStep extends Common<"blocks"> {
  readonly block: number;
}

/** Over height and width, per channel: the mean, or (x - mean) / sqrt(variance + epsilon) with a scale and a shift. */
export interface NormStep extends Common<"norm"> {
  readonly op:
    | { readonly type: "mean" }
    | {
        readonly type: "instance_norm";
        readonly epsilon: number;
        readonly scale: string | null;
        readonly shift: string | null;
      };
}

export type Step =
  ConvStep | JoinStep | MapStep | CombineStep | SampleStep | PoolStep | BlocksStep | NormStep;

/** A value that is there before the first step: a tensor as it is. */
export interface Constant {
  readonly value: Value;
  readonly tensor: string;
}

export interface Plan {
  readonly input: Value;
  readonly output: Value;
  readonly values: readonly Value[];
  readonly constants: readonly Constant[];
  readonly steps: readonly Step[];
}

/**
 * How joined channels (concat) come about. `read`: convolutions read several values; only others need a `join` step.
 * `write`: each part is written straight into its channels of the joined value, if each begins at a multiple of `align`
 * channels and can be written there (the input, constants and what has a home already cannot), else by a `join` step.
 */
export type Joining = { readonly by: "read" } | { readonly by: "write"; readonly align: number };
