using NNGen.Kernels;
using NNGen.Tests.Networks;
using NNGen.Tests.Networks.Narrow;
using NNGen.Tests.Networks.Wide;
using NNGen.Tests.Support;

namespace NNGen.Tests.Emit;

public class LeNet5ThreadsTests : ThreadsTests<LeNet5, LeNet5.Batch, LeNet5.Metrics>;

public class NormedDigitsThreadsTests : ThreadsTests<NormedDigits, NormedDigits.Batch, NormedDigits.Metrics>;

public class LargeDenseThreadsTests : ThreadsTests<LargeDense, LargeDense.Batch, LargeDense.Metrics>;

public class WideResidualThreadsTests : ThreadsTests<WideResidual, WideResidual.Batch, WideResidual.Metrics>;

public class DeepConvolutionsThreadsTests : ThreadsTests<DeepConvolutions, DeepConvolutions.Batch, DeepConvolutions.Metrics>;

public class NarrowPoolingsThreadsTests : ThreadsTests<NarrowPoolings, NarrowPoolings.Batch, NarrowPoolings.Metrics>;

public class JoinedThreadsTests : ThreadsTests<Joined, Joined.Batch, Joined.Metrics>;

public class NestedJoinsThreadsTests : ThreadsTests<NestedJoins, NestedJoins.Batch, NestedJoins.Metrics>;

/// <summary>Gradient, buffers, metrics and evaluation have the same bits whoever computes them.</summary>
public abstract class ThreadsTests<TNet, TBatch, TMetrics>
    where TNet : class, INetwork<TNet, TBatch, TMetrics>
    where TBatch : IBatch
    where TMetrics : IMetrics<TMetrics>
{
    /// <summary>Up, down, and the same again: a workspace is used that others used before.</summary>
    static readonly int[] Samples = [1, 5, 16, 40, 17, 3, 40, 5];

    [Theory, InlineData(1), InlineData(2), InlineData(3), InlineData(8)]
    public void Step_OfATeam_HasTheBitsOfTheCallerAlone(int threads)
    {
        using var team = new WorkerTeam(threads);
        var network = Random(1).Network;
        foreach (var point in Samples.Select(Random))
        {
            var alone = Bits.OfStep(point.Network, point.Batch);
            Assert.Equal(alone, Bits.OfStep(network, point.Batch, team));
            Assert.Equal(alone, Bits.OfStep(network, point.Batch));
        }
    }

    [Fact]
    public void Step_OfATeamThatServesAnotherNetworkToo_HasTheBitsOfTheCallerAlone()
    {
        using var team = new WorkerTeam(3);
        var other = RandomBatch<UNet, UNet.Batch, UNet.Metrics>.Of(8, 20);
        var (point, network, otherNetwork) = (Random(20), Random(20).Network, other.Network);
        var (alone, otherAlone) = (Bits.OfStep(point.Network, point.Batch), Bits.OfStep(other.Network, other.Batch));
        for (var turn = 0; turn < 3; turn++)
        {
            Assert.Equal(alone, Bits.OfStep(network, point.Batch, team));
            Assert.Equal(otherAlone, Bits.OfStep(otherNetwork, other.Batch, team));
        }
    }

    [Fact]
    public void Step_FromSeveralThreadsAtOnce_HasTheBitsOfEachAlone()
    {
        var points = Samples[..4].Select(Random).ToArray();
        var alone = points.Select(point => Bits.OfStep(point.Network, point.Batch)).ToArray();
        var (network, results) = (points[0].Network, new int[points.Length, 3][]);
        var threads = Enumerable.Range(0, points.Length).Select(caller => new Thread(() =>
        {
            using var team = new WorkerTeam(2);
            for (var turn = 0; turn < 3; turn++)
                results[caller, turn] = Bits.OfStep(network, points[caller].Batch, team);
        })).ToArray();
        foreach (var thread in threads)
            thread.Start();
        foreach (var thread in threads)
            thread.Join();
        for (var caller = 0; caller < points.Length; caller++)
            for (var turn = 0; turn < 3; turn++)
                Assert.Equal(alone[caller], results[caller, turn]);
    }

    static RandomBatch<TNet, TBatch, TMetrics> Random(int samples) => RandomBatch<TNet, TBatch, TMetrics>.Of(6, samples);
}
