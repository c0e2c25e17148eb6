using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops.Derived;

/// <summary>Derived ops are total as well: whatever a user writes is a value or one fault, and what is unknown stays unknown in silence.</summary>
public class DerivedFaultTests
{
    static readonly IReadOnlyDictionary<string, Func<Value, Value, Func<int>, Value>> Functions = new Dictionary<string, Func<Value, Value, Func<int>, Value>>
    {
        ["Square"]             = (x, _, _) => Activations.Square(x),
        ["LeakyRelu"]          = (x, _, _) => Activations.LeakyRelu(x, 0.1),
        ["PRelu"]              = (x, z, _) => Activations.PRelu(x, z),
        ["Elu"]                = (x, _, _) => Activations.Elu(x),
        ["Selu"]               = (x, _, _) => Activations.Selu(x),
        ["Silu"]               = (x, _, _) => Activations.Silu(x),
        ["Gelu"]               = (x, _, _) => Activations.Gelu(x),
        ["HardSwish"]          = (x, _, _) => Activations.HardSwish(x),
        ["Clamp"]              = (x, _, i) => Activations.Clamp(x, i(), i()),
        ["Power"]              = (x, _, i) => Activations.Power(x, i()),
        ["Softmax"]            = (x, _, i) => Activations.Softmax(x, i()),
        ["LogSoftmax"]         = (x, _, i) => Activations.LogSoftmax(x, i()),
        ["Dense"]              = (x, z, _) => Affine.Dense(x, z, z),
        ["Convolve"]           = (x, z, i) => Affine.Convolve(x, z, z, Window(i)),
        ["ConvolveTransposed"] = (x, z, i) => Affine.ConvolveTransposed(x, z, null, Window(i), i()),
        ["PerChannel"]         = (x, z, _) => Affine.PerChannel(x, z),
        ["MaxPool"]            = (x, _, i) => Pooling.Max(x, i(), i(), i()),
        ["AveragePool"]        = (x, _, i) => Pooling.Average(x, i(), i(), i(), false),
        ["GlobalAverage"]      = (x, _, _) => Pooling.GlobalAverage(x),
        ["Sum"]                = (x, _, i) => Statistics.Sum(x, i(), i()),
        ["Min"]                = (x, _, i) => Statistics.Min(x, i()),
        ["Mean"]               = (x, _, i) => Statistics.Mean(x, i()),
        ["Variance"]           = (x, _, i) => Statistics.Variance(x, true, i(), i()),
        ["BatchMean"]          = (x, _, _) => Statistics.BatchMean(x),
        ["BatchNorm"]          = (x, z, _) => Statistics.BatchNorm(x, z, z, z, z, 0.1, 1e-5).Y,
        ["CrossEntropy"]       = (x, z, _) => Losses.CrossEntropy(x, z, false),
        ["FractionCorrect"]    = (x, z, _) => Losses.FractionCorrect(x, z),
        ["MeanSquaredError"]   = (x, z, _) => Losses.MeanSquaredError(x, z, true),
        ["SmoothL1"]           = (x, z, i) => Losses.SmoothL1(x, z, i(), false),
        ["BinaryCrossEntropy"] = (x, z, _) => Losses.BinaryCrossEntropy(x, z, false),
        ["OfProbabilities"]    = (x, z, _) => Losses.BinaryCrossEntropyOfProbabilities(x, z, true),
        ["OneHot"]             = (_, z, i) => Losses.OneHot(z, i()),
        ["Reshape"]            = (x, _, i) => Shapes.Reshape(x, i(), i()),
        ["Flatten"]            = (x, _, _) => Shapes.Flatten(x),
        ["Transpose"]          = (x, _, i) => Shapes.Transpose(x, i(), i()),
        ["Concat"]             = (x, z, i) => Shapes.Concat(i(), x, z),
        ["Concat of one"]      = (x, _, i) => Shapes.Concat(i(), x),
        ["Flip"]               = (x, _, i) => Shapes.Flip(x, i()),
        ["Slice"]              = (x, _, i) => Shapes.Slice(x, i(), i(), i(), i()),
        ["PadZero"]            = (x, _, i) => Shapes.PadZero(x, i(), i(), i(), i()),
        ["PadReflect"]         = (x, _, i) => Shapes.PadReflect(x, i(), i(), i(), i()),
        ["PadReplicate"]       = (x, _, i) => Shapes.PadReplicate(x, i(), i(), i(), i()),
        ["Upsample"]           = (x, _, i) => Shapes.UpsampleNearest(x, i()),
        ["PixelShuffle"]       = (x, _, i) => Shapes.PixelShuffle(x, i()),
    };

    public static TheoryData<string> Names => [.. Functions.Keys];

    [Theory, MemberData(nameof(Names))]
    public void Function_OfHostileArguments_IsAValueOrOneFault(string name)
    {
        for (var number = 0; number < 400; number++)
        {
            var draw = new Draw("hostile " + name, number);
            // Mostly small arguments and once in a while one at the ends of its type.
            int Argument() => draw.Flip(0.9) ? draw.Int(-1, 3) : draw.Of(65536, int.MaxValue, int.MinValue, -7, 1 << 30);
            var builder = new GraphBuilder();
            var x = builder.Leaf(Leaves.Input, "x", draw.Type(draw.Sizes(draw.Flip() ? 3 : draw.Int(0, 5), 4)));
            var z = builder.Leaf(Leaves.Parameter, "z", draw.Type(draw.Sizes(draw.Int(0, 5), 4), false) with { Type = draw.Of(DType.F32, DType.F32, DType.I32) });
            var arguments = new List<int>();
            var y = Functions[name](x, z, () =>
            {
                arguments.Add(Argument());
                return arguments[^1];
            });
            var what = $"{name}({string.Join(", ", arguments)}) of {x.Type} and {z.Type}";
            Assert.True(builder.Faults.Count == (y.IsUnknown ? 1 : 0), $"{what}: {string.Join("; ", builder.Faults)}");
            Assert.True(TypeChecker.Check(builder.Build()) is [], what);
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void Function_OfSomethingUnknown_IsUnknownInSilence(string name)
    {
        var builder = new GraphBuilder();
        var known = builder.Leaf(Leaves.Input, "x", TensorType.Real([4, 4, 4], true));
        var labels = builder.Leaf(Leaves.Target, "z", new TensorType(DType.I32, [4, 4], true));
        foreach (var (x, z) in new[] { (builder.Unknown, builder.Unknown), (builder.Unknown, labels), (known, builder.Unknown) })
        {
            var y = Functions[name](x, z, () => 1);
            Assert.True(builder.Faults.Count == 0 || !x.IsUnknown, $"{name}: {builder.Faults.FirstOrDefault()}");
            if (x.IsUnknown && z.IsUnknown)
                Assert.True(y.IsUnknown);
        }
    }

    /// <summary>Faults that users meet.</summary>
    public static TheoryData<string, string> Faults => new()
    {
        { "NNG1002: Dense needs [.., features], got []; Reshape it",                                     "Dense of a number" },
        { "NNG1012: the inner sizes of [4, 8, 8] and [10, 5] differ: 8 and 5",                           "Dense of a map" },
        { "NNG1002: MaxPool needs [channels, height, width], got [7]; Reshape it",                       "MaxPool of a vector" },
        { "NNG1010: MaxPool: padding 2 must lie between 0 and half the kernel, 1, or windows would hold nothing", "MaxPool padded too much" },
        { "NNG1004: a 9 x 9 window does not fit into [4, 8, 8]; use a smaller one or more padding",      "MaxPool too large" },
        { "NNG1010: ConvTranspose: output padding 2 must lie between 0 and the stride, 2, less 1",       "output padding" },
        { "NNG1002: ConvTranspose needs [channels, height, width], got [7]; Reshape it",                 "ConvTranspose of a vector" },
        { "NNG1002: BatchNorm needs [channels, ..], got a single number; Reshape it",                    "BatchNorm of a number" },
        { "NNG1014: BatchNorm needs a value per sample, and this one is shared by the batch",            "BatchNorm of a parameter" },
        { "NNG1007: Softmax along axis 3, but [4, 8, 8] has the axes 0 to 2",                            "Softmax" },
        { "NNG1011: CrossEntropy needs logits [classes] for labels [], got [4, 8, 8]; add Flatten, or GlobalAveragePool | Flatten", "CrossEntropy" },
        { "NNG1010: PixelShuffle(3) needs channels divisible by 9, got [4, 8, 8]",                       "PixelShuffle" },
        { "NNG1010: SmoothL1: beta must not be negative, got -0.5",                                      "SmoothL1" },
        { "NNG1006: Reshape to [3, 5] needs 15 elements, and [4, 8, 8] has 256",                         "Reshape" },
    };

    [Theory, MemberData(nameof(Faults))]
    public void Function_OfWhatDoesNotFit_SaysWhatWouldBeRight(string fault, string function)
    {
        var builder = new GraphBuilder();
        Value Leaf(string name, bool batched, params int[] sizes) => builder.Leaf(batched ? Leaves.Input : Leaves.Parameter, name, TensorType.Real([.. sizes], batched));
        var (map, vector, number) = (Leaf("map", true, 4, 8, 8), Leaf("vector", true, 7), Leaf("number", true));
        var window = new Window(2, 2, 0, 0, 0, 0, 1, 1);
        var y = function switch
        {
            "Dense of a number"         => Affine.Dense(number, Leaf("w", false, 10, 5), null),
            "Dense of a map"            => Affine.Dense(map, Leaf("w", false, 10, 5), null),
            "MaxPool of a vector"       => Pooling.Max(vector, 2, 2, 0),
            "MaxPool padded too much"   => Pooling.Max(map, 3, 1, 2),
            "MaxPool too large"         => Pooling.Max(map, 9, 1, 0),
            "output padding"            => Affine.ConvolveTransposed(map, Leaf("w", false, 4, 1, 2, 2), null, window, 2),
            "ConvTranspose of a vector" => Affine.ConvolveTransposed(vector, Leaf("w", false, 4, 1, 2, 2), null, window, 0),
            "BatchNorm of a number"     => Norm(number, Leaf("w", false, 1)),
            "BatchNorm of a parameter"  => Norm(Leaf("p", false, 3), Leaf("w", false, 3)),
            "Softmax"                   => Activations.Softmax(map, 3),
            "CrossEntropy"              => Losses.CrossEntropy(map, builder.Leaf(Leaves.Target, "label", new TensorType(DType.I32, [], true)), false),
            "PixelShuffle"              => Shapes.PixelShuffle(map, 3),
            "SmoothL1"                  => Losses.SmoothL1(map, map, -0.5, false),
            "Reshape"                   => Shapes.Reshape(map, 3, 5),
            _                           => throw new InvalidOperationException(function),
        };
        Assert.True(y.IsUnknown);
        Assert.Equal(fault, Assert.Single(builder.Faults).ToString());
    }

    static Value Norm(Value x, Value w) => Statistics.BatchNorm(x, w, w, w, w, 0.1, 1e-5).Y;

    static Window Window(Func<int> i) => new(i(), i(), i(), i(), i(), i(), i(), i(), i());
}
