using NNGen.Tests.Networks;
using NNGen.Tests.Networks.Wide;
using NNGen.Tests.Support;

namespace NNGen.Tests.Emit;

public class LeNet5PaddingTests() : PaddingTests<LeNet5, LeNet5.Batch, LeNet5.Metrics>((network, x, y) => network.Predict(x, y), outputs: 10);

public class NormedDigitsPaddingTests() : PaddingTests<NormedDigits, NormedDigits.Batch, NormedDigits.Metrics>((network, x, y) => network.Predict(x, y), outputs: 10);

public class LargeDensePaddingTests() : PaddingTests<LargeDense, LargeDense.Batch, LargeDense.Metrics>((network, x, y) => network.Predict(x, y), outputs: 10);

public class WideResidualPaddingTests() : PaddingTests<WideResidual, WideResidual.Batch, WideResidual.Metrics>((network, x, y) => network.Predict(x, y), outputs: 10);

public class DeepConvolutionsPaddingTests() : PaddingTests<DeepConvolutions, DeepConvolutions.Batch, DeepConvolutions.Metrics>((network, x, y) => network.Predict(x, y), outputs: 48);

/// <summary>A sample's results do not depend on what lies beside it: other samples, those of earlier batches, lanes that nobody fills.</summary>
/// <param name="predict">The network's Predict.</param>
/// <param name="outputs">Elements of its output.</param>
public abstract class PaddingTests<TNet, TBatch, TMetrics>(PaddingTests<TNet, TBatch, TMetrics>.Prediction predict, int outputs)
    where TNet : class, INetwork<TNet, TBatch, TMetrics>
    where TBatch : IBatch
    where TMetrics : IMetrics<TMetrics>
{
    public delegate void Prediction(TNet network, ReadOnlySpan<float> x, Span<float> y);

    [Fact]
    public void Step_AfterABatchFullOfNaN_HasTheBitsOfAFreshNetwork()
    {
        var (point, network) = (Random(5), Random(5).Network);
        var poison = Poisoned(Random(16));

        Bits.OfStep(network, poison);

        Assert.Equal(Bits.OfStep(point.Network, point.Batch), Bits.OfStep(network, point.Batch));
    }

    [Fact]
    public void Predict_AfterABatchFullOfNaN_HasTheBitsOfAFreshNetwork()
    {
        var (point, network) = (Random(5), Random(5).Network);
        var (x, nan) = (Inputs(point), new float[Inputs(Random(16)).Length]);
        Array.Fill(nan, float.NaN);

        Outputs(network, nan);

        Assert.Equal(Outputs(point.Network, x), Outputs(network, x));
    }

    /// <summary>Few samples may have a program of their own, which sums in another order.</summary>
    [Fact]
    public void Predict_OfTwoSamplesOneByOne_HasTheBitsOfBothTogether()
    {
        var (network, x) = (Random(2).Network, Inputs(Random(2)));

        Assert.Equal(Outputs(network, x), x.Chunk(x.Length / 2).SelectMany(sample => Outputs(network, sample)));
    }

    [Theory, InlineData(16), InlineData(19), InlineData(31)]
    public void Predict_WithMoreSamples_HasTheBitsOfTheFirst(int samples)
    {
        var (network, x) = (Random(40).Network, Inputs(Random(40)));

        Assert.Equal(Outputs(network, x)[..(samples * outputs)], Outputs(network, x[..(x.Length / 40 * samples)]));
    }

    [Theory, InlineData(2), InlineData(5), InlineData(16), InlineData(19)]
    public void Predict_WithNaNInOneSample_LeavesTheOthersAlone(int samples)
    {
        var (network, x) = (Random(samples).Network, Inputs(Random(samples)));
        var expected = Outputs(network, x);
        for (var nan = 0; nan < samples; nan++)
        {
            var poisoned = x.ToArray();
            poisoned.AsSpan(nan * x.Length / samples, x.Length / samples).Fill(float.NaN);
            var actual = Outputs(network, poisoned);

            Assert.All(actual.AsSpan(nan * outputs, outputs).ToArray(), bits => Assert.True(float.IsNaN(BitConverter.Int32BitsToSingle(bits))));
            expected.AsSpan(nan * outputs, outputs).CopyTo(actual.AsSpan(nan * outputs, outputs));
            Assert.Equal(expected, actual);
        }
    }

    int[] Outputs(TNet network, float[] x)
    {
        var y = new float[x.Length / TNet.Columns[0].Shape.Aggregate(1, (product, size) => product * size) * outputs];
        predict(network, x, y);
        return Bits.Of(y);
    }

    static float[] Inputs(RandomBatch<TNet, TBatch, TMetrics> point) => ((RealColumn)point.Columns[0]).Values.ToArray();

    static TBatch Poisoned(RandomBatch<TNet, TBatch, TMetrics> point) => (point with
    {
        Columns = [.. point.Columns.Select(column => column is RealColumn real ? new RealColumn(real.Name, real.Shape, Enumerable.Repeat(float.NaN, real.Values.Length).ToArray()) : column)],
    }).Batch;

    static RandomBatch<TNet, TBatch, TMetrics> Random(int samples) => RandomBatch<TNet, TBatch, TMetrics>.Of(6, samples);
}
