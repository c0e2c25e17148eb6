using System.Runtime.CompilerServices;
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

        public bool ReadsFar => true;

        public void Fetch(nint at, nint channel) => Caches.Fetch(ref Unsafe.Add(ref map, at));
    }

    // Plus the channel's number: the zeros around a map, which it must not reach, would show it.
    readonly ref struct Shifted(ref float channels) : IPrologue
    {
        readonly ref float channels = ref channels;

        public Vector512<float> Apply(Vector512<float> number, nint channel) => number + Vector512.LoadUnsafe(ref channels, (nuint)channel);

        public Vector256<float> Apply(Vector256<float> number, nint channel) => number + Vector256.LoadUnsafe(ref channels, (nuint)channel);
    }

    [Theory, InlineData(16, 32, 7, 9, 1, 1, false, 3), InlineData(48, 16, 4, 4, 1, 1, true, 3), InlineData(32, 16, 6, 5, 0, 2, false, 3), InlineData(16, 32, 7, 9, 2, 2, true, 5), InlineData(32, 16, 6, 40, 0, 2, false, 5)]
    [InlineData(16, 32, 14, 14, 1, 1, false, 3), InlineData(32, 16, 10, 38, 1, 1, true, 3)]
    public void ConvolveRows_InParts_IsTheDirectSumWithItsPrologueAndItsEpilogue(int inputs, int outputs, int height, int width, int top, int left, bool isAdjoint, int taps)
    {
        if (taps == 3)
            ConvolveRows<ThreeTaps>(inputs, outputs, height, width, top, left, isAdjoint);
        else
            ConvolveRows<FiveTaps>(inputs, outputs, height, width, top, left, isAdjoint);
    }

    static void ConvolveRows<TTaps>(int inputs, int outputs, int height, int width, int top, int left, bool isAdjoint)
        where TTaps : struct, ITaps
    {
        var taps = TTaps.Count;
        var (rows, columns) = (height + (2 * top) + 1 - taps, width + (2 * left) + 1 - taps);
        var shift = Random(5, inputs);
        var (x, w, map, bias) = (Random(1, Samples * inputs * height * width), Random(2, inputs * outputs * taps * taps), Random(3, Samples * outputs * rows * columns), Random(4, outputs));
        var (kernels, scratch) = (Poisoned(Winograd<TTaps>.KernelFloats(outputs, inputs)), Poisoned(Winograd<TTaps>.Scratch(inputs, outputs, Strip, isRows: true)));
        var y = Poisoned(Samples * outputs * rows * columns);
        for (var part = 0; part < 6; part++)
            Winograd<TTaps>.Kernels(ref w[0], ref kernels[0], outputs, inputs, isAdjoint, isRows: true, part, 5);

        for (var part = 0; part < 4; part++)
            Winograd<TTaps>.ConvolveRows(ref x[0], inputs * height * width, inputs, ref kernels[0], ref y[0], outputs * rows * columns, outputs, Samples, ref scratch[0],
                inputs, outputs, height, width, rows, columns, top, left, Strip, part, 4, isFar: true, new Shifted(ref shift[0]), new Twice(ref map[0], ref bias[0]));

        for (var i = 0; i < y.Length; i++)
        {
            var (o, s, r, n) = (i % outputs, i / outputs % columns, i / outputs / columns % rows, i / outputs / columns / rows);
            var sum = Taps(taps).Sum(tap => Enumerable.Range(0, inputs).Sum(c => X(x, shift, n, c, r + tap.I - top, s + tap.J - left, inputs, height, width)
                * (isAdjoint ? w[(((((c * outputs) + o) * taps) + taps - 1 - tap.I) * taps) + taps - 1 - tap.J] : w[(((((o * inputs) + c) * taps) + tap.I) * taps) + tap.J])));
            Assert.Equal((2 * sum) + map[i] + bias[o], y[i], 2e-4);
        }
    }

    // More parts than vectors of channels: some have nothing to do.
    [Theory, InlineData(16, 32, 14, 14, 1, 1, 3), InlineData(32, 16, 10, 38, 1, 1, 3), InlineData(16, 32, 7, 9, 1, 1, 3), InlineData(48, 16, 4, 4, 1, 1, 3), InlineData(48, 64, 6, 5, 1, 1, 3), InlineData(32, 16, 6, 5, 0, 2, 3), InlineData(16, 32, 7, 9, 2, 2, 5)]
    public void GradientRows_InAnyNumberOfParts_IsTheDirectSumOverAllSamples(int inputs, int outputs, int height, int width, int top, int left, int taps)
    {
        if (taps == 3)
            GradientRows<ThreeTaps>(inputs, outputs, height, width, top, left);
        else
            GradientRows<FiveTaps>(inputs, outputs, height, width, top, left);
    }

    static void GradientRows<TTaps>(int inputs, int outputs, int height, int width, int top, int left)
        where TTaps : struct, ITaps
    {
        var taps = TTaps.Count;
        var shift = Random(7, inputs);
        var (x, dy, expected) = Sums(shift, inputs, outputs, height, width, top, left, taps);
        var results = new[] { 1, 2, 4 }.Select(parts =>
        {
            var (points, scratch, gradient) = (Poisoned(Winograd<TTaps>.GradientFloats(outputs, inputs)), Poisoned(Winograd<TTaps>.Scratch(inputs, outputs, Strip, isRows: true)), Poisoned(outputs * inputs * taps * taps));
            for (var part = 0; part < 5; part++)
                Winograd<TTaps>.GradientRows(ref x[0], x.Length / Samples, inputs, ref dy[0], dy.Length / Samples, outputs, Samples, ref points[0], ref scratch[0],
                    inputs, outputs, height, width, height + (2 * top) + 1 - taps, width + (2 * left) + 1 - taps, top, left, Strip, part, parts, isFar: true, isCotangentFar: true, new Shifted(ref shift[0]));
            Winograd<TTaps>.Weights(points, 1, 0, ref gradient[0], outputs, inputs, isRows: true);
            return gradient;
        }).ToArray();

        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], results[0][i], 2e-4);
        Assert.Equal(results[0], results[1]);
        Assert.Equal(results[0], results[2]);
    }

    static (float[] X, float[] Dy, double[] Gradient) Sums(float[] shift, int inputs, int outputs, int height, int width, int top, int left, int taps)
    {
        var (rows, columns) = (height + (2 * top) + 1 - taps, width + (2 * left) + 1 - taps);
        var (x, dy) = (Random(5, Samples * inputs * height * width), Random(6, Samples * outputs * rows * columns));
        var sums = new double[outputs * inputs * taps * taps];
        for (var i = 0; i < sums.Length; i++)
        {
            var (j, k, c, o) = (i % taps, i / taps % taps, i / taps / taps % inputs, i / taps / taps / inputs);
            for (var n = 0; n < Samples; n++)
                for (var r = 0; r < rows; r++)
                    for (var s = 0; s < columns; s++)
                        sums[i] += X(x, shift, n, c, r + k - top, s + j - left, inputs, height, width) * dy[(((((n * rows) + r) * columns) + s) * outputs) + o];
        }
        return (x, dy, sums);
    }

    static IEnumerable<(int I, int J)> Taps(int taps) => Enumerable.Range(0, taps * taps).Select(tap => (tap / taps, tap % taps));

    static double X(float[] x, float[] shift, int sample, int channel, int row, int column, int channels, int height, int width) =>
        (uint)row < (uint)height && (uint)column < (uint)width ? x[(((((sample * height) + row) * width) + column) * channels) + channel] + shift[channel] : 0;

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
