using NNGen.Generators.Graph;

namespace NNGen.Generators.Ops.Derived;

/// <summary>Pooling: reductions over windows of a map [C, H, W].</summary>
public static class Pooling
{
    public static Value Max(Value x, int kernel, int stride, int padding) =>
        Windowed(x, "MaxPool", kernel, stride, padding, double.NegativeInfinity, windows => x.Builder.Labelled(x.Builder.Apply(Reductions.Max, Attributes.Of(3, 4), windows), "maxPool"));

    /// <summary>The mean of each window; padding counts as zeros, or not at all.</summary>
    public static Value Average(Value x, int kernel, int stride, int padding, bool countPadding) =>
        Windowed(x, "AveragePool", kernel, stride, padding, 0, windows =>
        {
            var sum = x.Builder.Apply(Reductions.Sum, Attributes.Of(3, 4), windows);
            if (countPadding || padding == 0)
                return x.Builder.Labelled(sum / (kernel * kernel), "averagePool");
            var (height, width) = (windows.Type.Sizes[1], windows.Type.Sizes[2]);
            int Inside(int i, int size) => Math.Min(i * stride - padding + kernel, size) - Math.Max(i * stride - padding, 0);
            return x.Builder.Labelled(sum * x.Builder.Constant(Enumerable.Range(0, height * width)
                .Select(i => 1.0 / (Inside(i / width, x.Type.Sizes[1]) * Inside(i % width, x.Type.Sizes[2]))), height, width), "averagePool");
        });

    /// <summary>The mean of each channel: [C, H, W] to [C, 1, 1].</summary>
    public static Value GlobalAverage(Value x) =>
        Shapes.Map(x, "GlobalAveragePool", map => x.Builder.Labelled(Shapes.Reshape(Statistics.Mean(x, 1, 2), map[0], 1, 1), "globalAveragePool"));

    private static Value Windowed(Value x, string layer, int kernel, int stride, int padding, double outside, Func<Value, Value> reduce) =>
        Shapes.Map(x, layer, map =>
            kernel < 1 || stride < 1 ? x.Builder.Faulty("NNG1010", $"{layer}: kernel {kernel} and stride {stride} must be at least 1")
            : padding < 0 || 2 * padding > kernel ? x.Builder.Faulty("NNG1010", $"{layer}: padding {padding} must lie between 0 and half the kernel, {kernel / 2}, or windows would hold nothing")
            : Windows.Of(x, new Window(stride, stride, padding, padding, padding, padding, 1, 1), kernel, kernel, outside) is { IsUnknown: false } windows
            ? reduce(windows) : x.Builder.Unknown);
}
