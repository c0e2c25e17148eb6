using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using ScalarExpression = NNGen.Generators.Graph.Scalar;

namespace NNGen.Tests.Support;

/// <summary>The interpreter is what all compiler tests trust: it finds what a compiled program would get wrong in silence.</summary>
public class InterpreterTests
{
    static readonly Axis I = new("i", 3), J = new("j", 4), N = new("n", Axis.Batch);

    static readonly TensorGraph Graph = Loaded();

    [Fact]
    public void Evaluate_OfAReduction_LoopsOverItsAxes()
    {
        var sum = new ScalarExpression.Reduce(Reducer.Sum, [I, J], new ScalarExpression.Position((Subscript)I * 10 + J));
        Assert.Equal(3 * (0 + 1 + 2 + 3) + 4 * (0 + 10 + 20), ScalarInterpreter.Evaluate(sum, Memory()));

        var position = new ScalarExpression.Reduce(Reducer.ArgMax, [I, J], new ScalarExpression.Position(((Subscript)I * 4 + J) % 5));
        Assert.Equal(4, ScalarInterpreter.Evaluate(position, Memory()));

        var largest = new ScalarExpression.Reduce(Reducer.Max, [J], new ScalarExpression.Position((Subscript)J * -1 - 2));
        Assert.Equal(-2, ScalarInterpreter.Evaluate(largest, Memory()));

        var batch = new ScalarExpression.Reduce(Reducer.Sum, [N], new ScalarExpression.Load(0, new Point(N, [I])));
        Assert.Equal(1 + 4, ScalarInterpreter.Evaluate(batch, Memory(), (I, 1)));
    }

    [Fact]
    public void Evaluate_OfAGuard_TouchesTheInsideOnlyWhereConditionsHold()
    {
        var guarded = new ScalarExpression.Guard([new Condition.Divisible(J, 2), new Condition.InRange((Subscript)J / 2 - 1, 3)],
            new ScalarExpression.Load(1, new Point(null, [(Subscript)J / 2 - 1])), new ScalarExpression.Literal(-1));
        Assert.Equal([-1, -1, 10, -1], Enumerable.Range(0, 4).Select(j => ScalarInterpreter.Evaluate(guarded, Memory(), (J, j))));
    }

    [Fact]
    public void Evaluate_OfALoadOutside_Fails()
    {
        Assert.Contains("%1 : f32[3] is read at 3 on axis 0", Fails(new ScalarExpression.Load(1, new Point(null, [(Subscript)J])), (J, 3)));
        Assert.Contains("sample 2 of %0", Fails(new ScalarExpression.Load(0, new Point((Subscript)J, [Subscript.Zero])), (J, 2)));
        Assert.Contains("at 2 coordinates", Fails(new ScalarExpression.Load(1, new Point(null, [J, J])), (J, 0)));
    }

    [Fact]
    public void Evaluate_OfASelection_ReadsBothBranches() =>
        Assert.Contains("is read at 3", Fails(new ScalarExpression.Apply(Function.Select, new ScalarExpression.Literal(0),
            new ScalarExpression.Load(1, new Point(null, [(Subscript)J])), new ScalarExpression.Literal(1)), (J, 3)));

    [Fact]
    public void Evaluate_OfAnAxisOutsideItsLoop_Fails() => Assert.Contains("axis j is read outside its loop", Fails(new ScalarExpression.Position((Subscript)I + J), (I, 0)));

    /// <summary>Sharing costs nothing: as a tree this would take 2^60 additions.</summary>
    [Fact]
    public void Evaluate_OfASharedExpression_ComputesItOnce()
    {
        ScalarExpression x = new ScalarExpression.Position(I);
        for (var i = 0; i < 60; i++)
            x = new ScalarExpression.Apply(Function.Add, x, x);
        Assert.Equal(Math.Pow(2, 61), ScalarInterpreter.Evaluate(x, Memory(), (I, 2)));
    }

    [Fact]
    public void Run_OfALoopProgram_StoresNestAfterNest()
    {
        var builder = new GraphBuilder(Graph);
        var y = builder.At(0) + builder.At(1);
        var z = builder.Apply(Reductions.BatchSum, y);
        Axis n = new("n", Axis.Batch), i = new("i", 3), k = new("k", 3);
        var graph = builder.Build(("z", z));
        var sum = new Nest(y.Id, [n, i], new ScalarExpression.Apply(Function.Add, Load(0, n, i), Load(1, null, i)), [y.Id]);
        var total = new Nest(z.Id, [k], new ScalarExpression.Reduce(Reducer.Sum, [N], Load(y.Id, N, k)), [z.Id]);
        var given = new Dictionary<string, double[]> { ["x"] = [0, 1, 2, 3, 4, 5], ["w"] = [10, 20, 30] };

        Assert.Equal([23, 45, 67], LoopInterpreter.Of(new LoopProgram(graph, [sum, total]), 2).Run(given, "z"));
        Assert.Equal([23, 45, 67], GraphInterpreter.Of(graph, 2).Run(given, "z"));
        var error = Assert.Throws<InvalidOperationException>(() => LoopInterpreter.Of(new LoopProgram(graph, [total, sum]), 2).Run(given));
        Assert.Equal($"%{y.Id} is read before it is stored", error.Message);
        error = Assert.Throws<InvalidOperationException>(() => LoopInterpreter.Of(new LoopProgram(graph, [new Nest(z.Id, [J], new ScalarExpression.Literal(0), [])]), 2));
        Assert.Equal($"%{z.Id} : f32[3] is stored by loops over 4", error.Message);
        Assert.Contains("x : f32[N, 3] has 6 elements, and 2 are given",
            Assert.Throws<ArgumentException>(() => GraphInterpreter.Of(graph, 2).Run(new Dictionary<string, double[]> { ["x"] = [1, 2] })).Message);
    }

    static ScalarExpression Load(int node, Axis? sample, Axis at) => new ScalarExpression.Load(node, new Point(sample is { } n ? (Subscript)n : null, [at]));

    static string Fails(ScalarExpression expression, params (Axis, long)[] axes) =>
        Assert.Throws<InvalidOperationException>(() => ScalarInterpreter.Evaluate(expression, Memory(), axes)).Message;

    static TensorGraph Loaded()
    {
        var builder = new GraphBuilder();
        builder.Leaf(Leaves.Input, "x", TensorType.Real([3], true));
        builder.Leaf(Leaves.Parameter, "w", TensorType.Real([3], false));
        return builder.Build();
    }

    static Memory Memory() => new(Graph, 2) { Values = { [0] = [0, 1, 2, 3, 4, 5], [1] = [10, 20, 30] } };
}
