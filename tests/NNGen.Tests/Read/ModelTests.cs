using NNGen.Generators.Read;
using NNGen.Tests.Support;

namespace NNGen.Tests.Read;

public class ModelTests
{
    internal static long Count(NetworkSpec spec) => spec.Parameters.Sum(p => p.Shape.Aggregate(1L, (product, size) => product * size));

    static string[] Names(NetworkSpec spec) => [.. spec.Parameters.Select(p => p.Name)];

    [Fact]
    public void LeNet5_Read_HasItsParametersInOrder()
    {
        var spec = TestCompiler.Spec(Models.LeNet5);

        Assert.Equal(61_706, Count(spec));
        Assert.Equal(
            ["conv1.weight", "conv1.bias", "conv2.weight", "conv2.bias", "dense1.weight", "dense1.bias", "dense2.weight", "dense2.bias", "dense3.weight", "dense3.bias"], Names(spec));
        Assert.Equal([6, 1, 5, 5], spec.Parameters[0].Shape);
        Assert.Equal((25, 150), (spec.Parameters[0].FanIn, spec.Parameters[0].FanOut));
        Assert.Equal((25, "FanIn"), (spec.Parameters[1].FanIn, spec.Parameters[1].Initializer.Kind));
        Assert.Equal([120, 400], spec.Parameters[4].Shape);
        Assert.Equal(["Accuracy"], spec.Metrics);
        Assert.True(spec.HasLoss);
        var only = Assert.Single(spec.Specialisations);
        Assert.Equal([new DataSpec("image", [1, 28, 28], false, 0)], only.Inputs);
        Assert.Equal([new DataSpec("digit", [], true, 10)], only.Targets);
        Assert.Equal([new DataSpec("logits", [10], false, 0)], only.Outputs);
        Assert.Equal(["output:logits", "loss", "metric:Accuracy"], only.Graph.Outputs.Select(o => o.Name));
        Assert.False(only.Graph[only.Graph.OutputNode("loss")].Type.Batched);
        Assert.Equal(new Declaration("", [], "class", "LeNet5", "LeNet5.g.cs"), spec.Declaration);
    }

    [Fact]
    public void ResNet20_Read_CountsAndNamesItsBlocks()
    {
        var spec = TestCompiler.Spec(Models.ResNet20);

        Assert.Equal(272_474, Count(spec));
        Assert.Contains("residual4.conv1.weight", Names(spec));
        Assert.Contains("residual4.batchNorm3.bias", Names(spec));
        Assert.Contains("residual9.conv2.weight", Names(spec));
        Assert.DoesNotContain("residual1.conv3.weight", Names(spec));
        Assert.Equal("dense1.bias", Names(spec)[^1]);
        Assert.Equal(2 * 21, spec.Buffers.Count);
        Assert.Contains($"buffer:{spec.Buffers[0].Name}", spec.Specialisations[0].Graph.Outputs.Select(o => o.Name));
    }

    [Fact]
    public void DenseNet121_Read_CountsAndNamesItsBlocks()
    {
        var spec = TestCompiler.Spec(Models.DenseNet121);

        Assert.Equal(7_978_856, Count(spec));
        Assert.Contains("denseBlock2.bottleneck12.conv2.weight", Names(spec));
        Assert.Contains("transition3.conv1.weight", Names(spec));
        Assert.Equal("head.bias", Names(spec)[^3]);                              // born before the last batch norm
    }

    [Fact]
    public void Inception_Read_CountsItsBranches() => Assert.Equal(Block(3, 64, 96, 128, 16, 32, 32) + Block(256, 128, 128, 192, 32, 96, 64) + 480 * 10 + 10, Count(TestCompiler.Spec(Models.Inception)));

    static long Block(int x, int c1, int r3, int c3, int r5, int c5, int pool) =>
        (x + 1) * c1 + (x + 1) * r3 + (9 * r3 + 1) * c3 + (x + 1) * r5 + (25 * r5 + 1) * c5 + (x + 1) * pool;

    [Fact]
    public void UNet_WithSkipsInAList_ReturnsItsInputsSize()
    {
        var spec = TestCompiler.Spec(Models.UNet);

        Assert.Equal([1, 32, 32], spec.Specialisations[0].Outputs[0].Sizes);
        Assert.Contains("twice7.conv2.bias", Names(spec));
        Assert.Contains("convTranspose3.weight", Names(spec));
    }

    [Fact]
    public void SharedLayer_AppliedOften_HasOneSetOfParameters()
    {
        var spec = TestCompiler.Spec(Models.Shared);

        Assert.Equal(["hidden.weight", "hidden.bias", "embed.weight", "embed.bias"], Names(spec));
        Assert.Equal(["left", "right"], spec.Specialisations[0].Outputs.Select(o => o.Name));
        Assert.Equal(["same"], spec.Specialisations[0].Targets.Select(t => t.Name));
    }

    [Fact]
    public void Networks_UsedInANetwork_OwnRangesOfParameters()
    {
        var spec = TestCompiler.Spec(Models.Gan);

        Assert.Equal(["g.dense1.weight", "g.dense1.bias", "g.batchNorm1.weight", "g.batchNorm1.bias", "g.dense2.weight", "g.dense2.bias", "d.dense1.weight", "d.dense1.bias", "d.dense2.weight", "d.dense2.bias"], Names(spec));
        Assert.Equal([new NestedSpec("g", "global::Generator", 0, 6, 0, 2, false), new NestedSpec("d", "global::Discriminator", 6, 4, 2, 0, true)], spec.Nested);
        Assert.All(spec.Parameters, p => Assert.Equal(p.Name[0] == 'd', p.Frozen));
    }
}
