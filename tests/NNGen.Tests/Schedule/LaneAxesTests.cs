using NNGen.Generators;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Tests.Support;

namespace NNGen.Tests.Schedule;

/// <summary>What lies in the lanes of a map where samples are computed one by one: its channels, made up to sixteen, or the places of its rows.</summary>
public class LaneAxesTests
{
    [Theory]
    [InlineData("x | Conv(6, 3, padding: 1) | Tanh", "6, 20, 32")]
    [InlineData("x | Conv(6, 3, padding: 1) | Tanh | MaxPool(2) | Conv(5, 3)", "6, 20, 32; 6, 10, 16; 5, 8, 14")]
    [InlineData("x | Conv(6, 3, stride: 2, padding: 1) | BatchNorm() | Relu", "6, 10, 16")]
    [InlineData("x | Conv(6, 3) | Conv(6, 3, groups: 6)", "6, 18, 30; 6, 16, 28")]
    [InlineData("Concat(x | Conv(4, 3), x | Conv(6, 3)) | Relu | Conv(5, 1)", "4, 18, 30; 6, 18, 30; 5, 18, 30")]
    public void Of_FewChannelsOfLongRows_LeavesThemAsTheyAre(string chain, string maps) => Assert.Equal(maps.Split("; ").Order(), Maps(chain).Where(map => !map.StartsWith("3,", StringComparison.Ordinal)).Distinct().Order());

    [Theory]
    [InlineData("x | Conv(12, 3, padding: 1) | Tanh | MaxPool(4)")]
    [InlineData("x | Conv(16, 3) | MaxPool(4) | Conv(9, 3)")]
    [InlineData("x | Conv(16, 3) | ConvTranspose(6, 2, stride: 2)")]
    [InlineData("x | Conv(16, 3) | Conv(14, 1)")]
    public void Of_ManyChannelsOrShortRows_MakesThemWhole(string chain) => Assert.All(Maps(chain).Where(map => !map.StartsWith("3,", StringComparison.Ordinal)), map => Assert.StartsWith("16,", map, StringComparison.Ordinal));

    /// <summary>The one is a group with a pooled map, for which channels are better, the other with none.</summary>
    [Fact]
    public void Of_TwoMapsOfOneSize_ChoosesForEach()
    {
        var maps = Maps("(x | Conv(6, 3, padding: 1) | Tanh | Conv(16, 3) | GlobalAveragePool) + (x | Conv(6, 3, padding: 1) | MaxPool(8) | Tanh | Conv(16, 1) | GlobalAveragePool)");

        Assert.Contains("6, 20, 32", maps);
        Assert.Contains("16, 20, 32", maps);
    }

    /// <summary>Its channels are in lanes where it is computed, and it is brought into rows for the few outputs that read it.</summary>
    [Fact]
    public void Of_WholeVectorsOfChannelsBeforeFew_BringsThemIntoRowsOnce()
    {
        var graph = Whole("x | Conv(32, 3, padding: 1) | Tanh | Conv(5, 3)");

        Assert.Equal("1, 32, 20, 32", string.Join(", ", graph.Nodes.Single(node => node.Type is { Batched: true, Rank: 4 }).Type.Sizes));
        Assert.Equal([5, 18, 30], graph[Assert.Single(graph.Outputs).Node].Type.Sizes);
    }

    /// <summary>Windows that lie side by side: their sum is no sum in rows, where lanes would have to ask which window they are in.</summary>
    [Fact]
    public void Of_TheAdjointOfPooling_MovesItsTilesInRows()
    {
        var spec = TestCompiler.Spec(TestCompiler.Forward("return x | Conv(6, 3, padding: 1) | MaxPool(2) | Conv(5, 3);", "[Shape(3, 20, 32)] Tensor x", "static Scalar Loss(Tensor y, [Shape(5, 8, 14)] Tensor target) => MeanSquaredError(y, target);"));
        var graph = WholeVectors.Of(Compiler.TrainingGraph(spec, spec.Specialisations[0], inputs: false));

        Assert.Empty(TypeChecker.Check(graph));
        Assert.DoesNotContain(graph.Nodes, node => node.Op == "window_sum");
    }

    static IReadOnlyList<string> Maps(string chain) => [.. Whole(chain).Nodes.Where(node => node is { Type: { Batched: true, Rank: 3 }, Op: not ("input" or "slice" or "concat" or "reshape") } && node.Type.Sizes[1] > 1).Select(node => string.Join(", ", node.Type.Sizes))];

    static TensorGraph Whole(string chain)
    {
        var spec = TestCompiler.Spec(TestCompiler.Forward($"return {chain};", "[Shape(3, 20, 32)] Tensor x"));
        var graph = WholeVectors.Of(Compiler.InferenceGraph(spec.Specialisations[0]));
        Assert.Empty(TypeChecker.Check(graph));
        return graph;
    }
}
