using NNGen.Benchmarks.Versus.Torch;
using TorchNetwork = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace NNGen.Benchmarks.Versus;

/// <summary>Makes a network of ours: `() => LeNet5.Initialize(seed)`, from which all three types follow.</summary>
internal delegate INetwork<TNet, TBatch, TMetrics> Maker<TNet, TBatch, TMetrics>()
    where TNet : class, INetwork<TNet, TBatch, TMetrics>
    where TBatch : IBatch
    where TMetrics : IMetrics<TMetrics>;

/// <summary>A network on both sides, and the batch that they compute.</summary>
/// <param name="Name">What it is called on the command line.</param>
/// <param name="Batch">Samples.</param>
/// <param name="OursOf">Makes our side, for so many samples and threads.</param>
/// <param name="PeerOf">Makes TorchSharp's side for so many samples, with the same weights.</param>
internal sealed record Case(string Name, int Batch, Func<int, int, ISide> OursOf, Func<int, TorchSide> PeerOf)
{
    /// <summary>Our side, for so many threads.</summary>
    public ISide Ours(int threads) => OursOf(Batch, threads);

    /// <summary>TorchSharp's side.</summary>
    public TorchSide Peer() => PeerOf(Batch);

    /// <summary>A case; nothing is made until a side is asked for.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="batch">Samples.</param>
    /// <param name="network">Makes our network.</param>
    /// <param name="predict">Its <c>Predict</c>.</param>
    /// <param name="peer">Makes the same network for TorchSharp; its parameters have the order and the shapes of ours.</param>
    public static Case Of<TNet, TBatch, TMetrics>(
        string name, int batch, Maker<TNet, TBatch, TMetrics> network, Action<TNet, ReadOnlySpan<float>, Span<float>> predict, Func<TorchNetwork> peer)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics> => new(
            name, batch,
            (samples, threads) => new Ours<TNet, TBatch, TMetrics>(network().Values, predict, Data.Draw(TNet.Columns, samples), threads),
            samples => new TorchSide(peer(), network().Values, Data.Draw(TNet.Columns, samples)));

    public override string ToString() => $"{Name} b{Batch}";
}
