using NNGen.Generators.Schedule.Cpu;
using NNGen.Kernels;

namespace NNGen.Tests.Kernels;

/// <summary>Minimal filtering against direct sums in double, at maps that its tiles do not divide and with every padding.</summary>
public class WinogradTests
{
    const int Lanes = 16;

    sealed record Size(int Inputs, int Outputs, int Height, int Width, int Top, int Left, int Strip)
    {
        public int Rows => Height + (2 * Top) - 2;

        public int Columns => Width + (2 * Left) - 2;
    }

    [Theory]
    [InlineData(3, 5, 4, 4, 1, 1, 1), InlineData(16, 8, 7, 9, 1, 1, 4), InlineData(9, 12, 6, 5, 0, 0, 2), InlineData(17, 33, 8, 8, 1, 0, 3), InlineData(8, 8, 3, 10, 2, 2, 5), InlineData(1, 1, 3, 3, 0, 1, 1)]
    public void Convolve_OfRandomMaps_IsTheDirectSum(int inputs, int outputs, int height, int width, int top, int left, int strip)
    {
        var size = new Size(inputs, outputs, height, width, top, left, strip);
        var (x, w) = (Random(1, inputs * height * width * Lanes), Random(2, outputs * inputs * 9));

        foreach (var isAdjoint in new[] { false, true })
        {
            var y = Convolve(size, x, w, isAdjoint);

            double error = 0, length = 0;
            for (var o = 0; o < outputs; o++)
                for (var r = 0; r < size.Rows; r++)
                    for (var s = 0; s < size.Columns; s++)
                        for (var lane = 0; lane < Lanes; lane++)
                        {
                            var expected = 0.0;
                            for (var c = 0; c < inputs; c++)
                                for (var i = 0; i < 3; i++)
                                    for (var j = 0; j < 3; j++)
                                        expected += X(size, x, c, r + i, s + j, lane) * (isAdjoint ? w[(((((c * outputs) + o) * 3) + 2 - i) * 3) + 2 - j] : w[(((((o * inputs) + c) * 3) + i) * 3) + j]);
                            var difference = y[(((((o * size.Rows) + r) * size.Columns) + s) * Lanes) + lane] - expected;
                            (error, length) = (error + (difference * difference), length + (expected * expected));
                        }
            Assert.True(Math.Sqrt(error / length) < 3e-6, $"isAdjoint {isAdjoint}: off by {Math.Sqrt(error / length):g3}");
        }
    }

    [Theory]
    [InlineData(3, 5, 4, 4, 1, 1, 1, 16), InlineData(16, 8, 7, 9, 1, 1, 4, 16), InlineData(9, 12, 6, 5, 0, 0, 2, 1), InlineData(17, 33, 8, 8, 1, 0, 3, 13), InlineData(8, 8, 3, 10, 2, 2, 5, 7)]
    public void Gradient_OfRandomMaps_IsTheDirectSumOverTheLanesThatCount(int inputs, int outputs, int height, int width, int top, int left, int strip, int valid)
    {
        var size = new Size(inputs, outputs, height, width, top, left, strip);
        var (x, dy) = (Random(3, inputs * height * width * Lanes), Random(4, outputs * size.Rows * size.Columns * Lanes));
        for (var i = 0; i < dy.Length; i++)
            dy[i] = i % Lanes < valid ? dy[i] : float.NaN;
        var (share, scratch, gradient) = (Poisoned(Winograd.GradientFloats(outputs, inputs)), Poisoned(Winograd.GradientScratch(inputs, outputs, strip, false)), Poisoned(outputs * inputs * 9));

        Winograd.Gradient(new PlainMap(ref x[0]), new PlainMap(ref dy[0]), ref share[0], ref scratch[0], valid, inputs, outputs, height, width, size.Rows, size.Columns, top, left, strip);
        Winograd.Weights(ref share[0], ref gradient[0], outputs, inputs);

        double error = 0, length = 0;
        for (var o = 0; o < outputs; o++)
            for (var c = 0; c < inputs; c++)
                for (var i = 0; i < 3; i++)
                    for (var j = 0; j < 3; j++)
                    {
                        var expected = 0.0;
                        for (var r = 0; r < size.Rows; r++)
                            for (var s = 0; s < size.Columns; s++)
                                for (var lane = 0; lane < valid; lane++)
                                    expected += X(size, x, c, r + i, s + j, lane) * dy[(((((o * size.Rows) + r) * size.Columns) + s) * Lanes) + lane];
                        var difference = gradient[(((((o * inputs) + c) * 3) + i) * 3) + j] - expected;
                        (error, length) = (error + (difference * difference), length + (expected * expected));
                    }
        Assert.True(Math.Sqrt(error / length) < 1e-5, $"off by {Math.Sqrt(error / length):g3}");
    }

    [Theory, InlineData(16, 16, 32, 32), InlineData(24, 12, 16, 16), InlineData(64, 128, 8, 8), InlineData(9, 8, 5, 7)]
    public void Scheduled_Sizes_AreWhatTheKernelsNeed(int inputs, int outputs, int height, int width)
    {
        var convolution = new WinogradConvolution(0, 1, false, false, inputs, outputs, height, width, height, width, 1, 1);
        var weights = convolution with { IsWeights = true };

        Assert.Equal(Winograd.KernelFloats(outputs, inputs), convolution.KernelFloats);
        Assert.Equal(Winograd.ConvolutionScratch(inputs, outputs, convolution.Strip, false), convolution.Scratch);
        Assert.Equal(Winograd.GradientFloats(outputs, inputs), weights.GradientFloats);
        Assert.Equal(Winograd.GradientScratch(inputs, outputs, weights.Strip, false), weights.Scratch);
    }

    [Theory, InlineData(1, 1, 1), InlineData(8, 5, 2), InlineData(15, 16, 3), InlineData(13, 7, 4), InlineData(4, 300, 1)]
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

    static float[] Convolve(Size size, float[] x, float[] w, bool isAdjoint)
    {
        var (kernels, scratch) = (Poisoned(Winograd.KernelFloats(size.Outputs, size.Inputs)), Poisoned(Winograd.ConvolutionScratch(size.Inputs, size.Outputs, size.Strip, false)));
        var y = Poisoned(size.Outputs * size.Rows * size.Columns * Lanes);
        Winograd.Kernels(ref w[0], ref kernels[0], size.Outputs, size.Inputs, isAdjoint, isRows: false);
        Winograd.Convolve(new PlainMap(ref x[0]), ref kernels[0], ref y[0], ref scratch[0], size.Inputs, size.Outputs, size.Height, size.Width, size.Rows, size.Columns, size.Top, size.Left, size.Strip, new PlainSum());
        return y;
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
