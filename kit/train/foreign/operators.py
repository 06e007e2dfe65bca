"""The operators that a SavedModel may hold: arithmetic on tensors, and what TensorFlow itself writes around variables.

None of them keeps state that outlives a call, or runs code. Those of ``SAVING`` write and read files whose names the graph
holds; they stand in every SavedModel, beside the network. Loading must not run them: ``loading`` refuses graphs that
would, and takes away what starts anything but the restoring of the model's own variables. What the child could write
all the same would lie in its own room.
"""

from __future__ import annotations

ARITHMETIC = """
Abs Add AddN AddV2 All Any ArgMax ArgMin AvgPool BatchToSpaceND BiasAdd BroadcastTo Cast Ceil ClipByValue Concat ConcatV2
Const Conv2D Conv2DBackpropInput Cumsum DepthToSpace DepthwiseConv2dNative Div DivNoNan Einsum Elu Equal Erf Exp ExpandDims
Expm1 Fill Floor FloorDiv FloorMod FusedBatchNorm FusedBatchNormV2 FusedBatchNormV3 Gather GatherNd GatherV2 Greater
GreaterEqual Identity IdentityN LRN LeakyRelu Less LessEqual Log Log1p LogicalAnd LogicalNot LogicalOr LogSoftmax MatMul
BatchMatMul BatchMatMulV2 BatchMatMulV3 Max MaxPool MaxPoolV2 Maximum Mean Min Minimum MirrorPad Mul MulNoNan Neg NotEqual
OneHot OnesLike Pack Pad PadV2 Placeholder PlaceholderWithDefault Pow Prod Range Rank RealDiv Reciprocal Relu Relu6 Reshape
ResizeBicubic ResizeBilinear ResizeNearestNeighbor ReverseV2 Round Rsqrt Select SelectV2 Selu Shape ShapeN Sigmoid Sign Sin
Cos Size Slice Softmax Softplus Softsign SpaceToBatchND SpaceToDepth Split SplitV Sqrt Square SquaredDifference Squeeze
StopGradient StridedSlice Sub Sum Tan Tanh Tile Transpose Unpack Where Xlogy Xdivy ZerosLike NoOp PreventGradient
EnsureShape CheckNumerics InvertPermutation _FusedConv2D Xdivy
"""
FLOW = "PartitionedCall StatefulPartitionedCall If StatelessIf Switch Merge Assert"
VARIABLES = """
VarHandleOp ReadVariableOp AssignVariableOp VarIsInitializedOp Variable VariableV2 Assign IsVariableInitialized
ResourceGather DisableCopyOnRead
"""
SAVING = "SaveV2 RestoreV2 MergeV2Checkpoints ShardedFilename StringJoin StaticRegexFullMatch Empty"
INITIAL = "RandomUniform RandomNormal RandomStandardNormal TruncatedNormal StatelessRandomUniformV2 StatelessRandomGetKeyCounter"

ON_LOAD = frozenset(f"{ARITHMETIC} {VARIABLES} {INITIAL}".split())
"""What may be run while a SavedModel is loaded: no file, no function of the model's own."""
ALLOWED = frozenset(f"{ARITHMETIC} {FLOW} {VARIABLES} {SAVING} {INITIAL}".split())
