using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using NNGen.Tests.Networks;
using NNGen.Tests.Networks.Narrow;
using NNGen.Tests.Networks.Wide;

namespace NNGen.Tests.Release;

/// <summary>What <see cref="ReleaseProgram"/> runs in a process of its own: a network of each kind, by a command.</summary>
internal static class Program
{
    public static void Run(string command)
    {
        if (command == "width")
        {
            Console.WriteLine(Avx512F.IsSupported ? 512 : 256);
            return;
        }
        Of<LeNet5, LeNet5.Batch, LeNet5.Metrics>(10, (network, x, y) => network.Predict(x, y));
        Of<NormedDigits, NormedDigits.Batch, NormedDigits.Metrics>(10, (network, x, y) => network.Predict(x, y));
        Of<LargeDense, LargeDense.Batch, LargeDense.Metrics>(10, (network, x, y) => network.Predict(x, y));
        Of<NarrowPoolings, NarrowPoolings.Batch, NarrowPoolings.Metrics>(6 * 48 * 22, (network, x, y) => network.Predict(x, y));
        Of<NarrowTiles, NarrowTiles.Batch, NarrowTiles.Metrics>(38 * 270, (network, x, y) => network.Predict(x, y));
        Of<WideResidual, WideResidual.Batch, WideResidual.Metrics>(10, (network, x, y) => network.Predict(x, y));

        void Of<TNet, TBatch, TMetrics>(int outputs, Action<TNet, float[], float[]> predict)
            where TNet : class, INetwork<TNet, TBatch, TMetrics>
            where TBatch : IBatch
            where TMetrics : IMetrics<TMetrics>
        {
            var values = Initialization.Draw(TNet.Layout, 4);
            switch (command)
            {
                case "train":
                    Console.WriteLine(TNet.Layout.Network + " " + Trained<TNet, TBatch, TMetrics>(values).Hash());
                    break;
                case "allocate":
                    Allocations<TNet, TBatch, TMetrics>.Print(TNet.Of(values), Batch<TNet, TBatch, TMetrics>(20), outputs, predict);
                    break;
                default:
                    throw new ArgumentException($"there is no command {command}");
            }
        }
    }

    static NetworkValues Trained<TNet, TBatch, TMetrics>(NetworkValues values)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics>
    {
        var state = Training.Of(TNet.Of(values), Adam.Default);
        foreach (var samples in new[] { 20, 5, 16, 2 })
            state = state.Step(TNet.Bind(Batch<TNet, TBatch, TMetrics>(samples)));
        return state.Network.Values;
    }

    static ColumnBatch Batch<TNet, TBatch, TMetrics>(int samples)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics> => new([.. TNet.Columns.Select(info => Column(info, samples))]);

    static Column Column(ColumnInfo info, int samples)
    {
        var random = new Random(samples);
        var count = info.Shape.Aggregate(samples, (product, size) => product * size);
        return info.Kind == ColumnKind.Real
            ? new RealColumn(info.Name, info.Shape, Enumerable.Range(0, count).Select(_ => (2 * random.NextSingle()) - 1).ToArray())
            : new LabelColumn(info.Name, info.Shape, Enumerable.Range(0, count).Select(_ => random.Next(info.Classes)).ToArray());
    }
}
