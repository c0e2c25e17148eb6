namespace NNGen;

/// <summary>One pass of a training over its data: an immutable value.</summary>
/// <typeparam name="TNet">The [Network] class.</typeparam>
/// <typeparam name="TBatch">Its record of inputs and targets.</typeparam>
/// <typeparam name="TMetrics">Its record of loss and metrics.</typeparam>
public sealed class Epoch<TNet, TBatch, TMetrics>
    where TNet : class, INetwork<TNet, TBatch, TMetrics>
    where TBatch : IBatch
    where TMetrics : IMetrics<TMetrics>
{
    private readonly (bool Known, TMetrics Value) test;

    internal Epoch(int number, TrainingState<TNet, TBatch, TMetrics> state, TMetrics train, double seconds) =>
        (Number, State, Train, Seconds) = (number, state, train, seconds);

    internal Epoch(Epoch<TNet, TBatch, TMetrics> epoch, TMetrics test) : this(epoch.Number, epoch.State, epoch.Train, epoch.Seconds) =>
        this.test = (true, test);

    /// <summary>Which epoch, from 1; a resumed training counts on.</summary>
    public int Number { get; }

    /// <summary>The state after the epoch, to save or to train on from.</summary>
    public TrainingState<TNet, TBatch, TMetrics> State { get; }

    /// <summary>The network after the epoch.</summary>
    public TNet Network => State.Network;

    /// <summary>
    /// Loss and metrics on the training data, the mean over the epoch's batches weighted by their samples, each measured before its step. A loss that is NaN
    /// or infinite says that the training has diverged.
    /// </summary>
    public TMetrics Train { get; }

    /// <summary>Whether <see cref="Test"/> was measured.</summary>
    public bool IsWatched => test.Known;

    /// <summary>Loss and metrics of the network after the epoch on held-out data.</summary>
    /// <exception cref="InvalidOperationException">The sequence is not watched: put <c>.Watch(heldOut)</c> into it.</exception>
    public TMetrics Test => test.Known ? test.Value : throw new InvalidOperationException(
        "Test is known only after .Watch(heldOut) in the sequence of epochs: state.Epochs(data).Watch(heldOut)");

    /// <summary>Whether the loss of the epoch is no number any more (NaN or infinite).</summary>
    public bool Diverged => !float.IsFinite(Train.Loss);

    /// <summary>Time that the pass took, in seconds.</summary>
    public double Seconds { get; }
}
