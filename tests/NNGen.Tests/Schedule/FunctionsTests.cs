using NNGen.Generators;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Tests.Support;

namespace NNGen.Tests.Schedule;

/// <summary>Functions on sums of products: which stay in the nest of the sum.</summary>
public class FunctionsTests
{
    [Theory]
    [InlineData(1, "x | Conv(3, 3) | Tanh")]
    [InlineData(1, "x | Conv(3, 3) | Softplus")]
    [InlineData(1, "x | Conv(3, 3) | Relu")]
    [InlineData(2, "x | Conv(3, 3) | Tanh | AveragePool(2)")]
    [InlineData(2, "x | Flatten | Dense(5) | Tanh | Dense(3) | Sigmoid")]
    public void Fuse_OfAFunctionOnASum_IsOneNest(int nests, string chain) => Assert.Equal(nests, Program(chain).Nests.Count);

    /// <summary>Two sums would need registers for both.</summary>
    [Fact]
    public void Fuse_OfAFunctionOnTwoSums_StoresOneOfThem() => Assert.Equal(2, Program("Tanh((x | Conv(3, 3)) + (x | Conv(3, 3)))").Nests.Count);

    [Theory, InlineData(true, "x | Conv(3, 3) | Tanh"), InlineData(true, "x | Flatten | Dense(3) | Sigmoid"), InlineData(false, "x | Conv(3, 3) | Relu"), InlineData(false, "x | Conv(3, 3)"), InlineData(false, "x | Tanh")]
    public void Split_OfANest_IsTheSumAndTheFunctionThatReadsItWhereTheResultLies(bool isSplit, string chain)
    {
        var nest = Program(chain).Nests[^1];

        var steps = Functions.Split(nest);

        Assert.Equal(isSplit, steps is not null);
        if (steps is var (sum, function))
        {
            Assert.NotNull(Tiling.Products(sum));
            Assert.Null(Tiling.Products(function));
            Assert.Contains(nest.Node, Generators.Fuse.Reads.Of(function).Loads);
        }
    }

    static Generators.Fuse.LoopProgram Program(string chain) =>
        LaneSchedule.Fuse(Compiler.InferenceGraph(TestCompiler.Spec(TestCompiler.Forward($"return {chain};", "[Shape(2, 6, 6)] Tensor x")).Specialisations[0]), isDirect: true);
}
