using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;

namespace NNGen.Tests.Graph;

/// <summary>The text of a graph, which compiler tests read.</summary>
public class PrinterTests
{
    [Fact]
    public void Print_OfASmallGraph_IsALineANode()
    {
        var builder = new GraphBuilder();
        var x = builder.Leaf(Leaves.Input, "x", TensorType.Real([3], batched: true));
        var weight = builder.Leaf(Leaves.Parameter, "dense.weight", TensorType.Real([2, 3], batched: false));
        var h = builder.Labelled(Affine.Dense(x, weight, null), "h");
        var y = Elementwise.Where(h < 0.5, builder.Constant([1, 2, 3, 4, 5, 6], 3, 2), builder.Literal(-1e-7));

        Assert.Equal(
            """
            %0 = input("x") : f32[N, 3]  // x
            %1 = parameter("dense.weight") : f32[2, 3]  // dense.weight
            %2 = contract(0 "k,jk->j") %0 %1 : f32[N, 2]  // h
            %3 = literal(0.5) : f32[]
            %4 = broadcast(1 1 2) %3 : f32[N, 2]
            %5 = less %2 %4 : bool[N, 2]
            %6 = constant(3 2 1 2 3 4 ...) : f32[3, 2]
            %7 = literal(-1E-07) : f32[]
            %8 = broadcast(1 2 3 2 1) %5 : bool[N, 3, 2]
            %9 = broadcast(1 2 3 2 0 1) %6 : f32[N, 3, 2]
            %10 = broadcast(1 2 3 2) %7 : f32[N, 3, 2]
            %11 = where %8 %9 %10 : f32[N, 3, 2]
            y <- %11

            """, Printer.Print(builder.Build(("y", y))));
    }
}
