using NNGen.Kernels;

namespace NNGen;

/// <summary>
/// Starts trainings: <c>Training.Of(network, Adam.Default).Epochs(data.Shuffled(seed).Batches(64)).Take(10).Watch(heldOut)</c> is a lazy sequence of epochs.
/// </summary>
public static class Training
{
    /// <summary>The state before the first step.</summary>
    /// <param name="network">The network to start from.</param>
    /// <param name="optimizer">The optimiser.</param>
    /// <typeparam name="TNet">The [Network] class; all three types follow from <paramref name="network"/>.</typeparam>
    /// <typeparam name="TBatch">Its record of inputs and targets.</typeparam>
    /// <typeparam name="TMetrics">Its record of loss and metrics.</typeparam>
    public static TrainingState<TNet, TBatch, TMetrics> Of<TNet, TBatch, TMetrics>(INetwork<TNet, TBatch, TMetrics> network, Optimizer optimizer)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics> =>
        new((TNet)network, optimizer, new float[optimizer.StateCount(TNet.Layout.ParameterCount)], 0, 0);

    /// <summary>A state that <see cref="TrainingState{TNet, TBatch, TMetrics}.Save"/> wrote, under the optimiser that it was saved with.</summary>
    /// <param name="path">The file.</param>
    /// <param name="optimizer">The optimiser that is expected; whichever the file names when null.</param>
    /// <typeparam name="TNet">The [Network] class.</typeparam>
    /// <typeparam name="TBatch">Its record of inputs and targets.</typeparam>
    /// <typeparam name="TMetrics">Its record of loss and metrics.</typeparam>
    /// <exception cref="NetworkFileException">It is no training state, or one of another network or optimiser; the message says what differs.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static TrainingState<TNet, TBatch, TMetrics> Resume<TNet, TBatch, TMetrics>(string path, Optimizer? optimizer = null)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics>
    {
        var saved = TrainingStateFile.Load(path, TNet.Layout, optimizer);
        return new(TNet.Of(saved.Values), saved.Optimizer, saved.Moments, saved.Steps, saved.Epoch);
    }

    /// <summary>Measures every epoch's network on held-out data and reports it; the sequence stays lazy.</summary>
    /// <param name="epochs">The epochs of a training.</param>
    /// <param name="heldOut">Data that the training does not see.</param>
    /// <param name="progress">Told after every epoch, for example <see cref="Progress.ToConsole"/>; not at all when null.</param>
    /// <param name="threads">How many threads share the measuring, as many as the machine has processors when null.</param>
    /// <typeparam name="TNet">The [Network] class.</typeparam>
    /// <typeparam name="TBatch">Its record of inputs and targets.</typeparam>
    /// <typeparam name="TMetrics">Its record of loss and metrics.</typeparam>
    /// <exception cref="ArgumentException">The data do not fit the network; thrown at once, not when enumerated.</exception>
    public static IEnumerable<Epoch<TNet, TBatch, TMetrics>> Watch<TNet, TBatch, TMetrics>(
        this IEnumerable<Epoch<TNet, TBatch, TMetrics>> epochs, Dataset heldOut, IProgress<TrainingProgress>? progress = null, int? threads = null)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics>
    {
        Evaluation.RequireFit<TNet, TBatch, TMetrics>(heldOut);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads ?? 1, 1, nameof(threads));
        return epochs.Select(epoch =>
        {
            using var team = new WorkerTeam(threads ?? Environment.ProcessorCount);
            var watched = new Epoch<TNet, TBatch, TMetrics>(epoch, Evaluation.Of(epoch.Network, heldOut, team: team));
            progress?.Report(new(epoch.Number, 1, 1, Measure.All(epoch.Train), Measure.All(watched.Test), epoch.Seconds));
            return watched;
        });
    }
}
