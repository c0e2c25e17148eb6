using System.Collections.Immutable;
using NNGen.Kernels;

namespace NNGen;

/// <summary>A compiled network: an immutable value that consists of its numbers. The generator implements it.</summary>
/// <typeparam name="TSelf">The [Network] class itself.</typeparam>
public interface INetwork<TSelf> where TSelf : class, INetwork<TSelf>
{
    /// <summary>The network's tensors.</summary>
    static abstract NetworkLayout Layout { get; }

    /// <summary>The network with these numbers.</summary>
    /// <param name="values">Values of this network's <see cref="Layout"/>.</param>
    static abstract TSelf Of(NetworkValues values);

    /// <summary>The network's numbers.</summary>
    NetworkValues Values { get; }
}

/// <summary>A batch of a network's inputs and targets.</summary>
public interface IBatch
{
    /// <summary>The number of samples, at least 1.</summary>
    int Count { get; }
}

/// <summary>The loss and the metrics of a batch or of a data set, one number each; the first is the loss.</summary>
/// <typeparam name="TSelf">The metrics record itself.</typeparam>
public interface IMetrics<TSelf> where TSelf : IMetrics<TSelf>
{
    /// <summary>Their names, <c>Loss</c> first.</summary>
    static abstract ImmutableArray<string> Names { get; }

    /// <summary>The record with these numbers.</summary>
    /// <param name="values">As many as there are <see cref="Names"/>.</param>
    static abstract TSelf Of(ReadOnlySpan<float> values);

    /// <summary>The number of that place in <see cref="Names"/>.</summary>
    float this[int index] { get; }

    /// <summary>The loss.</summary>
    float Loss { get; }
}

/// <summary>What data a network wants.</summary>
public interface IDataContract
{
    /// <summary>The inputs of <c>Forward</c> in order, then the targets of <c>Loss</c>.</summary>
    static abstract ImmutableArray<ColumnInfo> Columns { get; }
}

/// <summary>A network that has a loss and can be trained.</summary>
/// <typeparam name="TSelf">The [Network] class itself.</typeparam>
/// <typeparam name="TBatch">Its record of inputs and targets.</typeparam>
/// <typeparam name="TMetrics">Its record of loss and metrics.</typeparam>
public interface INetwork<TSelf, TBatch, TMetrics> : INetwork<TSelf>, IDataContract
    where TSelf : class, INetwork<TSelf, TBatch, TMetrics>
    where TBatch : IBatch
    where TMetrics : IMetrics<TMetrics>
{
    /// <summary>The network's batch over columns of data.</summary>
    /// <param name="columns">Columns as <see cref="IDataContract.Columns"/> wants them.</param>
    /// <exception cref="ArgumentException">A column is missing, or is of another kind or shape, or a label is out of range.</exception>
    static abstract TBatch Bind(ColumnBatch columns);

    /// <summary>Loss and metrics of the batch in training mode, and the gradient of the loss.</summary>
    /// <param name="batch">Inputs and targets.</param>
    /// <param name="gradient">Receives d loss / d parameters, in the order of the flat array of parameters.</param>
    /// <param name="buffers">Receives the buffers after this batch, in the order of the flat array of buffers.</param>
    /// <param name="team">Threads that share the work; the caller's alone when null. The bits do not depend on how many there are.</param>
    TMetrics Gradient(TBatch batch, Memory<float> gradient, Memory<float> buffers, WorkerTeam? team = null);

    /// <summary>Loss and metrics of the batch in inference mode.</summary>
    /// <param name="batch">Inputs and targets.</param>
    /// <param name="team">Threads that share the work; the caller's alone when null. The bits do not depend on how many there are.</param>
    TMetrics Evaluate(TBatch batch, WorkerTeam? team = null);
}
