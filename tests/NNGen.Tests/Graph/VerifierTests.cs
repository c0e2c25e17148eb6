using NNGen.Generators.Graph;
using NNGen.Generators.Ops;

namespace NNGen.Tests.Graph;

/// <summary>Each way to break a graph is found and named.</summary>
public class VerifierTests
{
    [Fact]
    public void Check_OfAGoodGraph_FindsNothing() => Assert.Empty(TypeChecker.Check(Good()));

    [Fact]
    public void Check_OfAnInputThatStandsBehind_NamesBoth() =>
        Assert.Equal("%2 exp reads %3, which does not stand before it", Assert.Single(Verifier.Check(With(2, node => node with { Inputs = [3] }))));

    [Fact]
    public void Check_OfAnInputOfItself_NamesIt() =>
        Assert.Equal("%2 exp reads %2, which does not stand before it", Assert.Single(Verifier.Check(With(2, node => node with { Inputs = [2] }))));

    [Fact]
    public void Check_OfAnEmptySize_NamesTheNode() =>
        Assert.Contains("%2 exp : f32[N, 0] has a size below 1", Verifier.Check(With(2, node => node with { Type = node.Type.WithSizes([0]) })));

    [Fact]
    public void Check_OfTooManyElements_NamesTheNode() =>
        Assert.Contains("%2 exp : f32[N, 65536, 65536] has more than 2^31 - 1 elements per sample",
            Verifier.Check(With(2, node => node with { Type = node.Type.WithSizes([65536, 65536]) })));

    [Fact]
    public void Check_OfTwoLeavesOfOneName_NamesBoth() =>
        Assert.Equal("%0 and %1 are both the input \"x\"", Assert.Single(Verifier.Check(With(1, node => node with { Op = "input", Attributes = Attributes.Of("x") }))));

    [Fact]
    public void Check_OfLeavesOfOneNameAndTwoKinds_FindsNothing() => Assert.Empty(TypeChecker.Check(With(1, node => node with { Attributes = Attributes.Of("x") })));

    [Fact]
    public void Check_OfAnOutputThatDoesNotExist_NamesIt() =>
        Assert.Equal("output y is %9, which does not exist", Assert.Single(Verifier.Check(Good() with { Outputs = [new Output("y", 9)] })));

    [Fact]
    public void Check_OfTwoOutputsOfOneName_NamesThem() =>
        Assert.Equal("2 outputs are named y", Assert.Single(Verifier.Check(Good() with { Outputs = [new Output("y", 2), new Output("y", 3)] })));

    [Fact]
    public void CheckTypes_OfAWrongType_SaysWhatTheRowSays() =>
        Assert.Equal("%2 exp of [f32[N, 3]] has type f32[3], and its row says f32[N, 3]", TypeChecker.Check(With(2, node => node with { Type = node.Type with { Batched = false } }))[0]);

    [Fact]
    public void CheckTypes_OfOperandsThatDoNotFit_SaysTheFault() =>
        Assert.Equal("%3 add of [f32[N, 3], f32[3]]: NNG1001: add needs operands of equal sizes, got f32[N, 3] and f32[3]",
            Assert.Single(TypeChecker.Check(With(3, node => node with { Inputs = [2, 1] }))));

    [Fact]
    public void CheckTypes_OfMissingOperands_NamesTheNode() =>
        Assert.Equal("%2 exp lacks operands: it has []", Assert.Single(TypeChecker.Check(With(2, node => node with { Inputs = [] }))));

    [Fact]
    public void CheckTypes_OfAnUnknownOp_NamesIt() =>
        Assert.Equal("%2 warp is no row of the table of primitives", Assert.Single(TypeChecker.Check(With(2, node => node with { Op = "warp" }))));

    [Fact]
    public void CheckTypes_OfALeafWithoutAName_NamesIt() =>
        Assert.Equal("%1 parameter has no name", Assert.Single(TypeChecker.Check(With(1, node => node with { Attributes = Attributes.None }))));

    static TensorGraph Good()
    {
        var builder = new GraphBuilder();
        var x = builder.Leaf(Leaves.Input, "x", TensorType.Real([3], batched: true));
        builder.Leaf(Leaves.Parameter, "w", TensorType.Real([3], batched: false));
        var e = builder.Apply(Elementwise.Exp, x);
        return builder.Build(("y", e + x));
    }

    static TensorGraph With(int id, Func<Node, Node> change)
    {
        var good = Good();
        return good with { Nodes = [.. good.Nodes.Select((node, i) => i == id ? change(node) : node)] };
    }
}
