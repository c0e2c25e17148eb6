using NNGen.Generators.Schedule.Cpu;
using NNGen.Kernels;

namespace NNGen.Tests.Kernels;

/// <summary>Minimal filtering against direct sums in double, at maps that its tiles do not divide and with every padding.</summary>
public class WinogradTests
{
    const int Lanes = 16;

    sealed record Size(int Inputs, int Outputs, int Height, int Width, int Top, int Left, int Strip, int Taps)
    {
        public int Rows => Height + (2 * Top) + 1 - Taps;

        public int Columns => Width + (2 * Left) + 1 - Taps;
    }

    [Theory]
    [InlineData(3, 5, 4, 4, 1, 1, 1, 3), InlineData(16, 8, 7, 9, 1, 1, 4, 3), InlineData(9, 12, 6, 5, 0, 0, 2, 3), InlineData(17, 33, 8, 8, 1, 0, 3, 3), InlineData(8, 8, 3, 10, 2, 2, 5, 3), InlineData(1, 1, 3, 3, 0, 1, 1, 3)]
    [InlineData(16, 32, 14, 14, 1, 1, 16, 3), InlineData(5, 7, 14, 14, 1, 1, 6, 3), InlineData(3, 4, 9, 38, 1, 1, 7, 3), InlineData(4, 3, 2, 2, 1, 1, 1, 3), InlineData(2, 3, 8, 10, 1, 1, 2, 3), InlineData(2, 3, 10, 8, 1, 1, 4, 3)]
    [InlineData(6, 16, 14, 14, 0, 0, 12, 5), InlineData(16, 6, 10, 10, 4, 4, 7, 5), InlineData(17, 33, 5, 41, 2, 2, 20, 5), InlineData(3, 5, 5, 6, 0, 1, 1, 5), InlineData(1, 1, 1, 1, 2, 2, 1, 5), InlineData(2, 3, 12, 11, -1, -2, 3, 5), InlineData(3, 2, 9, 9, -1, -1, 4, 3)]
    public void Convolve_OfRandomMaps_IsTheDirectSum(int inputs, int outputs, int height, int width, int top, int left, int strip, int taps)
    {
        var size = new Size(inputs, outputs, height, width, top, left, strip, taps);
        var (x, w) = (Random(1, inputs * height * width * Lanes), Random(2, outputs * inputs * taps * taps));

        foreach (var (isAdjoint, isLines) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var y = taps == 3 ? Convolve<ThreeTaps>(size, x, w, isAdjoint, isLines) : Convolve<FiveTaps>(size, x, w, isAdjoint, isLines);

            double error = 0, length = 0;
            for (var o = 0; o < outputs; o++)
                for (var r = 0; r < size.Rows; r++)
                    for (var s = 0; s < size.Columns; s++)
                        for (var lane = 0; lane < Lanes; lane++)
                        {
                            var expected = 0.0;
                            for (var c = 0; c < inputs; c++)
                                for (var i = 0; i < taps; i++)
                                    for (var j = 0; j < taps; j++)
                                        expected += X(size, x, c, r + i, s + j, lane) * (isAdjoint ? w[(((((c * outputs) + o) * taps) + taps - 1 - i) * taps) + taps - 1 - j] : w[(((((o * inputs) + c) * taps) + i) * taps) + j]);
                            var difference = y[(((((o * size.Rows) + r) * size.Columns) + s) * Lanes) + lane] - expected;
                            (error, length) = (error + (difference * difference), length + (expected * expected));
                        }
            Assert.True(Math.Sqrt(error / length) < (isLines ? 1e-6 : 3e-6), $"isAdjoint {isAdjoint}, isLines {isLines}: off by {Math.Sqrt(error / length):g3}");
        }
    }

    [Theory]
    [InlineData(3, 5, 4, 4, 1, 1, 1, 16, 3), InlineData(16, 8, 7, 9, 1, 1, 4, 16, 3), InlineData(9, 12, 6, 5, 0, 0, 2, 1, 3), InlineData(17, 33, 8, 8, 1, 0, 3, 13, 3), InlineData(8, 8, 3, 10, 2, 2, 5, 7, 3)]
    [InlineData(16, 32, 14, 14, 1, 1, 16, 16, 3), InlineData(5, 7, 14, 14, 1, 1, 6, 11, 3), InlineData(3, 4, 9, 38, 1, 1, 7, 16, 3), InlineData(4, 3, 2, 2, 1, 1, 1, 16, 3), InlineData(2, 3, 8, 10, 1, 1, 2, 16, 3), InlineData(2, 3, 10, 8, 1, 1, 4, 3, 3)]
    [InlineData(6, 16, 14, 14, 0, 0, 12, 16, 5), InlineData(17, 5, 7, 9, 2, 2, 4, 9, 5), InlineData(1, 2, 5, 5, 0, 0, 1, 16, 5)]
    public void Gradient_OfRandomMaps_IsTheDirectSumOverTheLanesThatCount(int inputs, int outputs, int height, int width, int top, int left, int strip, int valid, int taps)
    {
        var size = new Size(inputs, outputs, height, width, top, left, strip, taps);
        var (x, dy) = (Random(3, inputs * height * width * Lanes), Random(4, outputs * size.Rows * size.Columns * Lanes));
        for (var i = 0; i < dy.Length; i++)
            dy[i] = i % Lanes < valid ? dy[i] : float.NaN;
        foreach (var (isTurned, isLines) in new[] { (false, false), (true, false), (false, true) })
        {
            var gradient = taps == 3 ? Gradient<ThreeTaps>(size, x, dy, valid, isTurned, isLines) : Gradient<FiveTaps>(size, x, dy, valid, isTurned, isLines);

            double error = 0, length = 0;
            for (var o = 0; o < outputs; o++)
                for (var c = 0; c < inputs; c++)
                    for (var i = 0; i < taps; i++)
                        for (var j = 0; j < taps; j++)
                        {
                            var expected = 0.0;
                            for (var r = 0; r < size.Rows; r++)
                                for (var s = 0; s < size.Columns; s++)
                                    for (var lane = 0; lane < valid; lane++)
                                        expected += X(size, x, c, r + i, s + j, lane) * dy[(((((o * size.Rows) + r) * size.Columns) + s) * Lanes) + lane];
                            var difference = gradient[(((((o * inputs) + c) * taps) + i) * taps) + j] - expected;
                            (error, length) = (error + (difference * difference), length + (expected * expected));
                        }
            Assert.True(Math.Sqrt(error / length) < (isLines ? 2e-6 : 1e-5), $"isTurned {isTurned}, isLines {isLines}: off by {Math.Sqrt(error / length):g3}");
        }
    }

    [Theory, InlineData(16, 16, 32, 32), InlineData(24, 12, 16, 16), InlineData(64, 128, 8, 8), InlineData(9, 8, 5, 7)]
    public void Scheduled_Sizes_AreWhatTheKernelsNeed(int inputs, int outputs, int height, int width)
    {
        var convolution = new WinogradConvolution(0, 1, false, false, inputs, outputs, height, width, height, width, 1, 1, 3);
        var weights = convolution with { IsWeights = true };

        Assert.Equal(Winograd<ThreeTaps>.KernelFloats(outputs, inputs), convolution.KernelFloats);
        Assert.Equal(Winograd<ThreeTaps>.Scratch(inputs, outputs, convolution.Strip, false), convolution.Scratch);
        Assert.Equal(Winograd<ThreeTaps>.GradientFloats(outputs, inputs), weights.GradientFloats);
        Assert.Equal(Winograd<ThreeTaps>.GradientScratch(inputs, outputs, weights.Strip, weights.IsTurned), weights.Scratch);

        var three = convolution with { IsAlongRows = true };
        Assert.Equal(Winograd<ThreeTaps>.LineKernelFloats(outputs, inputs), three.KernelFloats);
        Assert.Equal(Winograd<ThreeTaps>.LineScratch(inputs, outputs, width, three.Strip), three.Scratch);
        Assert.Equal(Winograd<ThreeTaps>.LineGradientFloats(outputs, inputs), (three with { IsWeights = true }).GradientFloats);

        var five = three with { Taps = 5, Top = 2, Left = 2 };
        Assert.Equal(Winograd<FiveTaps>.LineKernelFloats(outputs, inputs), five.KernelFloats);
        Assert.Equal(Winograd<FiveTaps>.LineScratch(inputs, outputs, width, five.Strip), five.Scratch);
        Assert.Equal(Winograd<FiveTaps>.LineGradientFloats(outputs, inputs), (five with { IsWeights = true }).GradientFloats);
        Assert.Equal(five.Scratch, (five with { IsWeights = true }).Scratch);
    }

    // Floats to work in are what the second cache holds, beside those of a few more rows.
    [Theory, InlineData(6, 16, 28, 10), InlineData(3, 8, 64, 12), InlineData(3, 64, 224, 64), InlineData(64, 3, 224, 224)]
    public void Scheduled_RowsOfAnyMap_FitTheCacheOrAreNotTransformedAlone(int inputs, int outputs, int height, int width)
    {
        var best = new WinogradConvolution(0, 1, false, false, inputs, outputs, height, width, height, width, 2, 2, 5).Best;

        Assert.True(!best.IsAlongRows || best.Scratch <= 2 * 160 * 1024, $"{best.Scratch} floats");
    }

    [Theory, InlineData(1, 1, 1), InlineData(8, 5, 2), InlineData(15, 16, 3), InlineData(13, 7, 4), InlineData(4, 300, 1), InlineData(47, 6, 1), InlineData(28, 17, 3)]
    public void Multiply_OfRandomMatrices_IsTheirProduct(int rows, int inner, int vectors)
    {
        var (aPitch, bPitch, cPitch) = (inner + 3, (vectors * Lanes) + 16, (vectors * Lanes) + 5);
        float[] a = Random(5, rows * aPitch), b = Random(6, inner * bPitch), before = Random(7, rows * cPitch);

        foreach (var add in new[] { false, true })
        {
            var c = (float[])before.Clone();
            Products.Multiply(ref a[0], aPitch, 1, ref b[0], bPitch, ref c[0], cPitch, rows, inner, vectors, add);
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < cPitch; j++)
                {
                    var product = Enumerable.Range(0, inner).Sum(k => j < vectors * Lanes ? (double)a[(i * aPitch) + k] * b[(k * bPitch) + j] : 0);
                    var expected = j >= vectors * Lanes || add ? before[(i * cPitch) + j] + product : product;
                    Assert.Equal(expected, c[(i * cPitch) + j], 1e-5 * Math.Sqrt(inner) * 4);
                }
        }
    }

    [Theory, InlineData(1, 1, 1), InlineData(8, 6, 2), InlineData(15, 16, 3), InlineData(13, 7, 4), InlineData(4, 5, 12)]
    public void LaneProducts_OfRandomMatrices_AreSumsOverVectorsAndLanes(int rows, int columns, int vectors)
    {
        var (pitch, bPitch, cPitch) = ((vectors * Lanes) + 3, (vectors * Lanes) + 7, (columns + 3) / 4 * 4);
        float[] a = Random(8, rows * pitch), b = Random(9, columns * bPitch), before = Random(10, rows * cPitch);

        foreach (var add in new[] { false, true })
        {
            var c = (float[])before.Clone();
            LaneProducts.Multiply(ref a[0], pitch, ref b[0], bPitch, ref c[0], cPitch, rows, columns, vectors, add);
            for (var i = 0; i < rows; i++)
                for (var j = 0; j < columns; j++)
                    Assert.Equal((add ? before[(i * cPitch) + j] : 0) + Enumerable.Range(0, vectors * Lanes).Sum(k => (double)a[(i * pitch) + k] * b[(j * bPitch) + k]), c[(i * cPitch) + j], 1e-4);
        }
    }

    static float[] Convolve<TTaps>(Size size, float[] x, float[] w, bool isAdjoint, bool isLines)
        where TTaps : struct, ITaps
    {
        var (inputs, outputs, strip) = (size.Inputs, size.Outputs, size.Strip);
        var kernels = Poisoned(isLines ? Winograd<TTaps>.LineKernelFloats(outputs, inputs) : Winograd<TTaps>.KernelFloats(outputs, inputs));
        var scratch = Poisoned(isLines ? Winograd<TTaps>.LineScratch(inputs, outputs, size.Columns, strip) : Winograd<TTaps>.Scratch(inputs, outputs, strip, false));
        var y = Poisoned(outputs * size.Rows * size.Columns * Lanes);
        if (isLines)
        {
            Winograd<TTaps>.LineKernels(ref w[0], ref kernels[0], outputs, inputs, isAdjoint);
            Winograd<TTaps>.ConvolveLines(ref x[0], ref kernels[0], ref y[0], ref scratch[0], inputs, outputs, size.Height, size.Width, size.Rows, size.Columns, size.Top, size.Left, strip, new PlainSum());
            return y;
        }
        Winograd<TTaps>.Kernels(ref w[0], ref kernels[0], outputs, inputs, isAdjoint, isRows: false);
        Winograd<TTaps>.Convolve(ref x[0], ref kernels[0], ref y[0], ref scratch[0], inputs, outputs, size.Height, size.Width, size.Rows, size.Columns, size.Top, size.Left, strip, new PlainSum());
        return y;
    }

    [Theory, InlineData(17, 33, false), InlineData(16, 4, false), InlineData(32, 1, false), InlineData(16, 32, true), InlineData(48, 32, true), InlineData(32, 16, true)]
    public void Weights_OfSeveralSharesInAnyNumberOfParts_AreThoseOfTheirSum(int inputs, int outputs, bool isRows)
    {
        const int Count = 3;
        var floats = Winograd<ThreeTaps>.GradientFloats(outputs, inputs);
        var shares = Random(9, Count * floats);
        float[] sum = [.. Enumerable.Range(0, floats).Select(i => shares[i] + shares[floats + i] + shares[(2 * floats) + i])];
        float[] Weights(float[] from, int count, int parts)
        {
            var (own, weights) = (from.ToArray(), Poisoned(outputs * inputs * 9));
            for (var part = parts; part >= 0; part--)
                Winograd<ThreeTaps>.Weights(own, count, floats, ref weights[0], outputs, inputs, isRows, part, parts);
            return weights;
        }

        var expected = Weights(sum, 1, 1);

        Assert.All(expected, weight => Assert.True(float.IsFinite(weight)));
        Assert.All([1, 2, 8], parts => Assert.Equal(expected, Weights(shares, Count, parts)));
    }

    static float[] Gradient<TTaps>(Size size, float[] x, float[] dy, int valid, bool isTurned, bool isLines)
        where TTaps : struct, ITaps
    {
        var (inputs, outputs, strip) = (size.Inputs, size.Outputs, size.Strip);
        var gradient = Poisoned(outputs * inputs * size.Taps * size.Taps);
        if (isLines)
        {
            var (part, room) = (Poisoned(Winograd<TTaps>.LineGradientFloats(outputs, inputs)), Poisoned(Winograd<TTaps>.LineScratch(inputs, outputs, size.Columns, strip)));
            Winograd<TTaps>.GradientLines(ref x[0], ref dy[0], ref part[0], ref room[0], valid, inputs, outputs, size.Height, size.Width, size.Rows, size.Columns, size.Top, size.Left, strip);
            Winograd<TTaps>.LineWeights(part, 1, 0, ref gradient[0], outputs, inputs);
            return gradient;
        }
        var (share, scratch) = (Poisoned(Winograd<TTaps>.GradientFloats(outputs, inputs)), Poisoned(Winograd<TTaps>.GradientScratch(inputs, outputs, strip, isTurned)));
        Winograd<TTaps>.Gradient(ref x[0], ref dy[0], ref share[0], ref scratch[0], valid, inputs, outputs, size.Height, size.Width, size.Rows, size.Columns, size.Top, size.Left, strip, isTurned);
        Winograd<TTaps>.Weights(share, 1, 0, ref gradient[0], outputs, inputs, isRows: false);
        return gradient;
    }

    static double X(Size size, float[] x, int channel, int row, int column, int lane) =>
        (uint)(row - size.Top) < (uint)size.Height && (uint)(column - size.Left) < (uint)size.Width
            ? x[(((((channel * size.Height) + row - size.Top) * size.Width) + column - size.Left) * Lanes) + lane] : 0;

    static float[] Random(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
    }

    // Whatever is not written shows.
    static float[] Poisoned(int count)
    {
        var values = new float[count];
        Array.Fill(values, float.NaN);
        return values;
    }
}
