namespace NNGen.Generators.Ops;

/// <summary>The table of primitives, by name. It is closed under Vjp: every rule is written in its own ops.</summary>
public static class Primitives
{
    public static readonly IReadOnlyList<Op> All =
    [
        Leaves.Input, Leaves.Target, Leaves.Parameter, Leaves.Buffer, Leaves.Literal, Leaves.Constant, Leaves.Iota, Leaves.BatchCount, Leaves.Training, Leaves.Truth,
        Elementwise.Negate, Elementwise.Exp, Elementwise.Log, Elementwise.Sqrt, Elementwise.Abs, Elementwise.Tanh, Elementwise.Sin, Elementwise.Cos,
        Elementwise.Relu, Elementwise.Sigmoid, Elementwise.Softplus, Elementwise.Step, Elementwise.StopGradient,
        Elementwise.Add, Elementwise.Subtract, Elementwise.Multiply, Elementwise.Divide, Elementwise.Maximum, Elementwise.Minimum, Elementwise.Power,
        Elementwise.Less, Elementwise.LessOrEqual, Elementwise.Equal, Elementwise.And, Elementwise.Or, Elementwise.Not, Elementwise.AsReal, Elementwise.Select3,
        Contractions.Contract, Convolutions.Convolution, Convolutions.ConvolutionTransposed, Convolutions.ConvolutionWeights,
        Reductions.Sum, Reductions.Max, Reductions.ArgMax, Reductions.BatchSum, Windows.Unfold, Windows.Fold,
        Movements.Reshape, Movements.Transpose, Movements.Broadcast, Movements.Slice, Movements.Place, Movements.Reverse, Movements.Concat,
    ];

    private static readonly Dictionary<string, Op> Rows = All.ToDictionary(op => op.Name);

    public static Op Row(string name) => Rows[name];

    public static bool Has(string name) => Rows.ContainsKey(name);
}
