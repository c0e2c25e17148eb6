using NNGen.Kernels;

namespace NNGen;

/// <summary>Measures networks on data.</summary>
public static class Evaluation
{
    /// <summary>Loss and metrics in inference mode: the mean over batches weighted by their samples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="data">The data, at least one sample.</param>
    /// <param name="batchSize">How many samples go through at a time; it changes the time taken, and nothing else but last bits of the means.</param>
    /// <param name="team">Threads that share the work; the caller's alone when null.</param>
    /// <typeparam name="TNet">The [Network] class; all three types follow from <paramref name="network"/>.</typeparam>
    /// <typeparam name="TBatch">Its record of inputs and targets.</typeparam>
    /// <typeparam name="TMetrics">Its record of loss and metrics.</typeparam>
    /// <exception cref="ArgumentException">The data do not fit the network.</exception>
    public static TMetrics Of<TNet, TBatch, TMetrics>(INetwork<TNet, TBatch, TMetrics> network, Dataset data, int batchSize = 256, WorkerTeam? team = null)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics>
    {
        RequireFit<TNet, TBatch, TMetrics>(data);
        var mean = new MeanMetrics<TMetrics>();
        foreach (var columns in data.Batches(batchSize).ForEpoch(0))
            mean.Add(network.Evaluate(TNet.Bind(columns), team), columns.Count);
        return mean.Result;
    }

    /// <summary>Throws unless the whole data set could be bound to the network.</summary>
    /// <exception cref="ArgumentException">It says which column does not fit and what would.</exception>
    internal static void RequireFit<TNet, TBatch, TMetrics>(Dataset data)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics>
    {
        if (data.Count == 0)
            throw new ArgumentException($"There are no samples in the data for {TNet.Layout.Network}");
        TNet.Bind(new ColumnBatch(data.Columns));
    }
}
