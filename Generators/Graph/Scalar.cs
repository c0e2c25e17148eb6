using NNGen.Generators.Support;

namespace NNGen.Generators.Graph;

/// <summary>The scalar functions that every target can print.</summary>
public enum Function
{
    Negate, Exp, Log, Sqrt, Abs, Tanh, Sin, Cos, Not, Real,
    Add, Subtract, Multiply, Divide, Power, Max, Min, Less, LessOrEqual, Equal, And, Or,
    Select,
}

/// <summary>How the values of a reduction combine. `ArgMax` gives the position of the first largest value, counted row by row.</summary>
public enum Reducer { Sum, Max, ArgMax }

/// <summary>A test on positions, which guards a load that may lie outside.</summary>
public abstract record Condition
{
    private Condition() { }

    /// <summary>0 &lt;= At &lt; Size.</summary>
    public sealed record InRange(Subscript At, int Size) : Condition;

    /// <summary>Divisor divides At.</summary>
    public sealed record Divisible(Subscript At, int Divisor) : Condition;

    /// <summary>Whether it holds everywhere or nowhere, if bounds can tell.</summary>
    public bool? Decided => this switch
    {
        InRange(var at, var size) => at.IsWithin(size) ? true : at.Bounds is var (low, high) && (high < 0 || low >= size) ? false : null,
        Divisible(var at, var divisor) => at % divisor is { Terms.Count: 0 } remainder ? remainder.Constant == 0 : null,
        _ => throw new InvalidOperationException(),
    };

    /// <summary>The axes that the test depends on.</summary>
    public IEnumerable<Axis> Axes => this switch
    {
        InRange(var at, _) => at.Axes,
        Divisible(var at, _) => at.Axes,
        _ => throw new InvalidOperationException(),
    };
}

/// <summary>
/// One element's value as an expression over loop axes: the language of loop nests, the same for CPU, GPU and the interpreter of the tests.
/// Expressions are shared (a directed acyclic graph): cases are compared by reference, and an emitter names what occurs twice.
/// </summary>
public abstract class Scalar
{
    private Scalar() { }

    public sealed class Literal(double value) : Scalar
    {
        public double Value { get; } = value;
    }

    /// <summary>A position as a number.</summary>
    public sealed class Position(Subscript at) : Scalar
    {
        public Subscript At { get; } = at;
    }

    /// <summary>The element of a stored value at a point.</summary>
    public sealed class Load(int node, Point at) : Scalar
    {
        public int Node { get; } = node;

        public Point At { get; } = at;
    }

    /// <summary>The number of samples in the batch.</summary>
    public sealed class Samples : Scalar;

    public sealed class Apply(Function function, params Scalar[] arguments) : Scalar
    {
        public Function Function { get; } = function;

        public IReadOnlyList<Scalar> Arguments { get; } = arguments;
    }

    /// <summary>Inside where all conditions hold, else Outside. Inside is evaluated only where they hold.</summary>
    public sealed class Guard(EquatableArray<Condition> conditions, Scalar inside, Scalar outside) : Scalar
    {
        public EquatableArray<Condition> Conditions { get; } = conditions;

        public Scalar Inside { get; } = inside;

        public Scalar Outside { get; } = outside;
    }

    /// <summary>The body combined over all values of the axes, the last axis fastest.</summary>
    public sealed class Reduce(Reducer reducer, EquatableArray<Axis> axes, Scalar body) : Scalar
    {
        public Reducer Reducer { get; } = reducer;

        public EquatableArray<Axis> Axes { get; } = axes;

        public Scalar Body { get; } = body;
    }
}

/// <summary>Where an element stands: its sample (null for a value that the batch shares) and its position within the sample.</summary>
public sealed record Point(Subscript? Sample, EquatableArray<Subscript> At)
{
    public Subscript this[int axis] => At[axis];
}
