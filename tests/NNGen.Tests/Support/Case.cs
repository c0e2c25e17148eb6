using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Tests.Support;

/// <summary>An array of known type, sample after sample and row by row.</summary>
internal sealed record Dense(TensorType Type, double[] Values)
{
    public double this[int sample, params int[] at] => Values[Offset(sample, at)];

    /// <summary>The element after broadcasting to more axes, aligned at the last one.</summary>
    public double Stretched(int sample, int[] at) => this[sample, [.. Type.Sizes.Select((size, axis) => size == 1 ? 0 : at[at.Length - Type.Rank + axis])]];

    public int Samples(int ofBatch) => Type.Batched ? ofBatch : 1;

    public static double[] Fill(TensorType type, int samples, Func<int, int[], double> element) =>
        [.. Enumerable.Range(0, type.Batched ? samples : 1).SelectMany(sample => Points(type.Sizes).Select(at => element(sample, at)))];

    /// <summary>All positions, row by row.</summary>
    public static IEnumerable<int[]> Points(IEnumerable<int> sizes) => sizes.Aggregate(
        (IEnumerable<int[]>)[[]], (points, size) => points.SelectMany(point => Enumerable.Range(0, size).Select(i => (int[])[.. point, i])));

    int Offset(int sample, int[] at)
    {
        Assert.Equal(Type.Rank, at.Length);
        var offset = Type.Batched ? sample : 0;
        for (var axis = 0; axis < at.Length; axis++)
            offset = at[axis] >= 0 && at[axis] < Type.Sizes[axis] ? offset * Type.Sizes[axis] + at[axis] : throw new IndexOutOfRangeException($"{at[axis]} on axis {axis} of {Type}");
        return offset;
    }
}

/// <summary>A leaf and its values.</summary>
internal sealed record Given(string Name, Op Leaf, TensorType Type, double[] Values)
{
    public bool IsReal => Type.Type == DType.F32;

    public Dense Dense => new(Type, Values);
}

/// <summary>A graph function at one place: its operands with their values, and what it should give, from an independent formula.</summary>
/// <param name="Text">What failed, for messages.</param>
/// <param name="Samples">Samples in the batch.</param>
/// <param name="Apply">The function, from the operands' leaves.</param>
/// <param name="Expected">The result's element at a sample and a position.</param>
internal sealed record Case(string Text, int Samples, IReadOnlyList<Given> Operands, Func<GraphBuilder, Value[], Value> Apply, Func<Dense[], int, int[], double> Expected)
{
    /// <summary>The operands in each of which, the others fixed, the result is affine.</summary>
    public IReadOnlyList<int> Affine { get; init; } = [];

    /// <summary>Operands whose gradient is zero by decree, whatever differences say.</summary>
    public IReadOnlyList<int> Stopped { get; init; } = [];

    /// <summary>What the gradient treats as constant is a first derivative, so a second one means nothing.</summary>
    public bool Once { get; init; }

    /// <summary>Whether the program trains.</summary>
    public bool Training { get; init; } = true;

    /// <summary>The row that is tried, and its attributes: for the tests of its shape rule.</summary>
    public (Op Op, Attributes Attributes)? Row { get; init; }

    public override string ToString() => $"{Text} of {string.Join(", ", Operands.Select(o => o.Type))}, {Samples} samples";

    /// <summary>One application of a row.</summary>
    public static Case Of(Op op, Attributes attributes, int samples, IReadOnlyList<Given> operands, Func<Dense[], int, int[], double> expected) =>
        new($"{op.Name}({string.Join(" ", attributes.Integers)}{(attributes.Text.Length > 0 ? " " + attributes.Text : "")})", samples, operands,
            (builder, x) => builder.Apply(op, attributes, x), expected)
        { Row = (op, attributes) };
}

/// <summary>A case's graph: its leaves, its result, a cotangent and the operands' cotangents.</summary>
internal sealed class Built
{
    public GraphBuilder Builder { get; } = new();

    public Case Case { get; }

    public Value[] X { get; }

    public Value Y { get; }

    public Value Ct { get; }

    /// <summary>By operand; null where nothing flows to it.</summary>
    public IReadOnlyList<Value?> Gradients { get; } = [];

    public Built(Case @case)
    {
        Case = @case;
        X = [.. @case.Operands.Select(o => Builder.Leaf(o.Leaf, o.Name, o.Type))];
        Y = @case.Apply(Builder, X);
        Assert.True(!Y.IsUnknown, $"{@case} is faulty: {string.Join("; ", Builder.Faults)}");
        if (Y.Type.Type == DType.F32)
        {
            Ct = Builder.Leaf(Leaves.Target, "ct", Y.Type);
            Gradients = ReverseMode.Pull(Builder, [(Y, Ct)], X);
        }
        Assert.Empty(TypeChecker.Check(Builder.Build()));
    }

    /// <summary>The operands' values by name, fresh arrays.</summary>
    public Dictionary<string, double[]> Given => Case.Operands.ToDictionary(o => o.Name, o => (double[])[.. o.Values]);
}
