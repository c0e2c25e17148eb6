using System.Runtime.Intrinsics;
using NNGen.Kernels;

namespace NNGen.Tests.Kernels;

/// <summary>Minimal filtering with channels in lanes, over strips of several samples and in parts, against direct sums in double.</summary>
public class WinogradRowsTests
{
    const int Samples = 3, Strip = 8;

    // y = 2 sum + what lies in a map of the same shape + the channel's number.
    readonly ref struct Twice(ref float map, ref float channels) : IEpilogue
    {
        readonly ref float map = ref map;
        readonly ref float channels = ref channels;

        public Vector512<float> Apply(Vector512<float> sum, nint at, nint channel) =>
            sum + sum + Vector512.LoadUnsafe(ref map, (nuint)at) + Vector512.LoadUnsafe(ref channels, (nuint)channel);

        public Vector256<float> Apply(Vector256<float> sum, nint at, nint channel) =>
            sum + sum + Vector256.LoadUnsafe(ref map, (nuint)at) + Vector256.LoadUnsafe(ref channels, (nuint)channel);
    }

    [Theory, InlineData(16, 32, 7, 9, 1, 1, false), InlineData(48, 16, 4, 4, 1, 1, true), InlineData(32, 16, 6, 5, 0, 2, false)]
    public void ConvolveRows_InParts_IsTheDirectSumAndItsEpilogue(int inputs, int outputs, int height, int width, int top, int left, bool isAdjoint)
    {
        var (rows, columns) = (height + (2 * top) - 2, width + (2 * left) - 2);
        var (x, w, map, bias) = (Random(1, Samples * inputs * height * width), Random(2, inputs * outputs * 9), Random(3, Samples * outputs * rows * columns), Random(4, outputs));
        var (kernels, scratch) = (Poisoned(Winograd.KernelFloats(outputs, inputs)), Poisoned(Winograd.ConvolutionScratch(inputs, outputs, Strip, isRows: true)));
        var y = Poisoned(Samples * outputs * rows * columns);
        Winograd.Kernels(ref w[0], ref kernels[0], outputs, inputs, isAdjoint, isRows: true);

        for (var part = 0; part < 4; part++)
            Winograd.ConvolveRows(new PlainMap(ref x[0]), inputs * height * width, ref kernels[0], ref y[0], outputs * rows * columns, Samples, ref scratch[0],
                inputs, outputs, height, width, rows, columns, top, left, Strip, part, 4, new Twice(ref map[0], ref bias[0]));

        for (var i = 0; i < y.Length; i++)
        {
            var (o, s, r, n) = (i % outputs, i / outputs % columns, i / outputs / columns % rows, i / outputs / columns / rows);
            var sum = Taps().Sum(tap => Enumerable.Range(0, inputs).Sum(c => X(x, n, c, r + tap.I - top, s + tap.J - left, inputs, height, width)
                * (isAdjoint ? w[(((((c * outputs) + o) * 3) + 2 - tap.I) * 3) + 2 - tap.J] : w[(((((o * inputs) + c) * 3) + tap.I) * 3) + tap.J])));
            Assert.Equal((2 * sum) + map[i] + bias[o], y[i], 2e-4);
        }
    }

    // More parts than vectors of channels: some have nothing to do.
    [Theory, InlineData(16, 32, 7, 9, 1, 1), InlineData(48, 16, 4, 4, 1, 1), InlineData(32, 16, 6, 5, 0, 2)]
    public void GradientRows_InAnyNumberOfParts_IsTheDirectSumOverAllSamples(int inputs, int outputs, int height, int width, int top, int left)
    {
        var (x, dy, expected) = Sums(inputs, outputs, height, width, top, left);
        var results = new[] { 1, 2, 4 }.Select(parts =>
        {
            var (points, scratch, gradient) = (Poisoned(Winograd.GradientFloats(outputs, inputs)), Poisoned(Winograd.GradientScratch(inputs, outputs, Strip, isRows: true)), Poisoned(outputs * inputs * 9));
            for (var part = 0; part < 5; part++)
                Winograd.GradientRows(new PlainMap(ref x[0]), x.Length / Samples, new PlainMap(ref dy[0]), dy.Length / Samples, Samples, ref points[0], ref scratch[0],
                    inputs, outputs, height, width, height + (2 * top) - 2, width + (2 * left) - 2, top, left, Strip, part, parts);
            Winograd.Weights(ref points[0], ref gradient[0], outputs, inputs);
            return gradient;
        }).ToArray();

        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], results[0][i], 2e-4);
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    static (float[] X, float[] Dy, double[] Gradient) Sums(int inputs, int outputs, int height, int width, int top, int left)
    {
        var (rows, columns) = (height + (2 * top) - 2, width + (2 * left) - 2);
        var (x, dy) = (Random(5, Samples * inputs * height * width), Random(6, Samples * outputs * rows * columns));
        var sums = new double[outputs * inputs * 9];
        for (var i = 0; i < sums.Length; i++)
        {
            var (j, k, c, o) = (i % 3, i / 3 % 3, i / 9 % inputs, i / 9 / inputs);
            for (var n = 0; n < Samples; n++)
                for (var r = 0; r < rows; r++)
                    for (var s = 0; s < columns; s++)
                        sums[i] += X(x, n, c, r + k - top, s + j - left, inputs, height, width) * dy[(((((n * rows) + r) * columns) + s) * outputs) + o];
        }
        return (x, dy, sums);
    }

    static IEnumerable<(int I, int J)> Taps() => Enumerable.Range(0, 9).Select(tap => (tap / 3, tap % 3));

    static double X(float[] x, int sample, int channel, int row, int column, int channels, int height, int width) =>
        (uint)row < (uint)height && (uint)column < (uint)width ? x[(((((sample * height) + row) * width) + column) * channels) + channel] : 0;

    static float[] Random(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }

    static float[] Poisoned(int count)
    {
        var values = new float[count];
        Array.Fill(values, float.NaN);
        return values;
    }
}
