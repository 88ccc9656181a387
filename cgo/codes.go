package cgo

// #include "ceitorch.h"
import "C"

// Status is how a call ended.
type Status int32

// The statuses; ceitorch.h says what each stands for.
const (
	OK          Status = C.CT_OK
	Failed      Status = C.CT_ERROR
	OutOfMemory Status = C.CT_OUT_OF_MEMORY
	BadShape    Status = C.CT_SHAPE
	BadDevice   Status = C.CT_DEVICE
	BadDType    Status = C.CT_DTYPE
	BadArgument Status = C.CT_ARGUMENT
	PeerLost    Status = C.CT_PEER
)

// DType is an element type.
type DType int32

// The element types.
const (
	Float32 DType = C.CT_FLOAT32
	Float64 DType = C.CT_FLOAT64
	Int64   DType = C.CT_INT64
)

// The device types.
const (
	CPU  int32 = C.CT_CPU
	CUDA int32 = C.CT_CUDA
)

// MatmulPrecision is how exactly float32 matrices are multiplied.
type MatmulPrecision int32

// The precisions: float32 itself, TF32, and bfloat16.
const (
	HighestPrecision MatmulPrecision = C.CT_HIGHEST
	HighPrecision    MatmulPrecision = C.CT_HIGH
	MediumPrecision  MatmulPrecision = C.CT_MEDIUM
)

// GraphPart is what BeginGraph begins.
type GraphPart int32

// The parts of a graph: operations that are done, operations that are recorded, and a branch within either.
const (
	WarmGraph    GraphPart = C.CT_GRAPH_WARM
	CaptureGraph GraphPart = C.CT_GRAPH_CAPTURE
	BranchGraph  GraphPart = C.CT_GRAPH_BRANCH
)

// Fault is what ArmFault throws.
type Fault int32

// The faults: an exception of libtorch's, of the standard library's, no memory, and one of no known type.
const (
	NoFault      Fault = C.CT_FAULT_NONE
	TorchFault   Fault = C.CT_FAULT_TORCH
	StdFault     Fault = C.CT_FAULT_STD
	MemoryFault  Fault = C.CT_FAULT_MEMORY
	ForeignFault Fault = C.CT_FAULT_FOREIGN
)

// Op is an operation's number; ceitorch.h says what each takes and gives.
type Op int32

// The operations.
const (
	OpFull         Op = C.CT_OP_FULL
	OpNormal       Op = C.CT_OP_NORMAL
	OpUniform      Op = C.CT_OP_UNIFORM
	OpRandperm     Op = C.CT_OP_RANDPERM
	OpAdd          Op = C.CT_OP_ADD
	OpSub          Op = C.CT_OP_SUB
	OpMul          Op = C.CT_OP_MUL
	OpDiv          Op = C.CT_OP_DIV
	OpAffine       Op = C.CT_OP_AFFINE
	OpExp          Op = C.CT_OP_EXP
	OpLog          Op = C.CT_OP_LOG
	OpSqrt         Op = C.CT_OP_SQRT
	OpSquare       Op = C.CT_OP_SQUARE
	OpAbs          Op = C.CT_OP_ABS
	OpTanh         Op = C.CT_OP_TANH
	OpELU          Op = C.CT_OP_ELU
	OpClamp        Op = C.CT_OP_CLAMP
	OpMatmul       Op = C.CT_OP_MATMUL
	OpLinear       Op = C.CT_OP_LINEAR
	OpSum          Op = C.CT_OP_SUM
	OpMean         Op = C.CT_OP_MEAN
	OpVariance     Op = C.CT_OP_VARIANCE
	OpLogsumexp    Op = C.CT_OP_LOGSUMEXP
	OpAllFinite    Op = C.CT_OP_ALL_FINITE
	OpCat          Op = C.CT_OP_CAT
	OpNarrow       Op = C.CT_OP_NARROW
	OpReshape      Op = C.CT_OP_RESHAPE
	OpTranspose    Op = C.CT_OP_TRANSPOSE
	OpExpand       Op = C.CT_OP_EXPAND
	OpFlip         Op = C.CT_OP_FLIP
	OpSelectRows   Op = C.CT_OP_SELECT_ROWS
	OpRepeatRows   Op = C.CT_OP_REPEAT_ROWS
	OpTo           Op = C.CT_OP_TO
	OpClone        Op = C.CT_OP_CLONE
	OpDetach       Op = C.CT_OP_DETACH
	OpAlias        Op = C.CT_OP_ALIAS
	OpExport       Op = C.CT_OP_EXPORT
	OpCopy         Op = C.CT_OP_COPY
	OpZero         Op = C.CT_OP_ZERO
	OpBackward     Op = C.CT_OP_BACKWARD
	OpGradient     Op = C.CT_OP_GRADIENT
	OpRequireGrad  Op = C.CT_OP_REQUIRE_GRAD
	OpGrad         Op = C.CT_OP_GRAD
	OpParameters   Op = C.CT_OP_PARAMETERS
	OpMLP          Op = C.CT_OP_MLP
	OpCoupling     Op = C.CT_OP_COUPLING
	OpUncoupling   Op = C.CT_OP_UNCOUPLING
	OpAdam         Op = C.CT_OP_ADAM
	OpSpline       Op = C.CT_OP_SPLINE
	OpMixing       Op = C.CT_OP_MIXING
	OpFlow         Op = C.CT_OP_FLOW
	OpFlowInverse  Op = C.CT_OP_FLOW_INVERSE
	OpFlowGradient Op = C.CT_OP_FLOW_GRADIENT
	OpVAELoss      Op = C.CT_OP_VAE_LOSS
	OpVAEGradient  Op = C.CT_OP_VAE_GRADIENT
	OpVAEDraw      Op = C.CT_OP_VAE_DRAW
	OpAdamDevice   Op = C.CT_OP_ADAM_DEVICE
	OpGather       Op = C.CT_OP_GATHER
	OpTally        Op = C.CT_OP_TALLY
	OpVAEBound     Op = C.CT_OP_VAE_BOUND

	opCount = int(C.CT_OP_COUNT)
)

var opNames = [opCount]string{
	OpFull:         "full",
	OpNormal:       "normal",
	OpUniform:      "uniform",
	OpRandperm:     "randperm",
	OpAdd:          "add",
	OpSub:          "sub",
	OpMul:          "mul",
	OpDiv:          "div",
	OpAffine:       "affine",
	OpExp:          "exp",
	OpLog:          "log",
	OpSqrt:         "sqrt",
	OpSquare:       "square",
	OpAbs:          "abs",
	OpTanh:         "tanh",
	OpELU:          "elu",
	OpClamp:        "clamp",
	OpMatmul:       "matmul",
	OpLinear:       "linear",
	OpSum:          "sum",
	OpMean:         "mean",
	OpVariance:     "variance",
	OpLogsumexp:    "logsumexp",
	OpAllFinite:    "all finite",
	OpCat:          "cat",
	OpNarrow:       "narrow",
	OpReshape:      "reshape",
	OpTranspose:    "transpose",
	OpExpand:       "expand",
	OpFlip:         "flip",
	OpSelectRows:   "select rows",
	OpRepeatRows:   "repeat rows",
	OpTo:           "to",
	OpClone:        "clone",
	OpDetach:       "detach",
	OpAlias:        "alias",
	OpExport:       "export",
	OpCopy:         "copy",
	OpZero:         "zero",
	OpBackward:     "backward",
	OpGradient:     "gradient",
	OpRequireGrad:  "require grad",
	OpGrad:         "grad",
	OpParameters:   "parameters",
	OpMLP:          "mlp",
	OpCoupling:     "coupling",
	OpUncoupling:   "uncoupling",
	OpAdam:         "adam",
	OpSpline:       "spline",
	OpMixing:       "mixing",
	OpFlow:         "flow",
	OpFlowInverse:  "flow inverse",
	OpFlowGradient: "flow gradient",
	OpVAELoss:      "vae loss",
	OpVAEGradient:  "vae gradient",
	OpVAEDraw:      "vae draw",
	OpAdamDevice:   "adam on the device",
	OpGather:       "gather",
	OpTally:        "tally",
	OpVAEBound:     "vae bound",
}

// String returns the operation's name, as errors give it.
func (o Op) String() string {
	if o < 0 || int(o) >= opCount {
		return "unknown operation"
	}
	return opNames[o]
}
