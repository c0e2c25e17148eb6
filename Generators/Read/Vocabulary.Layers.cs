using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;

namespace NNGen.Generators.Read;

/// <summary>Layers that own nothing.</summary>
internal static partial class Vocabulary
{
    private static VocabularyRow[] PureLayers =>
    [
        Pure("Relu",        Elementwise.Relu),
        Pure("Tanh",        Elementwise.Tanh),
        Pure("Sigmoid",     Elementwise.Sigmoid),
        Pure("Softplus",    Elementwise.Softplus),
        Pure("Exp",         Elementwise.Exp),
        Pure("Log",         Elementwise.Log),
        Pure("Sqrt",        Elementwise.Sqrt),
        Pure("Abs",         Elementwise.Abs),
        Pure("Sin",         Elementwise.Sin),
        Pure("Cos",         Elementwise.Cos),
        Pure("Step",        Elementwise.Step),
        Pure("Square",      Activations.Square),
        Pure("Elu",         x => Activations.Elu(x)),
        Pure("Selu",        Activations.Selu),
        Pure("Silu",        Activations.Silu),
        Pure("Gelu",        Activations.Gelu),
        Pure("HardSigmoid", Activations.HardSigmoid),
        Pure("HardSwish",   Activations.HardSwish),
        Pure("Flatten",     Shapes.Flatten),
        Pure("GlobalAveragePool", Pooling.GlobalAverage),

        Row("Layers.LeakyRelu(float)",     call => Finite(call, 0, "slope") ?? Layer(x => Activations.LeakyRelu(x, call.Real(0)))),
        Row("Layers.Clamp(float, float)",  call => call.Real(0) <= call.Real(1) ? Layer(x => Activations.Clamp(x, call.Real(0), call.Real(1)))
            : call.Fault("NNG1010", 0, $"Clamp: the minimum {Number(call.Real(0))} must not exceed the maximum {Number(call.Real(1))}")),
        Row("Layers.Power(float)",         call => Finite(call, 0, "exponent") ?? Layer(x => Activations.Power(x, call.Real(0)))),
        Row("Layers.Softmax(int)",         call => Layer(x => Activations.Softmax(x, Axis(x, call.Int(0))))),
        Row("Layers.LogSoftmax(int)",      call => Layer(x => Activations.LogSoftmax(x, Axis(x, call.Int(0))))),
        Row("Layers.MaxPool(int, int, int)", call => CheckPool(call) ?? Layer(x => Pooling.Max(x, call.Int(0), Stride(call), call.Int(2)))),
        Row("Layers.AveragePool(int, int, int, bool)", call => CheckPool(call) ?? Layer(x => Pooling.Average(x, call.Int(0), Stride(call), call.Int(2), call.Flag(3)))),
        Row("Layers.Reshape(int[])",       call => CheckReshape(call) ?? Layer(x => Shapes.Reshape(x, Completed(x, call.Ints(0))))),
        Row("Layers.Transpose(int[])",     call => Layer(x => Shapes.Transpose(x, call.Ints(0)))),
        Row("Layers.Slice(int, int, int, int)", call => AtLeast(call, 1, int.MaxValue, (2, "length"), (3, "step")) ?? AtLeast(call, 0, int.MaxValue, (1, "start"))
            ?? Layer(x => Shapes.Slice(x, Axis(x, call.Int(0)), call.Int(1), call.Int(2), call.Int(3)))),
        Row("Layers.Pad(int, int, int, int, PadMode)", call => Layer(x => call.Int(4) switch
        {
            1 => Shapes.PadReflect(x, call.Int(0), call.Int(1), call.Int(2), call.Int(3)),
            2 => Shapes.PadReplicate(x, call.Int(0), call.Int(1), call.Int(2), call.Int(3)),
            _ => Shapes.PadZero(x, call.Int(0), call.Int(1), call.Int(2), call.Int(3)),
        })),
        Row("Layers.Flip(int)",            call => Layer(x => Shapes.Flip(x, Axis(x, call.Int(0))))),
        Row("Layers.Upsample(int)",        call => AtLeast(call, 1, Limit, (0, "factor")) ?? Layer(x => Shapes.UpsampleNearest(x, call.Int(0)))),
        Row("Layers.PixelShuffle(int)",    call => AtLeast(call, 1, Limit, (0, "factor")) ?? Layer(x => Shapes.PixelShuffle(x, call.Int(0)))),
        Row("LayerOperators.op_RightShift(Layer, Layer)", call => call.Evaluator.Compose(call)),
    ];

    private static VocabularyRow Pure(string name, Op op) => Pure(name, x => x.Builder.Apply(op, x));

    private static VocabularyRow Pure(string name, Func<Value, Value> apply) => Row("Layers." + name, _ => Layer(apply));

    private static Function Layer(Func<Value, Value> apply) => new Function.Pure(apply);

    private static int Stride(VocabularyCall call) => call.Int(1) == 0 ? call.Int(0) : call.Int(1);

    private static object? CheckPool(VocabularyCall call) =>
        AtLeast(call, 1, Limit, (0, "kernel")) ?? AtLeast(call, 0, Limit, (1, "stride"), (2, "padding"))
        ?? (2 * call.Int(2) <= call.Int(0) ? null
            : call.Fault("NNG1010", 2, $"{call.Name}: padding {call.Int(2)} must be at most half the kernel, {call.Int(0) / 2}, or windows would hold nothing"));

    private static object? CheckReshape(VocabularyCall call) =>
        call.Ints(0).Count(size => size == -1) > 1 ? call.Fault("NNG1006", 0, "Reshape: only one size may be -1") : null;

    /// <summary>-1 stands for the size that is left over.</summary>
    private static int[] Completed(Value x, int[] sizes)
    {
        var others = sizes.Where(size => size != -1).Aggregate(1L, (product, size) => product * Math.Max(size, 1));
        return [.. sizes.Select(size => size == -1 ? (int)Math.Max(1, Math.Min(x.Type.Elements / Math.Max(others, 1), int.MaxValue)) : size)];
    }

    /// <summary>An axis counted from the end where it is negative.</summary>
    private static int Axis(Value x, int axis) => axis < 0 ? axis + x.Type.Rank : axis;
}
