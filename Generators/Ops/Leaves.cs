using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>Where values come from. Inputs, targets, parameters and buffers are named by their attribute's text and typed by whoever makes them.</summary>
public static class Leaves
{
    public static readonly Op Input     = Stored("input");
    public static readonly Op Target    = Stored("target");
    public static readonly Op Parameter = Stored("parameter");
    public static readonly Op Buffer    = Stored("buffer");

    /// <summary>One number, shared by the batch.</summary>
    public static readonly Op Literal = Make("literal",
        a => Demands.Count("literal", a, 0, 1) is { } fault ? fault : TensorType.Real([], false), (a, _, _) => new Scalar.Literal(a.Attributes.Reals[0]), "Constant");

    /// <summary>An array of numbers: sizes, and values row by row. It is stored, so its definition is never expanded.</summary>
    public static readonly Op Constant = Make("constant", a =>
        a.Integers.Any(size => size < 1) || a.Integers.Aggregate(1L, (product, size) => product * size) != a.Reals.Count
            ? new Fault("NNG1006", $"a constant of sizes {a.Integers} needs a value for each element, got {a.Reals.Count}")
            : TensorType.Real(a.Integers, false), NotExpanded, "Constant");

    /// <summary>Positions: rank, sizes, strides; the element at i is the sum of i times strides.</summary>
    public static readonly Op Iota = Make("iota", a =>
        (Demands.Count("iota", a, a.Integers is [>= 0 and var rank, ..] ? 1 + 2 * rank : 1)
            ?? Demands.Positive("iota", "sizes", a.Integers.Skip(1).Take(a.Integers[0]).ToEquatableArray())) is { } fault
            ? fault : new TensorType(DType.I32, a.Integers.Skip(1).Take(a.Integers[0]).ToEquatableArray(), false),
        (a, at, _) => new Scalar.Position(at.At.Select((i, axis) => i * a[1 + a[0] + axis]).Aggregate(Subscript.Zero, (sum, i) => sum + i)), "Range");

    /// <summary>The number of samples in the batch.</summary>
    public static readonly Op BatchCount = Make("batch_count", _ => TensorType.Real([], false), (_, _, _) => new Scalar.Samples());

    /// <summary>Whether the program trains; each program puts its own constant here, and what the other mode needs falls away.</summary>
    public static readonly Op Training = Make("training", _ => new TensorType(DType.Bool, [], false), NotExpanded);

    /// <summary>A decided truth value.</summary>
    public static readonly Op Truth = Make("truth", a =>
        a.Integers is not [0 or 1] ? new Fault("NNG1010", $"truth is 0 or 1, got {a.Integers}") : new TensorType(DType.Bool, [], false), (a, _, _) => new Scalar.Literal(a[0]));

    /// <summary>Whether a leaf of that name is given from outside, and so typed by its maker.</summary>
    public static bool IsStored(string op) => op == Input.Name || op == Target.Name || op == Parameter.Name || op == Buffer.Name;

    private static Op Stored(string name) =>
        new(name, OpKind.Leaf, (_, _) => throw new InvalidOperationException($"{name} is typed by its maker"), NotExpanded, _ => [], Domain.Any);

    private static Op Make(string name, Func<Attributes, Shaped> type, Definition define, string onnx = "") =>
        new(name, OpKind.Leaf, (_, attributes) => type(attributes), define, _ => [], Domain.Any, onnx);

    private static Scalar NotExpanded(Application application, Point at, Operand operand) =>
        throw new InvalidOperationException("a stored value is loaded, not computed");
}
