using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;

namespace NNGen.Generators.Read;

/// <summary>Functions of tensors, the operators, and the sizes that functions may ask for.</summary>
internal static partial class Vocabulary
{
    private static VocabularyRow[] TensorFunctions =>
    [
        Row("Layers.Constant(float[], int[])", Constant),
        Row("Layers.Softmax(Tensor)",       call => Activations.Softmax(call.Tensor(0), 0)),
        Row("Layers.LogSoftmax(Tensor)",    call => Activations.LogSoftmax(call.Tensor(0), 0)),
        Row("Layers.Concat(Tensor[])",      call => Concat(call, 0, call.Tensors(0))),
        Row("Layers.ConcatAlong(int, Tensor[])", call => Concat(call, call.Int(0), call.Tensors(1))),
        Row("Layers.MatMul(Tensor, Tensor)", call => MatMul(call, call.Tensor(0), call.Tensor(1))),
        Row("Layers.Pow(Tensor, Tensor)",   call => call.Graph.Apply(Elementwise.Power, call.Tensor(0), call.Tensor(1))),
        Row("Layers.Pow(Tensor, float)",    call => Finite(call, 1, "exponent") ?? Activations.Power(call.Tensor(0), call.Real(1))),
        Row("Layers.Where(Mask, Tensor, Tensor)", Where),
        Row("Layers.Where(Mask, Tensor, float)",  Where),
        Row("Layers.Where(Mask, float, Tensor)",  Where),
        Row("Layers.Where(Mask, float, float)",   Where),
        Row("Layers.StopGradient(Tensor)",  call => call.Graph.Apply(Elementwise.StopGradient, call.Tensor(0))),
        Row("Layers.Max(Tensor, Tensor)",   call => call.Graph.Apply(Elementwise.Maximum, call.Tensor(0), call.Operand(1))),
        Row("Layers.Max(Tensor, float)",    call => call.Graph.Apply(Elementwise.Maximum, call.Tensor(0), call.Operand(1))),
        Row("Layers.Min(Tensor, Tensor)",   call => call.Graph.Apply(Elementwise.Minimum, call.Tensor(0), call.Operand(1))),
        Row("Layers.Min(Tensor, float)",    call => call.Graph.Apply(Elementwise.Minimum, call.Tensor(0), call.Operand(1))),
        Row("Layers.Sum(Tensor)",           call => Statistics.Sum(call.Tensor(0), Statistics.AllAxes(call.Tensor(0)))),
        Row("Layers.Mean(Tensor)",          call => Statistics.Mean(call.Tensor(0), Statistics.AllAxes(call.Tensor(0)))),
        Row("Layers.Max(Tensor)",           call => Statistics.Max(call.Tensor(0), Statistics.AllAxes(call.Tensor(0)))),
        Row("Layers.Min(Tensor)",           call => Statistics.Min(call.Tensor(0), Statistics.AllAxes(call.Tensor(0)))),
        Row("Layers.Sum(Tensor, int[])",    call => Over(call, 1, Statistics.Sum)),
        Row("Layers.Mean(Tensor, int[])",   call => Over(call, 1, Statistics.Mean)),
        Row("Layers.Max(Tensor, int[])",    call => Over(call, 1, Statistics.Max)),
        Row("Layers.Min(Tensor, int[])",    call => Over(call, 1, Statistics.Min)),
        Row("Layers.Variance(Tensor, bool, int[])", call => Over(call, 2, (x, axes) => Statistics.Variance(x, call.Flag(1), axes.Length == 0 ? Statistics.AllAxes(x) : axes))),
        Row("Layers.BatchSum(Tensor)",      call => Statistics.BatchSum(call.Tensor(0))),
        Row("Layers.BatchSum(Scalar)",      call => Statistics.BatchSum(call.Tensor(0))),
        Row("Layers.BatchMean(Tensor)",     call => Statistics.BatchMean(call.Tensor(0))),
        Row("Layers.BatchMean(Scalar)",     call => Statistics.BatchMean(call.Tensor(0))),
        Row("Layers.BatchCount()",          call => call.Graph.Apply(Leaves.BatchCount)),
    ];

    private static VocabularyRow[] LossFunctions =>
    [
        Row("Layers.CrossEntropy(Tensor, Labels, Reduction)",          call => Classes(call) ?? (object)Losses.CrossEntropy(call.Tensor(0), call.Labels(1).Value, IsSum(call, 2))),
        Row("Layers.NegativeLogLikelihood(Tensor, Labels, Reduction)", call => Classes(call) ?? (object)Losses.NegativeLogLikelihood(call.Tensor(0), call.Labels(1).Value, IsSum(call, 2))),
        Row("Layers.FractionCorrect(Tensor, Labels)",                  call => Classes(call) ?? (object)Losses.FractionCorrect(call.Tensor(0), call.Labels(1).Value)),
        Row("Layers.OneHot(Labels)",                                   call => Losses.OneHot(call.Labels(0).Value, call.Labels(0).Classes)),
        Row("Layers.MeanSquaredError(Tensor, Tensor, Reduction)",      call => Losses.MeanSquaredError(call.Tensor(0), call.Tensor(1), IsSum(call, 2))),
        Row("Layers.MeanAbsoluteError(Tensor, Tensor, Reduction)",     call => Losses.MeanAbsoluteError(call.Tensor(0), call.Tensor(1), IsSum(call, 2))),
        Row("Layers.SmoothL1(Tensor, Tensor, float, Reduction)",       call => call.Real(2) is > 0 and < double.PositiveInfinity
            ? Losses.SmoothL1(call.Tensor(0), call.Tensor(1), call.Real(2), IsSum(call, 3))
            : call.Fault("NNG1010", 2, $"SmoothL1: beta must be positive and finite, got {Number(call.Real(2))}")),
        Row("Layers.BinaryCrossEntropy(Tensor, Tensor, Reduction)",    call => Losses.BinaryCrossEntropy(call.Tensor(0), call.Tensor(1), IsSum(call, 2))),
        Row("Layers.BinaryCrossEntropyOfProbabilities(Tensor, Tensor, Reduction)", call => Losses.BinaryCrossEntropyOfProbabilities(call.Tensor(0), call.Tensor(1), IsSum(call, 2))),
    ];

    private static VocabularyRow[] Operators =>
    [
        Row("Tensor.op_BitwiseOr(Tensor, Layer)", call => call.Evaluator.Apply(call.Layer(1), [call.Tensor(0)], call.Operation, call.Operation)),
        .. Arithmetic2("Addition",    (a, b) => a + b),
        .. Arithmetic2("Subtraction", (a, b) => a - b),
        .. Arithmetic2("Multiply",    (a, b) => a * b),
        .. Arithmetic2("Division",    (a, b) => a / b),
        Row("Tensor.op_UnaryNegation(Tensor)", call => -call.Tensor(0)),
        Row("Scalar.op_UnaryNegation(Scalar)", call => -call.Tensor(0)),
        .. Comparison("LessThan",           (a, b) => a < b),
        .. Comparison("GreaterThan",        (a, b) => a > b),
        .. Comparison("LessThanOrEqual",    (a, b) => a.Builder.Apply(Elementwise.LessOrEqual, a, b)),
        .. Comparison("GreaterThanOrEqual", (a, b) => a.Builder.Apply(Elementwise.LessOrEqual, b, a)),
        Row("Mask.op_BitwiseAnd(Mask, Mask)", call => call.Graph.Apply(Elementwise.And, call.Tensor(0), call.Tensor(1))),
        Row("Mask.op_BitwiseOr(Mask, Mask)",  call => call.Graph.Apply(Elementwise.Or, call.Tensor(0), call.Tensor(1))),
        Row("Mask.op_LogicalNot(Mask)",       call => call.Graph.Apply(Elementwise.Not, call.Tensor(0))),
    ];

    private static VocabularyRow[] Sizes =>
    [
        Row("Tensor.Rank",      call => call.Self.Type.Rank),
        Row("Tensor.Features",  call => Size(call, 0, "[features]", 1)),
        Row("Tensor.Channels",  call => Size(call, 0, "[channels, height, width] or [channels]", 1, 3)),
        Row("Tensor.Height",    call => Size(call, 1, "[channels, height, width]", 3)),
        Row("Tensor.Width",     call => Size(call, 2, "[channels, height, width]", 3)),
        Row("Tensor.Size(int)", call => Axis(call.Self, call.Int(0)) is var axis && axis >= 0 && axis < call.Self.Type.Rank ? call.Self.Type.Sizes[axis]
            : call.Fault("NNG1007", 0, $"Size({call.Int(0)}), but {call.Self.Type.Sizes} has the axes 0 to {call.Self.Type.Rank - 1}")),
    ];

    private static VocabularyRow[] Initializers =>
    [
        Row("Initializer.Zero",     _ => Zero),
        Row("Initializer.One",      _ => One),
        Row("Initializer.FanIn",    _ => FanIn),
        Row("Initializer.Kaiming",  _ => new InitializerSpec("Kaiming", 0)),
        Row("Initializer.Xavier",   _ => new InitializerSpec("Xavier", 0)),
        Row("Initializer.Constant(float)", call => Finite(call, 0, "the value") ?? new InitializerSpec("Constant", call.Real(0))),
        Row("Initializer.Uniform(float)",  call => Finite(call, 0, "the bound") ?? NotNegative(call, "bound") ?? new InitializerSpec("Uniform", call.Real(0))),
        Row("Initializer.Normal(float)",   call => Finite(call, 0, "the deviation") ?? NotNegative(call, "deviation") ?? new InitializerSpec("Normal", call.Real(0))),
    ];

    private static object? NotNegative(VocabularyCall call, string name) =>
        call.Real(0) >= 0 ? null : call.Fault("NNG1010", 0, $"{call.Name}: the {name} must not be negative, got {Number(call.Real(0))}");

    private static VocabularyRow[] Arithmetic2(string name, Func<Value, Value, Value> function) =>
    [
        .. new[] { "Tensor", "Scalar" }.SelectMany(type => new[] { $"{type}, {type}", $"{type}, float", $"float, {type}" }
            .Select(operands => Row($"{type}.op_{name}({operands})", call => function(call.Operand(0), call.Operand(1))))),
    ];

    private static VocabularyRow[] Comparison(string name, Func<Value, Value, Value> function) =>
    [
        .. new[] { "Tensor, Tensor", "Tensor, float", "float, Tensor" }
            .Select(operands => Row($"Tensor.op_{name}({operands})", call => function(call.Operand(0), call.Operand(1)))),
    ];

    private static object? Size(VocabularyCall call, int axis, string needs, params int[] ranks) =>
        ranks.Contains(call.Self.Type.Rank) ? call.Self.Type.Sizes[axis]
        : call.Fault("NNG1002", 0, $"{call.Name} needs {needs}, got {call.Self.Type.Sizes}; ask for Size(axis)");

    private static object? Where(VocabularyCall call) => Elementwise.Where(call.Tensor(0), call.Operand(1), call.Operand(2));

    private static object? Concat(VocabularyCall call, int axis, Value[] parts) =>
        parts.Length == 0 ? call.Fault("NNG1008", 0, $"{call.Name} needs at least one tensor") : Shapes.Concat(Axis(parts[0], axis), parts);

    private static Value Over(VocabularyCall call, int argument, Func<Value, int[], Value> reduce) =>
        reduce(call.Tensor(0), [.. call.Ints(argument).Select(axis => Axis(call.Tensor(0), axis))]);

    private static object? Constant(VocabularyCall call)
    {
        var values = ((Sequence)call[0]!).Items.Select(item => Arithmetic.Widen((float)item!)).ToArray();
        var sizes = call.Ints(1) is { Length: > 0 } given ? given : [values.Length];
        var elements = sizes.Aggregate(1L, (product, size) => product * Math.Max(size, 0));
        return values.Length == 0 ? call.Fault("NNG1006", 0, "Constant needs at least one value")
            : elements != values.Length ? call.Fault("NNG1006", 1, $"Constant of [{string.Join(", ", sizes)}] needs {elements} values, got {values.Length}")
            : call.Graph.Constant(values, sizes);
    }

    private static object? MatMul(VocabularyCall call, Value a, Value b) => (a.Type.Rank, b.Type.Rank) switch
    {
        (2, 2) => Contractions.Of("ik,kj->ij", a, b),
        (1, 2) => Contractions.Of("k,kj->j", a, b),
        (2, 1) => Contractions.Of("ik,k->i", a, b),
        (1, 1) => Contractions.Of("k,k->", a, b),
        _ => call.Graph.Faulty("NNG1002", $"MatMul needs matrices [M, K] and [K, N] (or a vector for one), got {a.Type.Sizes} and {b.Type.Sizes}; Reshape them"),
    };

    private static bool IsSum(VocabularyCall call, int argument) => call.Int(argument) == 1;

    private static object? Classes(VocabularyCall call) =>
        call.Tensor(0).Type is { Rank: > 0 } logits && logits.Sizes[0] != call.Labels(1).Classes
            ? call.Fault("NNG0011", 0, $"{call.Name}: the labels have [Classes({call.Labels(1).Classes})], and {logits.Sizes} has {logits.Sizes[0]} classes on its first axis; make them equal")
            : null;
}
