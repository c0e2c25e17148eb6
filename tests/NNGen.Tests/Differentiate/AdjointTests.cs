using NNGen.Generators;
using NNGen.Generators.Differentiate;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;
using NNGen.Tests.Support;

namespace NNGen.Tests.Differentiate;

public class AdjointTests
{
    [Fact]
    public void Of_AParameterThatTheLossDoesNotReach_SaysSoAndGivesZero()
    {
        var (builder, w, x) = Leaves();
        var unreached = builder.Leaf(Generators.Ops.Leaves.Parameter, "unreached", TensorType.Real([2], false));
        var (graph, faults) = Adjoint.Of(builder.Build(("loss", Statistics.BatchMean(Statistics.Sum(x * w, 0)))), "loss", [("w", w.Id), ("unreached", unreached.Id)]);

        Assert.Equal(["NNG2001: unreached"], faults.Select(Short));
        Assert.Equal(unreached.Id, faults[0].Node);
        Assert.Equal([0, 0], GraphInterpreter.Of(graph, 2).Run(Given, "gradient:unreached"));
        Assert.Equal([2, 3], GraphInterpreter.Of(graph, 2).Run(Given, "gradient:w"));
        Assert.Empty(TypeChecker.Check(graph));
    }

    [Fact]
    public void Of_AStepOnTheWay_SaysThatTheGradientIsDropped()
    {
        var (builder, w, x) = Leaves();
        var step = builder.Apply(Elementwise.Step, x * w);
        var (_, faults) = Adjoint.Of(builder.Build(("loss", Statistics.BatchMean(Statistics.Sum(step, 0)))), "loss", [("w", w.Id)]);

        Assert.Equal(["NNG2002: step"], faults.Select(Short)); // once, and not again for each parameter behind it
        Assert.Equal(step.Id, faults[0].Node);
    }

    /// <summary>Where nothing that is trained flows into the step, nothing is lost.</summary>
    [Fact]
    public void Of_AStepOfDataAlone_IsSilent()
    {
        var (builder, w, x) = Leaves();
        Assert.Empty(Adjoint.Of(builder.Build(("loss", Statistics.BatchMean(Statistics.Sum(builder.Apply(Elementwise.Step, x) * w, 0)))), "loss", [("w", w.Id)]).Faults);
    }

    [Fact]
    public void Of_StopGradient_IsSilentWhereAnotherPathRemains()
    {
        var (builder, w, x) = Leaves();
        var loss = Statistics.BatchMean(Statistics.Sum(x * w * builder.Apply(Elementwise.StopGradient, w), 0));
        var (graph, faults) = Adjoint.Of(builder.Build(("loss", loss)), "loss", [("w", w.Id)]);

        Assert.Empty(faults);
        Assert.Equal([2 * 0.5, 3 * -1], GraphInterpreter.Of(graph, 2).Run(Given, "gradient:w"));
    }

    /// <summary>A value that is used several times collects all its cotangents.</summary>
    [Fact]
    public void Of_AValueUsedTwice_AddsItsCotangents()
    {
        var (builder, w, x) = Leaves();
        var (graph, _) = Adjoint.Of(builder.Build(("loss", Statistics.BatchMean(Statistics.Sum(x * w + w * w, 0)))), "loss", [("w", w.Id)]);

        Assert.Equal([2 + 2 * 0.5, 3 + 2 * -1], GraphInterpreter.Of(graph, 2).Run(Given, "gradient:w"));
    }

    [Theory]
    [InlineData("return x | Dense(2);", "")]
    [InlineData("var unused = Dense(2); _ = x | unused; return x | Dense(2);", "NNG2001: unused.weight; NNG2001: unused.bias")]
    [InlineData("return (x | Dense(2) | Step) + (x | Dense(2));", "NNG2002: step")]
    public void Check_OfANetwork_NamesWhatGetsNoGradient(string body, string expected)
    {
        var source = TestCompiler.Forward(body, members: "static Scalar Loss(Tensor y) => Mean(Square(y));");
        var compilation = TestCompiler.CompileCleanly(source);

        Assert.Equal(expected, string.Join("; ", Compiler.Check(TestCompiler.Read(compilation).Spec).Select(Short)));
    }

    // The id and whom it names: "NNG2001: w does not reach ..", "NNG2002: the gradient of step is ..".
    static string Short(NodeFault fault) => $"{fault.Fault.Id}: {fault.Fault.Arguments[0].Replace("the gradient of ", "").Split(' ')[0]}";

    static IReadOnlyDictionary<string, double[]> Given => new Dictionary<string, double[]> { ["x"] = [1, 2, 3, 4], ["w"] = [0.5, -1] };

    static (GraphBuilder Builder, Value W, Value X) Leaves()
    {
        var builder = new GraphBuilder();
        return (builder, builder.Leaf(Generators.Ops.Leaves.Parameter, "w", TensorType.Real([2], false)), builder.Leaf(Generators.Ops.Leaves.Input, "x", TensorType.Real([2], true)));
    }
}
