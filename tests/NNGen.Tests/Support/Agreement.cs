using System.Collections.Immutable;

namespace NNGen.Tests.Support;

/// <summary>Scheduled float programs against the plain ones in double, at random values and data.</summary>
internal static class Agreement
{
    /// <summary>Loss, gradient and next buffers of a batch: tensor by tensor within the tolerance, and the same bits when called again.</summary>
    public static void Training<TNet, TBatch, TMetrics>(int samples, double tolerance, ulong seed = 5)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>, IDoubleNetwork<TNet>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics>
    {
        var point = RandomBatch<TNet, TBatch, TMetrics>.Of(seed, samples);
        var (expected, expectedBuffers) = (new double[TNet.Layout.ParameterCount], new double[TNet.Layout.BufferCount]);
        var loss = TNet.LossAndGradient(samples, point.Parameters, point.Buffers, point.Reals, point.Labels, expected, [], expectedBuffers);
        var network = point.Network;
        var (metrics, gradient, buffers) = Step(network, point.Batch);

        Assert.True(Math.Abs(loss - metrics.Loss) <= tolerance * Math.Max(1, Math.Abs(loss)), $"{samples} samples: the loss is {metrics.Loss:R} and should be {loss:R}");
        Near(TNet.Layout.Parameters, expected, gradient, tolerance, $"{samples} samples: d loss / d");
        Near(TNet.Layout.Buffers, expectedBuffers, buffers, tolerance, $"{samples} samples: next");

        // What another batch leaves behind in the workspace must not matter.
        Step(network, RandomBatch<TNet, TBatch, TMetrics>.Of(seed + 1, Math.Max(1, samples - 1)).Batch);
        var again = Step(network, point.Batch);
        Assert.True(Bits(gradient).SequenceEqual(Bits(again.Gradient)) && Bits(buffers).SequenceEqual(Bits(again.Buffers)) && metrics.Equals(again.Metrics),
            $"{samples} samples: the second call gives other bits");

        static (TMetrics Metrics, float[] Gradient, float[] Buffers) Step(TNet network, TBatch batch)
        {
            float[] gradient = new float[TNet.Layout.ParameterCount], buffers = new float[TNet.Layout.BufferCount];
            Array.Fill(gradient, float.NaN);
            Array.Fill(buffers, float.NaN);
            return (network.Gradient(batch, gradient, buffers), gradient, buffers);
        }
    }

    /// <summary>The loss in inference mode of a network without running statistics, for which that is the loss in training mode.</summary>
    public static void Evaluation<TNet, TBatch, TMetrics>(int samples, double tolerance)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>, IDoubleNetwork<TNet>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics>
    {
        Assert.Equal(0, TNet.Layout.BufferCount);
        var point = RandomBatch<TNet, TBatch, TMetrics>.Of(7, samples);
        var loss = TNet.Loss(samples, point.Parameters, point.Buffers, point.Reals, point.Labels);
        var metrics = point.Network.Evaluate(point.Batch);
        Assert.True(Math.Abs(loss - metrics.Loss) <= tolerance * Math.Max(1, Math.Abs(loss)), $"{samples} samples: the loss is {metrics.Loss:R} and should be {loss:R}");
    }

    /// <summary>The outputs in inference mode.</summary>
    /// <param name="samples">Samples in the batch.</param>
    /// <param name="outputs">Elements of each output per sample.</param>
    /// <param name="tolerance">Relative to each output's length as a vector.</param>
    /// <param name="predict">The network's own Predict on arrays of inputs and outputs.</param>
    public static void Inference<TNet, TBatch, TMetrics>(int samples, int[] outputs, double tolerance, Action<TNet, float[][], float[][]> predict)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>, IDoubleNetwork<TNet>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics>
    {
        var point = RandomBatch<TNet, TBatch, TMetrics>.Of(9, samples);
        var network = point.Network;
        double[][] expected = [.. outputs.Select(count => new double[count * samples])];
        float[][] Run()
        {
            float[][] actual = [.. outputs.Select(count => new float[count * samples])];
            predict(network, [.. point.Columns.OfType<RealColumn>().Select(column => column.Values.ToArray())], actual);
            return actual;
        }

        TNet.Predict(samples, point.Parameters, point.Buffers, point.Reals, expected);
        var (first, second) = (Run(), Run());
        for (var i = 0; i < outputs.Length; i++)
        {
            Assert.True(Bits(first[i]).SequenceEqual(Bits(second[i])), $"{samples} samples: a second call gives other bits in output {i}");
            Assert.True(Distance(expected[i], first[i]) <= tolerance * Math.Max(Length(expected[i]), 1e-3), $"{samples} samples: output {i} is off by {Distance(expected[i], first[i]):g3} of {Length(expected[i]):g3}");
        }
    }

    // Relative to the tensor, or to a thousandth of all of them where its own gradient vanishes (a bias in front of a batch norm).
    static void Near(ImmutableArray<TensorInfo> tensors, double[] expected, float[] actual, double tolerance, string what)
    {
        var all = Length(expected);
        foreach (var tensor in tensors)
        {
            var e = expected.AsSpan(tensor.Offset, tensor.Count);
            var a = actual.AsSpan(tensor.Offset, tensor.Count);
            var scale = Math.Max(Length(e), 1e-3 * all);
            Assert.True(Distance(e, a) <= tolerance * scale, $"{what} {tensor.Name}: off by {Distance(e, a) / scale:g3} of its length {scale:g3}");
        }
    }

    public static double Length(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value * value;
        return Math.Sqrt(sum);
    }

    public static double Distance(ReadOnlySpan<double> expected, ReadOnlySpan<float> actual)
    {
        var sum = 0.0;
        for (var i = 0; i < expected.Length; i++)
            sum += (expected[i] - actual[i]) * (expected[i] - actual[i]);
        return Math.Sqrt(sum);
    }

    static IEnumerable<int> Bits(float[] values) => values.Select(BitConverter.SingleToInt32Bits);
}
