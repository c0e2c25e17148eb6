using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;
using NNGen.Generators.Support;

namespace NNGen.Generators.Read;

/// <summary>Layers that own parameters, and what names or nests them.</summary>
internal static partial class Vocabulary
{
    private static readonly InitializerSpec One = new("Constant", 1), Zero = new("Constant", 0);

    private static VocabularyRow[] OwningLayers =>
    [
        Row("Layers.Dense(int, bool)", call => AtLeast(call, 1, int.MaxValue, (0, "features"))
            ?? Owning(call, "dense", (layer, x) => Dense(layer, x, call.Int(0), call.Flag(1)))),
        Row("Layers.Conv(int, int, int, int, int, int, bool)", call => CheckWindow(call, padding: 3, rest: [(1, "kernel"), (2, "stride"), (4, "dilation")], groups: 5)
            ?? Owning(call, "conv", (layer, x) => Conv(layer, x, call.Int(0), (call.Int(1), call.Int(1)),
                new(call.Int(2), call.Int(2), call.Int(3), call.Int(3), call.Int(3), call.Int(3), call.Int(4), call.Int(4), call.Int(5)), call.Flag(6)))),
        Row("Layers.Conv(int, (int Height, int Width), (int Height, int Width), (int Height, int Width), (int Height, int Width), int, bool)", call =>
            CheckWindow(call, padding: 3, rest: [(1, "kernel"), (2, "stride"), (4, "dilation")], groups: 5)
            ?? Owning(call, "conv", (layer, x) =>
            {
                var (stride, padding, dilation) = (call.Pair(2), call.Pair(3), call.Pair(4));
                return Conv(layer, x, call.Int(0), call.Pair(1), new(stride.Height, stride.Width, padding.Height, padding.Width, padding.Height, padding.Width,
                    dilation.Height, dilation.Width, call.Int(5)), call.Flag(6));
            })),
        Row("Layers.ConvTranspose(int, int, int, int, int, int, int, bool)", call =>
            CheckWindow(call, padding: 3, rest: [(1, "kernel"), (2, "stride"), (5, "dilation")], groups: 6)
            ?? CheckOutputPadding(call)
            ?? Owning(call, "convTranspose", (layer, x) => ConvTranspose(layer, x, call.Int(0), call.Int(1),
                new(call.Int(2), call.Int(2), call.Int(3), call.Int(3), call.Int(3), call.Int(3), call.Int(5), call.Int(5), call.Int(6)), call.Int(4), call.Flag(7)))),
        Row("Layers.BatchNorm(float, float)", call => CheckBatchNorm(call)
            ?? Owning(call, "batchNorm", (layer, x) => BatchNorm(layer, x, call.Real(0), call.Real(1)))),
        Row("Layers.PRelu(float)", call => Finite(call, 0, "slope")
            ?? Owning(call, "pRelu", (layer, x) => Activations.PRelu(x, layer.Parameter("weight", [1], new("Constant", call.Real(0)), 1, 1)))),
        Row("Layers.Parameter(int[], Initializer, string)", call =>
            call.Ints(0).FirstOrDefault(size => size < 1) is < 1 and var wrong && call.Ints(0).Any(size => size < 1)
                ? call.Fault("NNG1010", 0, $"Parameter: sizes must be at least 1, got {wrong}")
            : CheckName(call, 2, call[2] as string) ?? call.Evaluator.RawParameter(call.Ints(0), call[1] as InitializerSpec ?? FanIn, call[2] as string, call.At)),
        Row("Layers.Named(string, Layer)", call => CheckName(call, 0, call.Text(0)) ?? (object)call.Evaluator.Rename(call.Text(0), call.Layer(1), call.Place(0))),
        Row("Layers.Use<T>(T)", call => call.Evaluator.UseGiven(call)),
        Row("Layers.Use<T>(Frozen<T>)", call => call.Evaluator.UseGiven(call)),
        Row("Layers.Use<T>()", call => call.Evaluator.UseFresh(call)),
    ];

    private static object Owning(VocabularyCall call, string stem, Func<Binding, Value, Value> apply) =>
        call.Evaluator.Bear(call.Name, stem, call.At) is { } owner ? new Function.Owning(owner, apply) : Unknown.Value;

    private static Value Dense(Binding layer, Value x, int features, bool bias)
    {
        var sizes = x.Type.Sizes;
        if (sizes.Count is not (1 or 2))
            return layer.Fault("NNG1003", $"Dense needs [features], got {sizes}; {(sizes.Count == 0 ? "Reshape(1) makes one feature of a number" : "add Flatten")}");
        var fanIn = sizes[sizes.Count - 1];
        var weight = layer.Parameter("weight", [features, fanIn], FanIn, fanIn, features);
        return weight.IsUnknown ? weight : Affine.Dense(x, weight, bias ? layer.Parameter("bias", [features], FanIn, fanIn, features) : null);
    }

    private static Value Conv(Binding layer, Value x, int channels, (int Height, int Width) kernel, Window window, bool bias) => Shapes.Map(x, "Conv", map =>
    {
        if (map[0] % window.Groups != 0 || channels % window.Groups != 0)
            return layer.Fault("NNG1005", $"Conv of {map[0]} to {channels} channels in {window.Groups} groups: the groups must divide both");
        var taps = kernel.Height * kernel.Width;
        var (fanIn, fanOut) = (Times(map[0] / window.Groups, taps), Times(channels, taps));
        var weight = layer.Parameter("weight", [channels, map[0] / window.Groups, kernel.Height, kernel.Width], FanIn, fanIn, fanOut);
        return weight.IsUnknown ? weight : Affine.Convolve(x, weight, bias ? layer.Parameter("bias", [channels], FanIn, fanIn, fanOut) : null, window);
    });

    // PyTorch reckons fans from weight.size(1) and weight.size(0), whichever way the convolution runs.
    private static Value ConvTranspose(Binding layer, Value x, int channels, int kernel, Window window, int outputPadding, bool bias) => Shapes.Map(x, "ConvTranspose", map =>
    {
        if (map[0] % window.Groups != 0 || channels % window.Groups != 0)
            return layer.Fault("NNG1005", $"ConvTranspose of {map[0]} to {channels} channels in {window.Groups} groups: the groups must divide both");
        var (fanIn, fanOut) = (Times(channels / window.Groups, kernel * kernel), Times(map[0], kernel * kernel));
        var weight = layer.Parameter("weight", [map[0], channels / window.Groups, kernel, kernel], FanIn, fanIn, fanOut);
        return weight.IsUnknown ? weight
            : Affine.ConvolveTransposed(x, weight, bias ? layer.Parameter("bias", [channels], FanIn, fanIn, fanOut) : null, window, outputPadding);
    });

    private static Value BatchNorm(Binding layer, Value x, double momentum, double epsilon)
    {
        if (x.Type.Rank == 0)
            return layer.Fault("NNG1002", "BatchNorm needs [channels, ..], got []");
        int[] channels = [x.Type.Sizes[0]];
        var weight = layer.Parameter("weight", channels, One, channels[0], channels[0]);
        if (weight.IsUnknown)
            return weight;
        var bias = layer.Parameter("bias", channels, Zero, channels[0], channels[0]);
        if (layer.Buffer("running_mean", channels, 0) is not { } mean || layer.Buffer("running_var", channels, 1) is not { } variance)
            return x.Builder.Unknown;
        if (layer.IsFrozen)
            return Statistics.Normalise(x, weight, bias, mean.Leaf, variance.Leaf, epsilon);
        // A shared layer moves its statistics with each application, but inference reads what was stored.
        var (y, nextMean, nextVariance) = Statistics.BatchNorm(x, weight, bias, mean.Leaf, variance.Leaf, momentum, epsilon, mean.Next, variance.Next);
        if (!y.IsUnknown)
            (mean.Next, variance.Next) = (nextMean, nextVariance);
        return y;
    }

    private static int Times(int a, int b) => (int)Math.Min((long)a * b, int.MaxValue);

    private static object? AtLeast(VocabularyCall call, int least, int most, params (int Argument, string Name)[] options)
    {
        foreach (var (argument, name) in options)
            foreach (var value in call[argument] is TupleValue pair ? pair.Items.Cast<int>() : [call.Int(argument)])
                if (value < least || value > most)
                    return call.Fault("NNG1010", argument, $"{call.Name}: {name} must be {(value < least ? "at least " + least : "at most " + most)}, got {value}");
        return null;
    }

    private static object? CheckWindow(VocabularyCall call, int padding, (int Argument, string Name)[] rest, int groups) =>
        AtLeast(call, 1, int.MaxValue, (0, "channels"), (groups, "groups")) ?? AtLeast(call, 1, Limit, rest) ?? AtLeast(call, 0, Limit, (padding, "padding"))
        ?? (call.Int(0) % call.Int(groups) == 0 ? null
            : call.Fault("NNG1005", groups, $"{call.Name}: {call.Int(groups)} groups must divide the {call.Int(0)} channels"));

    private static object? CheckOutputPadding(VocabularyCall call) =>
        AtLeast(call, 0, Limit, (4, "outputPadding"))
        ?? (call.Int(4) < Math.Max(call.Int(2), call.Int(5)) ? null
            : call.Fault("NNG1010", 4, $"ConvTranspose: outputPadding must be less than the stride or the dilation, {Math.Max(call.Int(2), call.Int(5))}, got {call.Int(4)}"));

    private static object? CheckBatchNorm(VocabularyCall call) =>
        call.Real(0) is > 0 and <= 1 ? call.Real(1) is >= 0 and < double.PositiveInfinity ? null
            : call.Fault("NNG1010", 1, $"BatchNorm: epsilon must be finite and not negative, got {Number(call.Real(1))}")
        : call.Fault("NNG1010", 0, $"BatchNorm: momentum must lie in (0, 1], got {Number(call.Real(0))}");

    private static object? Finite(VocabularyCall call, int argument, string name) =>
        double.IsNaN(call.Real(argument)) || double.IsInfinity(call.Real(argument))
            ? call.Fault("NNG1010", argument, $"{call.Name}: {name} must be finite, got {Number(call.Real(argument))}") : null;

    private static object? CheckName(VocabularyCall call, int argument, string? name) =>
        name is null || name.Length > 0 && name.Split('.').All(part => part.Length > 0 && part.All(c => char.IsLetterOrDigit(c) || c is '_' or '-'))
            ? null : call.Fault("NNG1010", argument, $"{call.Name}: a name consists of letters, digits, _ and -, in parts joined by dots, got \"{name}\"");

    private static string Number(double value) => value.ToString("R", System.Globalization.CultureInfo.InvariantCulture);
}
