using System.Diagnostics;
using NNGen.Kernels;

namespace NNGen;

/// <summary>
/// The mutable inside of a training: one copy of the numbers that steps change in place, so that a step allocates nothing of the network's size. Nothing of
/// it is seen outside; <see cref="Publish"/> copies.
/// </summary>
internal sealed class TrainingRun<TNet, TBatch, TMetrics>
    where TNet : class, INetwork<TNet, TBatch, TMetrics>
    where TBatch : IBatch
    where TMetrics : IMetrics<TMetrics>
{
    private readonly Optimizer optimizer;
    private readonly Memory<float> parameters;
    private readonly float[] buffers;
    private readonly float[] nextBuffers;
    private readonly Memory<float> gradient;
    private readonly Memory<float> moments;
    private readonly ParameterUpdate update;
    private readonly TNet network; // over parameters and buffers
    private readonly (int Offset, float[] Values)[] frozen;
    private readonly WorkerTeam? team;
    private long steps;

    public TrainingRun(TrainingState<TNet, TBatch, TMetrics> start, WorkerTeam? team)
    {
        this.team = team;
        var values = start.Network.Values;
        optimizer = start.Optimizer;
        parameters = Copy(values.Parameters);
        buffers = values.Buffers.ToArray();
        nextBuffers = new float[buffers.Length];
        gradient = Floats(parameters.Length);
        moments = Copy(start.Moments.Span);
        update = new(optimizer, parameters, gradient, moments);
        network = TNet.Of(new(TNet.Layout, parameters, buffers));
        steps = start.Steps;
        frozen = [.. TNet.Layout.Parameters.Where(info => info.Frozen).Select(info => (info.Offset, parameters.Span.Slice(info.Offset, info.Count).ToArray()))];
    }

    public TMetrics Step(TBatch batch)
    {
        var metrics = network.Gradient(batch, gradient, nextBuffers, team);
        nextBuffers.CopyTo(buffers.AsSpan());
        update.Run(++steps, team);
        foreach (var (offset, values) in frozen)
            values.CopyTo(parameters.Span[offset..]); // their gradient is 0, but weight decay would move them
        return metrics;
    }

    public Epoch<TNet, TBatch, TMetrics> Pass(Batches data, int epoch, IProgress<TrainingProgress>? progress, CancellationToken cancellation)
    {
        var watch = Stopwatch.StartNew();
        var mean = new MeanMetrics<TMetrics>();
        var done = 0;
        foreach (var columns in data.Reusing(epoch))
        {
            cancellation.ThrowIfCancellationRequested();
            mean.Add(Step(TNet.Bind(columns)), columns.Count);
            done++;
            progress?.Report(new(epoch + 1, done, data.Count, Measure.All(mean.Result), [], watch.Elapsed.TotalSeconds));
        }

        return new(epoch + 1, Publish(epoch + 1), mean.Result, watch.Elapsed.TotalSeconds);
    }

    public TrainingState<TNet, TBatch, TMetrics> Publish(int epoch) => new(
        TNet.Of(new(TNet.Layout, parameters.ToArray(), buffers.ToArray())), optimizer, moments.ToArray(), steps, epoch);

    // Floats of an array that is never moved, and collected only with all that is old.
    private const int Large = 21_250;

    // So is aligned memory, which is pinned; small arrays of a single step may go at once.
    private static Memory<float> Floats(int count) => count < Large ? new float[count] : new Aligned(count).Memory;

    private static Memory<float> Copy(ReadOnlySpan<float> values)
    {
        var copy = Floats(values.Length);
        values.CopyTo(copy.Span);
        return copy;
    }
}
