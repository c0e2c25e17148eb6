using System.Runtime.Intrinsics;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Kernels;

namespace NNGen.Tests.Kernels;

/// <summary>Dense layers of many blocks against sums in double, in slices, with memory between one block and the next.</summary>
public class DenseLayersTests
{
    const int Lanes = 16, Slices = 8;

    // The last two have rows that are large powers of two apart: used backwards, they are packed.
    [Theory, InlineData(1, 1, 1), InlineData(7, 5, 2), InlineData(40, 13, 3), InlineData(3, 100, 1), InlineData(300, 67, 9), InlineData(1030, 256, 1), InlineData(300, 1024, 3)]
    public void Multiply_OfBothOrdersOfTheWeights_IsTheSum(int inner, int outputs, int blocks)
    {
        var (xPitch, yPitch) = ((inner * Lanes) + 16, (outputs * Lanes) + 48);
        var (x, w) = (Random(1, blocks * xPitch), Random(2, outputs * inner));
        float[] turned = [.. Enumerable.Range(0, w.Length).Select(i => w[(i % outputs * inner) + (i / outputs)])];
        float[] plain = Poisoned(blocks * yPitch), transposed = Poisoned(blocks * yPitch), scratch = Poisoned(DenseLayers.TransposedScratch(inner));
        for (var part = 0; part < Slices; part++)
        {
            DenseLayers.Multiply(ref w[0], ref x[0], xPitch, ref plain[0], yPitch, blocks, inner, outputs, part, Slices, new PlacedSum());
            DenseLayers.MultiplyTransposed(ref turned[0], ref x[0], xPitch, ref transposed[0], yPitch, ref scratch[0], blocks, inner, outputs, part, Slices, new PlacedSum());
        }

        for (var block = 0; block < blocks; block++)
            for (var o = 0; o < outputs; o++)
                for (var lane = 0; lane < Lanes; lane++)
                {
                    var at = (block * yPitch) + (o * Lanes) + lane;
                    var expected = Enumerable.Range(0, inner).Sum(k => (double)w[(o * inner) + k] * x[(block * xPitch) + (k * Lanes) + lane]) + at - lane + (1000 * o);
                    Assert.Equal(expected, plain[at], 1e-6 * Math.Abs(expected) + 1e-5);
                    Assert.Equal(plain[at], transposed[at]);
                }
    }

    [Theory, InlineData(1, 1, 1), InlineData(32, 1, 1), InlineData(33, 5, 16), InlineData(300, 67, 37), InlineData(70, 12, 128), InlineData(64, 13, 300), InlineData(301, 14, 130), InlineData(48, 30, 33)]
    public void Gradient_OfSamplesThatFillNoBlock_IsTheSum(int inputs, int outputs, int samples)
    {
        var blocks = LaneBlocks.Count(samples);
        var pitch = (outputs * Lanes) + 32;
        var (x, dy) = (Random(3, samples * inputs), Random(4, blocks * pitch));
        for (var lane = samples % Lanes; lane is > 0 and < Lanes; lane++)
            for (var o = 0; o < outputs; o++)
                dy[((blocks - 1) * pitch) + (o * Lanes) + lane] = float.NaN;
        float[] gradient = Poisoned(outputs * inputs), scratch = Poisoned(DenseLayers.GradientScratch(inputs, Slices));
        for (var part = 0; part < Slices; part++)
            DenseLayers.Gradient(ref x[0], ref dy[0], pitch, ref gradient[0], ref scratch[0], samples, inputs, outputs, part, Slices);

        for (var o = 0; o < outputs; o++)
            for (var k = 0; k < inputs; k++)
                Assert.Equal(Enumerable.Range(0, samples).Sum(n => (double)x[(n * inputs) + k] * dy[(n / Lanes * pitch) + (o * Lanes) + (n % Lanes)]), gradient[(o * inputs) + k], 2e-5);
    }

    [Theory, InlineData(300, 261), InlineData(4096, 512)]
    public void Scratch_OfASchedule_IsWhatTheKernelsNeed(int inputs, int outputs)
    {
        Assert.Equal(DenseLayers.TransposedScratch(inputs), new DenseLayer(0, 1, false, true, inputs, outputs).Scratch);
        Assert.Equal(DenseLayers.GradientScratch(inputs, LaneSchedule.Slices), new DenseLayer(0, 1, true, false, inputs, outputs).Scratch);
    }

    /// <summary>The sum, and where it was said to be.</summary>
    readonly struct PlacedSum : IEpilogue
    {
        public Vector512<float> Apply(Vector512<float> sum, nint at, nint channel) => sum + Vector512.Create((float)(at + (1000 * channel)));

        public Vector256<float> Apply(Vector256<float> sum, nint at, nint channel) => sum + Vector256.Create((float)(at / Lanes * Lanes) + (1000 * channel));

        public bool ReadsFar => false;

        public void Fetch(nint at, nint channel)
        {
        }
    }

    static float[] Random(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1)];
    }

    static float[] Poisoned(int count)
    {
        var values = new float[count];
        Array.Fill(values, float.NaN);
        return values;
    }
}
