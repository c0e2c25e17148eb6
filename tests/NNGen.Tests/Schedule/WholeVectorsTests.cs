using NNGen.Generators;
using NNGen.Generators.Emit.Cpu;
using NNGen.Generators.Emit.Cpu.Lanes;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Tests.Support;
using CpuPrograms = NNGen.Generators.Emit.Cpu.Programs;

namespace NNGen.Tests.Schedule;

/// <summary>Predictions of few samples: channels made up to whole vectors, and from how many samples on a block is quicker. That values stay is shown with the other passes.</summary>
public class WholeVectorsTests
{
    [Theory]
    [InlineData("x | Conv(6, 3) | Tanh | MaxPool(2)")]
    [InlineData("x | Conv(6, 3) | BatchNorm() | Relu | Conv(5, 3)")]
    [InlineData("x | Conv(12, 1) | Conv(12, 3, padding: 1, groups: 12)")]
    [InlineData("x | ConvTranspose(5, 3, stride: 2) | LeakyRelu(0.1f) | AveragePool(2)")]
    [InlineData("x | Conv(5, 3) | Upsample(2) | Sigmoid")]
    [InlineData("(x | Conv(4, 3)) + (x | Conv(4, 3) | Relu)")]
    [InlineData("Concat(x | Conv(4, 3) | Tanh, x | Conv(6, 3)) | Relu | MaxPool(2) | Conv(5, 1)")]
    [InlineData("Concat(x | Conv(8, 3), x | Conv(8, 3)) | BatchNorm() | Conv(5, 1)")]
    [InlineData("Concat(x | Conv(8, 3), x | Conv(12, 3) | Slice(0, 4, 8)) | Conv(5, 1)")]
    public void Of_AChainOfMaps_MakesAllItsChannelsWholeVectors(string chain)
    {
        var graph = Whole(chain);

        Assert.All(graph.Nodes.Where(node => node.Type is { Batched: true, Rank: > 0 } && node.Op is not ("input" or "slice" or "concat")), node => Assert.Equal(0, node.Type.Sizes[0] % 16));
    }

    [Fact]
    public void Of_ANetwork_GivesItsOutputsTheirOwnChannels()
    {
        var graph = Whole("x | Conv(6, 3) | Tanh");

        Assert.Equal([6, 6, 6], graph[Assert.Single(graph.Outputs).Node].Type.Sizes);
    }

    /// <summary>Each part of a join has vectors of its own, and nothing is copied to join them.</summary>
    [Theory, InlineData("Concat(x | Conv(4, 3), x | Conv(6, 3)) | Tanh | Conv(5, 3)", 0), InlineData("Concat(x | Conv(4, 3), x | Conv(6, 3)) | Tanh", 1), InlineData("Concat(x | Conv(16, 3), x | Conv(32, 3)) | Conv(5, 3)", 1)]
    public void Of_AJoin_LeavesItInPartsUnlessItIsAnOutputOrItsPartsFillVectors(string chain, int joins) =>
        Assert.Equal(joins, Whole(chain).Nodes.Count(node => node is { Op: "concat", Type.Batched: true }));

    /// <summary>What is in the channels that were made up must not matter, so nothing may be summed over them.</summary>
    [Theory, InlineData("x | Conv(6, 3) | Conv(5, 3)"), InlineData("x | Conv(6, 3) | Log | GlobalAveragePool | Flatten | Dense(3)"), InlineData("x | Conv(6, 3) | Softmax(0)")]
    public void Of_ChannelsThatMeet_ReadsTheRealOnesAlone(string chain)
    {
        var graph = Whole(chain);

        foreach (var node in graph.Nodes.Where(node => node.Op is "convolution" || node.Op == "contract" || (node.Op is "sum" or "max" && node.Attributes.Integers.Contains(0))))
            Assert.All(node.Inputs.Where(input => graph[input].Type.Batched), input => Assert.NotEqual(16, graph[input].Type.Sizes[0]));
    }

    [Theory, InlineData("LeNet5.cs", "LeNet5", 4, 12), InlineData("LargeDense.cs", "LargeDense", 2, 6)]
    public void Programs_OfANetworkWithTheBatchInLanes_HaveOneForFewSamples(string file, string name, int least, int most) =>
        Assert.InRange(CpuPrograms.Of(Lanes.Spec(file, name), new KernelTable()).Single(program => program.Kind == ProgramKind.FewSamplesInference).Most, least, most);

    /// <summary>Code is worth it where images are large: batches are small then, and steps long.</summary>
    [Theory, InlineData("LargeImages.cs", "LargeImages", 1), InlineData("LeNet5.cs", "LeNet5", 0), InlineData("LargeDense.cs", "LargeDense", 0)]
    public void Programs_OfANetworkWithTheBatchInLanes_HaveATrainStepForFewLargeImages(string file, string name, int number) =>
        Assert.Equal(number, CpuPrograms.Of(Lanes.Spec(file, name), new KernelTable()).Count(program => program.Kind == ProgramKind.FewSamplesTraining));

    /// <summary>With its channels in lanes any number of samples is done one by one.</summary>
    [Fact]
    public void Programs_OfANetworkWithItsChannelsInLanes_HaveOneInferenceProgram() =>
        Assert.DoesNotContain(CpuPrograms.Of(Lanes.Spec("Wide/WideResidual.cs", "WideResidual"), new KernelTable()), program => program.Kind == ProgramKind.FewSamplesInference);

    /// <summary>Nothing but functions of single numbers: a block does sixteen in the time of one.</summary>
    [Fact]
    public void Programs_OfANetworkWithoutChannels_HaveOneInferenceProgram()
    {
        var spec = TestCompiler.Spec(TestCompiler.Forward("return x | Transpose(1, 0) | Softmax(0) | Tanh;", "[Shape(5, 7)] Tensor x"));

        Assert.DoesNotContain(CpuPrograms.Of(spec, new KernelTable()), program => program.Kind == ProgramKind.FewSamplesInference);
    }

    /// <summary>What is unusual about these is read by one sample's program alone.</summary>
    [Theory]
    [InlineData("x | Flatten | Dense(1) | Reshape([]) | Reshape(1) | Dense(3)")]
    [InlineData("Where((x | Conv(12, 3, padding: 1) | Relu | Conv(1, 1)) > 0f, x, -x)")]
    [InlineData("Concat(BatchMean(x | Conv(6, 3)), x | Conv(6, 3)) | Relu | Slice(0, 0, 6)")]
    [InlineData("BatchMean(Concat(BatchMean(x | Conv(6, 3)), x | Conv(6, 3)))")]
    public void Generated_OfUnusualNetworks_Compiles(string body)
    {
        using var compiled = InMemory.Compile(TestCompiler.Forward($"return {body};", "[Shape(3, 8, 8)] Tensor x"));
    }

    [Theory, InlineData("few"), InlineData("program"), InlineData("start"), InlineData("portion")]
    public void Generated_OfAnInputWithTheNameOfALocal_Compiles(string name)
    {
        using var few = InMemory.Compile(TestCompiler.Forward($"return {name} | Conv(6, 3) | Tanh | Conv(6, 3);", $"[Shape(3, 28, 28)] Tensor {name}"));
        using var many = InMemory.Compile(TestCompiler.Forward($"return {name} | Conv(64, 3) | Relu | Conv(64, 3);", $"[Shape(64, 4, 4)] Tensor {name}"));
    }

    static TensorGraph Whole(string chain)
    {
        var spec = TestCompiler.Spec(TestCompiler.Forward($"return {chain};", "[Shape(3, 8, 8)] Tensor x"));
        var graph = WholeVectors.Of(Compiler.InferenceGraph(spec.Specialisations[0]));
        Assert.Empty(TypeChecker.Check(graph));
        return graph;
    }
}
