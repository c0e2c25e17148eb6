using NNGen.Kernels;

namespace NNGen.Tests.Support;

/// <summary>Results bit by bit.</summary>
internal static class Bits
{
    public static int[] Of(params IEnumerable<float> values) => [.. values.Select(BitConverter.SingleToInt32Bits)];

    /// <summary>Of a training step: metrics, next buffers and gradient; and of the evaluation.</summary>
    public static int[] OfStep<TNet, TBatch, TMetrics>(INetwork<TNet, TBatch, TMetrics> network, TBatch batch, WorkerTeam? team = null)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics>
    {
        float[] gradient = new float[TNet.Layout.ParameterCount], buffers = new float[TNet.Layout.BufferCount];
        Array.Fill(gradient, float.NaN);
        Array.Fill(buffers, float.NaN);
        var metrics = network.Gradient(batch, gradient, buffers, team);
        return Of([.. Numbers(metrics), .. buffers, .. gradient, .. Numbers(network.Evaluate(batch, team))]);
    }

    static IEnumerable<float> Numbers<TMetrics>(TMetrics metrics) where TMetrics : IMetrics<TMetrics> => TMetrics.Names.Select((_, i) => metrics[i]);
}
