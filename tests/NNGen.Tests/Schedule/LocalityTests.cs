using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Tests.Support;

namespace NNGen.Tests.Schedule;

/// <summary>What a sample does while its maps are near, and what it does again.</summary>
public class LocalityTests
{
    const int Samples = 3;

    // sum over samples and places of (x - m)^2, where m is the mean over them, or any number of each channel.
    [Theory, InlineData(true), InlineData(false)]
    public void Of_DeviationsFromASharedNumber_AreThoseFromEachSamplesMeanAndItsOwn(bool isMean)
    {
        var builder = new GraphBuilder();
        var x = builder.Leaf(Leaves.Input, "x", TensorType.Real([2, 4, 3], true));
        var shared = isMean ? Statistics.BatchSum(Statistics.Sum(x, 1, 2)) * (1.0 / (12 * Samples)) : builder.Leaf(Leaves.Parameter, "m", TensorType.Real([2], false));
        var deviation = x - Broadcasting.Along(shared, x.Type.Sizes, batched: true, [0]);
        var graph = builder.Build(("y", Statistics.BatchSum(Statistics.Sum(deviation * deviation, 1, 2))));

        var local = Locality.Of(graph);

        Assert.Empty(TypeChecker.Check(local));
        // Only a mean per sample, not a map, still waits for what all samples share.
        Assert.DoesNotContain(local.Nodes, node => node.Op == Elementwise.Subtract.Name && node.Type.Rank == 3 && IsShared(local, node.Inputs[1]));
        Assert.Contains(local.Nodes, node => node.Op == Elementwise.Subtract.Name && node.Type.Rank == 1 && IsShared(local, node.Inputs[1]));
        var given = new Dictionary<string, double[]> { ["x"] = [.. new Draw("x", 1).Reals(24 * Samples).Select(value => value + 100)], ["m"] = [98, 101] };
        Assert.All(GraphInterpreter.Of(graph, Samples).Run(given, "y").Zip(GraphInterpreter.Of(local, Samples).Run(given, "y")), pair => Assert.Equal(pair.First, pair.Second, 1e-9 * pair.First));
    }

    [Fact]
    public void Of_DeviationsFromANumberOfEachPlace_StayAsTheyAre()
    {
        var builder = new GraphBuilder();
        var x = builder.Leaf(Leaves.Input, "x", TensorType.Real([2, 4, 3], true));
        var deviation = x - builder.Leaf(Leaves.Parameter, "m", TensorType.Real([2, 4, 3], false));
        var graph = builder.Build(("y", Statistics.BatchSum(Statistics.Sum(deviation * deviation, 1, 2))));

        Assert.Equal(Printer.Print(graph), Printer.Print(Locality.Of(graph)));
    }

    [Fact]
    public void Schedule_OfBatchNorm_WalksThroughAConvolutionOnceForItsStatistics()
    {
        var schedule = Lanes.Training("Wide/WideResidual.cs", "WideResidual");
        var graph = schedule.Program.Graph;
        var convolutions = schedule.Nests.Where(nest => graph[nest.Nest.Node] is { Op: "convolution", Type.Batched: true, Label.Length: > 0 }).ToArray();
        Assert.Equal(6, convolutions.Length);
        foreach (var convolution in convolutions)
        {
            // Its sums and its deviations are taken in its own stage; in the next one only a number per channel is.
            var next = schedule.Nests.Where(nest => nest.Stage == convolution.Stage + 1 && nest.Reads.Contains(convolution.Nest.Node));
            Assert.Empty(next);
            Assert.Contains(schedule.Nests, nest => nest.Form == LaneForm.SampleShares && nest.Stage == convolution.Stage && nest.Reads.Contains(convolution.Nest.Node));
        }
    }

    [Fact]
    public void Schedule_OfARectifiedNorm_ReadsItAsTheSumsThatItIsMadeOf()
    {
        var schedule = Lanes.Training("Wide/WideResidual.cs", "WideResidual");
        var graph = schedule.Program.Graph;
        // relu(batch norm) of a convolution rides in the next one of stride 1 and, computed again, in that one's weights' gradient; no nest computes it or reads it.
        var riding = schedule.Nests.Where(nest => nest.Prologue is not null).ToArray();
        Assert.Equal([LaneForm.Winograd, LaneForm.WinogradWeights], riding.Select(nest => nest.Form).Distinct().Order());
        Assert.All(riding, nest =>
        {
            Assert.Equal("relu", graph[nest.Prologue!.Node].Op);
            Assert.Equal("convolution", graph[nest.Convolution!.Data].Op);
            Assert.DoesNotContain(nest.Prologue.Node, nest.Reads);
            Assert.Contains(nest.Convolution.Data, nest.Reads);
            Assert.DoesNotContain(schedule.Nests, other => other.Nest.Node == nest.Prologue.Node || other.Reads.Contains(nest.Prologue.Node));
        });
        // The masks of the backward pass are told from the sums too, on the way of the adjoint's own sums to memory.
        Assert.Contains(schedule.Nests, nest => nest is { Form: LaneForm.Winograd, Convolution.IsAdjoint: true, Sum: not null } && riding.Any(other => nest.Reads.Contains(other.Convolution!.Data)));
    }

    // Statistics of all samples lie between a convolution and what reads its normalised map: by then the map has left. What its own stage reads of it is near, and not asked for.
    [Fact]
    public void IsFar_OfAConvolutionBeforeANorm_HoldsForTheNormsReadersAlone()
    {
        var schedule = Lanes.Training("Wide/WideResidual.cs", "WideResidual");
        var readers = schedule.Nests.Where(nest => nest.Prologue is not null).ToArray();
        Assert.NotEmpty(readers);
        Assert.All(readers, reader => Assert.True(schedule.IsFar(reader.Convolution!.Data, reader.Stage)));
        var statistics = schedule.Nests.Where(nest => nest.Form == LaneForm.SampleShares && nest.Reads.Any(read => readers.Any(reader => reader.Convolution!.Data == read)) && nest.Stage < readers.Min(reader => reader.Stage)).ToArray();
        Assert.NotEmpty(statistics);
        Assert.All(statistics, nest => Assert.DoesNotContain(nest.Reads, read => schedule.IsFar(read, nest.Stage)));
    }

    [Fact]
    public void Schedule_OfARectifiedNormThatIsAddedToOthers_StoresIt()
    {
        var schedule = Lanes.Training("Wide/WideResidual.cs", "WideResidual");
        var graph = schedule.Program.Graph;
        // A block's output is a sum of two maps: its window would read both.
        Assert.Contains(schedule.Nests, nest => nest.Form == LaneForm.Sample && graph[nest.Nest.Node].Op == "relu" && nest.Nest.Loads().Count(load => graph[load].Type is { Batched: true, Rank: 3 }) > 1);
    }

    static bool IsShared(TensorGraph graph, int id) => !graph[id].Type.Batched || (graph[id].Op == Movements.Broadcast.Name && IsShared(graph, graph[id].Inputs[0]));
}
