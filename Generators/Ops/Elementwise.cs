using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>
/// Ops whose result at a place depends on the operands at that place alone: a scalar expression and a gradient rule each. In the rules
/// x and z are the operands, y the result and ct its cotangent; which of them a rule names decides what a training step keeps.
/// </summary>
public static class Elementwise
{
    // name                                    y                                      cotangent of x
    public static readonly Op Negate   = Unary("negate",   Function.Negate, (x, y, ct) => -ct,                               Domain.Any,      "Neg");
    public static readonly Op Exp      = Unary("exp",      Function.Exp,    (x, y, ct) => ct * y,                            Domain.Any,      "Exp");
    public static readonly Op Log      = Unary("log",      Function.Log,    (x, y, ct) => ct / x,                            Domain.Positive, "Log");
    public static readonly Op Sqrt     = Unary("sqrt",     Function.Sqrt,   (x, y, ct) => ct * 0.5 / y,                      Domain.Positive, "Sqrt");
    public static readonly Op Abs      = Unary("abs",      Function.Abs,    (x, y, ct) => ct * Sign(x),                      new(-2, 2, 0),   "Abs");
    public static readonly Op Tanh     = Unary("tanh",     Function.Tanh,   (x, y, ct) => ct * (1 - y * y),                  Domain.Any,      "Tanh");
    public static readonly Op Sin      = Unary("sin",      Function.Sin,    (x, y, ct) => ct * x.Builder.Apply(Cos!, x),     Domain.Any,      "Sin");
    public static readonly Op Cos      = Unary("cos",      Function.Cos,    (x, y, ct) => -(ct * x.Builder.Apply(Sin, x)),   Domain.Any,      "Cos");

    public static readonly Op Relu     = Unary("relu",     x => Max(x, Number(0)),                                           (x, y, ct) => Where(y > 0, ct, ct.Builder.Literal(0)), new(-2, 2, 0), "Relu");
    public static readonly Op Sigmoid  = Unary("sigmoid",  x => Call(Function.Divide, Number(1), Sum(Number(1), Call(Function.Exp, Call(Function.Negate, x)))), (x, y, ct) => ct * (y * (1 - y)), Domain.Any, "Sigmoid");

    /// <summary>log(1 + e^x) = max(x, 0) + log(1 + e^-|x|), which does not overflow.</summary>
    public static readonly Op Softplus = Unary("softplus",
        x => Sum(Max(x, Number(0)), Call(Function.Log, Sum(Number(1), Call(Function.Exp, Call(Function.Negate, Call(Function.Abs, x)))))),
        (x, y, ct) => ct * x.Builder.Apply(Sigmoid, x), Domain.Any, "Softplus");

    /// <summary>1 where x is positive, else 0. Nothing flows through it, which the compiler says.</summary>
    public static readonly Op Step = Real("step", 1, x => Select(Call(Function.Less, Number(0), x[0]), Number(1), Number(0)),
        _ => [null], new(-2, 2, 0), "") with
    { DropsGradient = true };

    /// <summary>The same value, through which no gradient flows.</summary>
    public static readonly Op StopGradient = Real("stop_gradient", 1, x => x[0], _ => [null], Domain.Any, "Identity");

    public static readonly Op Add      = Binary("add",      Function.Add,      (x, z, y, ct) => (ct, ct),                                Domain.Any, "Add");
    public static readonly Op Subtract = Binary("subtract", Function.Subtract, (x, z, y, ct) => (ct, -ct),                               Domain.Any, "Sub");
    public static readonly Op Multiply = Binary("multiply", Function.Multiply, (x, z, y, ct) => (ct * z, ct * x),                        Domain.Any, "Mul");
    public static readonly Op Divide   = Binary("divide",   Function.Divide,   (x, z, y, ct) => (ct / z, -(ct * y / z)),                 Domain.Positive, "Div");
    public static readonly Op Maximum  = Binary("maximum",  Function.Max,      (x, z, y, ct) => Split(x < z, ct),                        Domain.Any, "Max");
    public static readonly Op Minimum  = Binary("minimum",  Function.Min,      (x, z, y, ct) => Split(z < x, ct),                        Domain.Any, "Min");

    /// <summary>x^z. The exponent's cotangent is ct y log x, taken as 0 where x is not positive (0^z does not depend on z > 0).</summary>
    public static readonly Op Power    = Binary("power",    Function.Power,    (x, z, y, ct) =>
        (ct * z * x.Builder.Apply(Power!, x, z - 1), ct * y * x.Builder.Apply(Log, Where(x > 0, x, x.Builder.Literal(1)))), Domain.Positive, "Pow");

    public static readonly Op Less        = Compare("less", Function.Less, "Less");
    public static readonly Op LessOrEqual = Compare("less_or_equal", Function.LessOrEqual, "LessOrEqual");
    public static readonly Op Equal       = Compare("equal", Function.Equal, "Equal");
    public static readonly Op And         = Logic("and", 2, Function.And, "And");
    public static readonly Op Or          = Logic("or", 2, Function.Or, "Or");
    public static readonly Op Not         = Logic("not", 1, Function.Not, "Not");

    /// <summary>An integer or a truth value as a real number.</summary>
    public static readonly Op AsReal = new("as_real", OpKind.Elementwise,
        (inputs, _) => inputs[0].Type == DType.F32 ? new Fault("NNG1013", $"as_real needs integers or comparisons, got {inputs[0]}")
            : inputs[0] with { Type = DType.F32 },
        (_, at, x) => Call(Function.Real, x(0, at)), _ => [null], Domain.Any, "Cast");

    /// <summary>Per element the second operand where the first is true, else the third.</summary>
    public static readonly Op Select3 = new("where", OpKind.Elementwise,
        (inputs, _) => inputs[0].Type != DType.Bool ? new Fault("NNG1013", "Where needs a comparison as its first operand")
            : inputs[1].Type != inputs[2].Type ? new Fault("NNG1013", $"Where cannot choose between {inputs[1]} and {inputs[2]}")
            : Alike("Where", inputs, inputs[1]),
        (_, at, x) => Select(x(0, at), x(1, at), x(2, at)),
        p => [null, Where(p.X[0], p.Ct, p.Ct.Builder.Literal(0)), Where(p.X[0], p.Ct.Builder.Literal(0), p.Ct)],
        Domain.Any, "Where");

    /// <summary>-1, 0 or 1.</summary>
    private static Value Sign(Value x) => Where(x > 0, x.Builder.Literal(1), Where(x < 0, x.Builder.Literal(-1), x.Builder.Literal(0)));

    public static Value Where(Value mask, Value x, Value z) => mask.Builder.Apply(Select3, mask, x, z);

    // A tie goes to the first operand whole: a subgradient, and one that random tests cannot meet.
    private static (Value, Value) Split(Value second, Value ct) =>
        (Where(second, ct.Builder.Literal(0), ct), Where(second, ct, ct.Builder.Literal(0)));

    private static Op Unary(string name, Function function, Func<Value, Value, Value, Value> vjp, Domain domain, string onnx = "") =>
        Unary(name, x => Call(function, x), vjp, domain, onnx);

    private static Op Unary(string name, Func<Scalar, Scalar> define, Func<Value, Value, Value, Value> vjp, Domain domain, string onnx = "") =>
        Real(name, 1, x => define(x[0]), p => [vjp(p.X[0], p.Y, p.Ct)], domain, onnx);

    private static Op Binary(string name, Function function, Func<Value, Value, Value, Value, (Value, Value)> vjp, Domain domain, string onnx) =>
        Real(name, 2, x => Call(function, x), p => vjp(p.X[0], p.X[1], p.Y, p.Ct) is var (x, z) ? [x, z] : [], domain, onnx);

    private static Op Real(string name, int operands, Func<Scalar[], Scalar> define, Vjp vjp, Domain domain, string onnx) => new(
        name, OpKind.Elementwise,
        (inputs, _) => Demands.Real(name, inputs) is { } fault ? fault : Alike(name, inputs, inputs[0]),
        (_, at, operand) => define([.. Enumerable.Range(0, operands).Select(k => operand(k, at))]), vjp, domain, onnx);

    private static Op Compare(string name, Function function, string onnx) => new(
        name, OpKind.Elementwise,
        (inputs, _) => inputs[0].Type != inputs[1].Type || inputs[0].Type == DType.Bool
            ? new Fault("NNG1013", $"{name} compares numbers of one type, got {inputs[0]} and {inputs[1]}")
            : Alike(name, inputs, inputs[0] with { Type = DType.Bool }),
        (_, at, x) => Call(function, x(0, at), x(1, at)), _ => [null, null], Domain.Any, onnx);

    private static Op Logic(string name, int operands, Function function, string onnx) => new(
        name, OpKind.Elementwise,
        (inputs, _) => inputs.Any(i => i.Type != DType.Bool) ? new Fault("NNG1013", $"{name} needs comparisons") : Alike(name, inputs, inputs[0]),
        (_, at, x) => Call(function, [.. Enumerable.Range(0, operands).Select(k => x(k, at))]), _ => new Value?[operands], Domain.Any, onnx);

    private static Shaped Alike(string name, EquatableArray<TensorType> inputs, TensorType result) => Demands.Alike(name, inputs) is { } fault ? fault : result;

    internal static Scalar Number(double value) => new Scalar.Literal(value);

    internal static Scalar Call(Function function, params Scalar[] arguments) => new Scalar.Apply(function, arguments);

    internal static Scalar Sum(Scalar x, Scalar y) => Call(Function.Add, x, y);

    internal static Scalar Max(Scalar x, Scalar y) => Call(Function.Max, x, y);

    internal static Scalar Select(Scalar mask, Scalar x, Scalar y) => Call(Function.Select, mask, x, y);
}
