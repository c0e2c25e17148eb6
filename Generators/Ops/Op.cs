using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>What passes may know about an op besides its row's functions.</summary>
public enum OpKind
{
    /// <summary>No inputs: data, parameters, constants.</summary>
    Leaf,

    /// <summary>One element from the elements at the same place: fuses with everything.</summary>
    Elementwise,

    /// <summary>Sums of products: dense layers, convolutions and their adjoints.</summary>
    Contraction,

    /// <summary>Many elements become one.</summary>
    Reduction,

    /// <summary>Elements change their place, and none is computed.</summary>
    Movement,
}

/// <summary>The type of a result, or what is wrong with the inputs.</summary>
public readonly record struct Shaped(TensorType? Type, Fault? Fault)
{
    public static implicit operator Shaped(TensorType type) => new(type, null);

    public static implicit operator Shaped(Fault fault) => new(null, fault);
}

/// <summary>One op's application as its row sees it: what it is applied to, its constants and its result's type.</summary>
public sealed record Application(EquatableArray<TensorType> Inputs, Attributes Attributes, TensorType Type)
{
    public int this[int integer] => Attributes.Integers[integer];
}

/// <summary>The element of operand <paramref name="operand"/> at a point; a point without a sample reads the point of the result.</summary>
public delegate Scalar Operand(int operand, Point at);

/// <summary>One element of the result, at <paramref name="at"/>, from elements of the operands: the op's meaning.</summary>
public delegate Scalar Definition(Application application, Point at, Operand operand);

/// <summary>What a Vjp is handed: the operands x, the result y and the result's cotangent ct.</summary>
public sealed record Pullback(EquatableArray<Value> X, Value Y, Value Ct, Application Application);

/// <summary>
/// The vector-Jacobian product: the operands' cotangents from the result's, in graph values, so that it can be differentiated again. Null for an
/// operand that nothing flows to (a mask, a position).
/// </summary>
public delegate IReadOnlyList<Value?> Vjp(Pullback pullback);

/// <summary>Where random test values are drawn from: [Low, High], at least <paramref name="Margin"/> away from each kink.</summary>
public sealed record Domain(double Low, double High, params double[] Kinks)
{
    public static readonly Domain Any = new(-2, 2);

    public static readonly Domain Positive = new(0.3, 3);

    public double Margin => 1e-3;
}

/// <summary>One row of the table of primitives: all that the compiler knows about an op.</summary>
/// <param name="Name">The op's name in a graph.</param>
/// <param name="Kind">What passes may know.</param>
/// <param name="Shape">The result's type, or the fault.</param>
/// <param name="Define">One element of the result.</param>
/// <param name="Vjp">Its gradient rule. A row without one does not compile.</param>
/// <param name="Domain">Where its gradient can be tested.</param>
/// <param name="Onnx">The operator of ONNX that does the same, empty where there is none.</param>
public sealed record Op(
    string Name,
    OpKind Kind,
    Func<EquatableArray<TensorType>, Attributes, Shaped> Shape,
    Definition Define,
    Vjp Vjp,
    Domain Domain,
    string Onnx = "")
{
    /// <summary>Whether the definition reads an operand's element for more than one element of the result, so that what is expensive
    /// should be stored before. Elementwise ops and reductions read each once.</summary>
    public Func<Application, int, bool> ReadsAgain { get; init; } = Kind is OpKind.Contraction ? (_, _) => true : (_, _) => false;

    /// <summary>
    /// The attributes of the same op on operands with another number of channels (of places along their first axis), where it leaves channels apart: each of the result is made of that channel of the
    /// operands, of which they have as many. Null where channels meet or change places.
    /// </summary>
    public Func<Application, int, Attributes?> WithChannels { get; init; } = Kind is OpKind.Elementwise ? (a, _) => a.Attributes : (_, _) => null;

    /// <summary>Whether the result is only another view of its operand, worth storing nowhere: whoever reads it reads the operand.</summary>
    public bool IsView { get; init; }

    /// <summary>A gradient that is zero wherever it exists, and would be lost without a word (a step function).</summary>
    public bool DropsGradient { get; init; }
}
