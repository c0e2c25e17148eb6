using NNGen.Kernels;

namespace NNGen;

/// <summary>
/// Where a training stands: an immutable value. A step maps it to a new one; a state that is kept stays what it is however long others are trained on.
/// </summary>
/// <typeparam name="TNet">The [Network] class.</typeparam>
/// <typeparam name="TBatch">Its record of inputs and targets.</typeparam>
/// <typeparam name="TMetrics">Its record of loss and metrics.</typeparam>
public sealed class TrainingState<TNet, TBatch, TMetrics>
    where TNet : class, INetwork<TNet, TBatch, TMetrics>
    where TBatch : IBatch
    where TMetrics : IMetrics<TMetrics>
{
    private readonly float[] moments;

    /// <summary>A state over an array that from now on belongs to it.</summary>
    internal TrainingState(TNet network, Optimizer optimizer, float[] moments, long steps, int epoch) =>
        (Network, Optimizer, this.moments, Steps, Epoch) = (network, optimizer, moments, steps, epoch);

    /// <summary>The network as trained so far.</summary>
    public TNet Network { get; }

    /// <summary>The optimiser.</summary>
    public Optimizer Optimizer { get; }

    /// <summary>The optimiser's state (momentum, moments), as <see cref="Optimizer.Update"/> keeps it.</summary>
    public ReadOnlyMemory<float> Moments => moments;

    /// <summary>Steps done.</summary>
    public long Steps { get; }

    /// <summary>Epochs done; the next epoch's order of samples follows from it and the data's seed.</summary>
    public int Epoch { get; }

    /// <summary>One step on a batch: a pure function.</summary>
    /// <param name="batch">Inputs and targets.</param>
    /// <returns>The state after the step.</returns>
    public TrainingState<TNet, TBatch, TMetrics> Step(TBatch batch) => Step(batch, out _);

    /// <summary>One step on a batch: a pure function.</summary>
    /// <param name="batch">Inputs and targets.</param>
    /// <param name="metrics">Loss and metrics of the batch before the step.</param>
    /// <param name="team">Threads that share the work; the caller's alone when null. The bits do not depend on how many there are.</param>
    /// <returns>The state after the step.</returns>
    public TrainingState<TNet, TBatch, TMetrics> Step(TBatch batch, out TMetrics metrics, WorkerTeam? team = null)
    {
        var run = new TrainingRun<TNet, TBatch, TMetrics>(this, team);
        metrics = run.Step(batch);
        return run.Publish(Epoch);
    }

    /// <summary>
    /// Trains without end, lazily: every element is one pass over the data, an immutable value of its own. Enumerating again starts from this state again.
    /// </summary>
    /// <param name="data">The data in batches; the last of an epoch may be short. A shuffled one has a new order each epoch.</param>
    /// <param name="progress">Told after every batch, on the training thread; not at all when null.</param>
    /// <param name="threads">How many threads share the work, as many as the machine has processors when null. The bits do not depend on it.</param>
    /// <param name="cancellation">Stops between two batches; what was yielded before stays valid.</param>
    /// <exception cref="ArgumentException">The data do not fit the network; thrown at once, not when enumerated.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="threads"/> is below 1.</exception>
    /// <exception cref="OperationCanceledException">While enumerating: cancelled.</exception>
    public IEnumerable<Epoch<TNet, TBatch, TMetrics>> Epochs(Batches data, IProgress<TrainingProgress>? progress = null, int? threads = null, CancellationToken cancellation = default)
    {
        Evaluation.RequireFit<TNet, TBatch, TMetrics>(data.Data);
        ArgumentOutOfRangeException.ThrowIfLessThan(threads ?? 1, 1, nameof(threads));
        return Run();

        IEnumerable<Epoch<TNet, TBatch, TMetrics>> Run()
        {
            using var team = new WorkerTeam(threads ?? Environment.ProcessorCount);
            var run = new TrainingRun<TNet, TBatch, TMetrics>(this, team);
            for (var epoch = Epoch; ; epoch++)
                yield return run.Pass(data, epoch, progress, cancellation);
        }
    }

    /// <summary>
    /// The same state under another optimiser. Its state (momentum, moments) is kept where the kind is the same and keeps as many floats, else it starts at 0.
    /// </summary>
    /// <param name="optimizer">The optimiser to go on with, for example <c>Adam</c> with a smaller rate.</param>
    public TrainingState<TNet, TBatch, TMetrics> With(Optimizer optimizer)
    {
        var count = optimizer.StateCount(TNet.Layout.ParameterCount);
        return new(Network, optimizer, optimizer.Kind == Optimizer.Kind && count == moments.Length ? moments : new float[count], Steps, Epoch);
    }

    /// <summary>Saves everything that <see cref="Resume"/> needs; the file is written whole or not at all.</summary>
    /// <param name="path">The file, in the safetensors format.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path) => TrainingStateFile.Of(Network.Values, Optimizer, moments, Steps, Epoch).Save(path);

    /// <summary>A saved state of the same network and optimiser: training goes on as if it had not been interrupted, bit by bit.</summary>
    /// <param name="path">A file that <see cref="Save"/> wrote.</param>
    /// <exception cref="NetworkFileException">It is no training state, or one of another network or optimiser; the message says what differs.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public TrainingState<TNet, TBatch, TMetrics> Resume(string path) => Training.Resume<TNet, TBatch, TMetrics>(path, Optimizer);
}
