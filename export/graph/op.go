package graph

// Op is an operation. Unless it says otherwise, its result has the element type of its arguments.
type Op string

// The operations, with their arguments and results.
const (
	Input    Op = "input"    // [B,n], given by the caller
	Constant Op = "constant" // of Shape, with Data

	Add     Op = "add"     // a b
	Sub     Op = "sub"     // a b
	Mul     Op = "mul"     // a b
	Div     Op = "div"     // a b
	AtLeast Op = "atleast" // a b -> Bool, a ≥ b
	Less    Op = "less"    // a b -> Bool, a < b
	Where   Op = "where"   // Bool a b -> a where it is true, else b

	Exp      Op = "exp"
	Log      Op = "log"
	Sqrt     Op = "sqrt"
	Abs      Op = "abs"
	Tanh     Op = "tanh"
	Round    Op = "round" // to the nearest whole number
	Softplus Op = "softplus"
	ELU      Op = "elu"   // a>0 ? a : exp(a)-1
	Clamp    Op = "clamp" // a low high, the limits scalars
	Cast     Op = "cast"  // to the element type of the result

	Linear Op = "linear" // x [B,n], w [m,n], b [m] -> x·wᵀ+b [B,m]

	// Along the last dimension.
	Sum     Op = "sum"   // [B,n] -> [B]
	Count   Op = "count" // Bool [B,n,k] -> Int64 [B,n,1], how many are true
	Softmax Op = "softmax"
	CumSum  Op = "cumsum"
	Concat  Op = "concat"  // any number of arguments
	Slice   Op = "slice"   // Ints: first, end
	Select  Op = "select"  // x, constant Int64 [m] -> those columns of x
	Gather  Op = "gather"  // [B,n,k], Int64 [B,n,1] -> [B,n,1]
	Reshape Op = "reshape" // Ints: the shape, whose first is -1
)

// DType is the type of an array's elements.
type DType int

// The element types.
const (
	Float32 DType = iota
	Float64
	Int64
	Bool
)

// String returns the name that NumPy and PyTorch have for it.
func (d DType) String() string { return [...]string{"float32", "float64", "int64", "bool"}[d] }
