using NNGen.Generators;
using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Simplify;
using NNGen.Tests.Read;
using NNGen.Tests.Support;

namespace NNGen.Tests.Fuse;

/// <summary>Simplified and fused loops compute what the graph says, node by node.</summary>
public class RandomProgramTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(0, 200)];

    [Theory, MemberData(nameof(Seeds))]
    public void SimplifyAndFuse_OfARandomProgram_ChangeNoValue(int seed)
    {
        var program = RandomGraph.Of(new Draw(nameof(FusionTests), seed));
        Assert.Empty(TypeChecker.Check(program.Graph));
        var expected = GraphInterpreter.Of(program.Graph, program.Samples).Run(program.Leaves);

        var simplified = Rewriter.Rewrite(program.Graph, Rules.All);
        Assert.Empty(TypeChecker.Check(simplified));
        Agree("simplified", simplified, GraphInterpreter.Of(simplified, program.Samples).Run(program.Leaves));
        Agree("fused", simplified, LoopInterpreter.Of(Fusion.Fuse(simplified), program.Samples).Run(program.Leaves));
        var whole = WholeVectors.Of(simplified);
        Assert.Empty(TypeChecker.Check(whole));
        Agree("with whole vectors of channels", whole, GraphInterpreter.Of(whole, program.Samples).Run(program.Leaves));
        Agree("unfused", simplified, LoopInterpreter.Of(Fusion.Unfused(simplified), program.Samples).Run(program.Leaves));

        void Agree(string what, TensorGraph graph, double[]?[] actual)
        {
            foreach (var output in program.Graph.Outputs)
                foreach (var (e, a) in expected[output.Node]!.Zip(actual[graph.OutputNode(output.Name)]!))
                    Assert.True(Checks.Near(e, a, 1e-9), $"{what}: {output.Name} has {a:R} and should have {e:R} in\n{Printer.Print(program.Graph)}");
        }
    }

    [Theory]
    [InlineData(nameof(Models.LeNet5)), InlineData(nameof(Models.ResNet20)), InlineData(nameof(Models.UNet)), InlineData(nameof(Models.Gan))]
    public void Compile_OfAModel_LeavesEveryPassAWellTypedGraph(string name)
    {
        var spec = TestCompiler.Spec(Models.All.Single(model => model.Name == name).Source);
        var s = spec.Specialisations[0];

        Assert.Empty(TypeChecker.Check(s.Graph));
        foreach (var program in new[] { Compiler.Inference(s), Compiler.Evaluation(s), Compiler.Loss(s), Compiler.Training(spec, s, inputs: true) })
        {
            Assert.Empty(TypeChecker.Check(program.Graph));
            var stored = new HashSet<int>(program.Nests.Select(nest => nest.Node));
            Assert.All(program.Graph.Outputs, output => Assert.Contains(output.Node, stored));
        }
    }

    /// <summary>What only training needs is not in the other programs.</summary>
    [Fact]
    public void Inference_OfBatchNorm_ReadsStoredStatisticsAndSumsNothingOverTheBatch()
    {
        var graph = Compiler.InferenceGraph(TestCompiler.Spec(Models.ResNet20).Specialisations[0]);

        Assert.DoesNotContain(graph.Nodes, node => node.Op is "batch_sum" or "training" or "where");
        Assert.Contains(graph.Nodes, node => node.Op == "buffer");
    }

    /// <summary>The activation rides in the loop that has the sum, and the sum itself is nowhere stored.</summary>
    [Fact]
    public void Fuse_OfADenseLayer_IsOneNest()
    {
        var program = Compiler.Inference(TestCompiler.Spec(TestCompiler.Forward("return x | Dense(3) | Tanh;")).Specialisations[0]);

        Assert.Equal("tanh", program.Graph[Assert.Single(program.Nests).Node].Op);
    }
}
