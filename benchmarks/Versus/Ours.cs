using NNGen.Kernels;

namespace NNGen.Benchmarks.Versus;

/// <summary>Our side: a compiled network through its public members.</summary>
internal sealed class Ours<TNet, TBatch, TMetrics> : ISide
    where TNet : class, INetwork<TNet, TBatch, TMetrics>
    where TBatch : IBatch
    where TMetrics : IMetrics<TMetrics>
{
    private readonly NetworkValues start;
    private readonly TNet trained; // over parameters and buffers, which steps change in place
    private readonly TNet fresh; // over the weights to begin with, which its predictions may prepare
    private readonly TBatch batch;
    private readonly ReadOnlyMemory<float> input;
    private readonly Action<TNet, ReadOnlySpan<float>, Span<float>> predict;
    private readonly Aligned parameters, gradient, moments;
    private readonly float[] buffers, nextBuffers, outputs;
    private readonly ParameterUpdate update;
    private readonly WorkerTeam? team;
    private long steps;

    /// <summary>The side.</summary>
    /// <param name="start">The weights to begin with.</param>
    /// <param name="predict">The network's <c>Predict</c>.</param>
    /// <param name="data">The batch.</param>
    /// <param name="threads">Threads of a train step; predictions run on the caller's.</param>
    public Ours(NetworkValues start, Action<TNet, ReadOnlySpan<float>, Span<float>> predict, ColumnBatch data, int threads)
    {
        team = threads > 1 ? new(threads) : null;
        (this.start, this.predict) = (start, predict);
        (parameters, buffers) = (new(start.Parameters.Length), new float[start.Buffers.Length]);
        (gradient, nextBuffers) = (new(parameters.Length), new float[buffers.Length]);
        moments = new(Setup.Optimizer.StateCount(parameters.Length));
        update = new(Setup.Optimizer, parameters.Memory, gradient.Memory, moments.Memory);
        trained = TNet.Of(new(TNet.Layout, parameters.Memory, buffers));
        fresh = TNet.Of(start);
        batch = TNet.Bind(data);
        input = data.Real(0, TNet.Columns[0]);
        outputs = new float[data.Count * Data.OutputSize(TNet.Columns)];
    }

    public void BeginTraining()
    {
        start.Parameters.CopyTo(parameters.AsSpan(0));
        start.Buffers.CopyTo(buffers);
        moments.AsSpan(0).Clear();
        steps = 0;
    }

    public float Step()
    {
        var loss = trained.Gradient(batch, gradient.Memory, nextBuffers, team).Loss;
        nextBuffers.CopyTo(buffers.AsSpan());
        update.Run(++steps, team);
        return loss;
    }

    public void BeginPrediction()
    {
    }

    public void Predict() => predict(fresh, input.Span, outputs);

    public float[] Prediction()
    {
        Predict();
        return [.. outputs];
    }

    public void Dispose() => team?.Dispose();
}
