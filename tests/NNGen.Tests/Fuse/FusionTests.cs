using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Simplify;
using NNGen.Tests.Ops;
using NNGen.Tests.Ops.Derived;
using NNGen.Tests.Support;

namespace NNGen.Tests.Fuse;

/// <summary>Simplified and fused programs compute what the graph computes node by node, on every row's and every layer's random cases, gradients included.</summary>
public class FusionTests
{
    const int Cases = 12;

    public static TheoryData<string> Functions => [.. Primitives.All.Where(op => !Leaves.IsStored(op.Name)).Select(op => op.Name), .. DerivedTests.Names.Select(name => $"layer {name}")];

    [Theory, MemberData(nameof(Functions))]
    public void Passes_OfRandomGraphs_KeepTheirValues(string name)
    {
        for (var number = 0; number < Cases; number++)
        {
            var draw = new Draw(name, 2_000_000 + number);
            var @case = name.StartsWith("layer ") ? DerivedTests.Case(name["layer ".Length..], draw) : RowCases.Of(name, draw);
            var built = new Built(@case);
            var graph = built.Builder.Build([("y", built.Y), .. built.Gradients.OfType<Value>().Where(g => !IsLeaf(g)).Select((g, k) => ($"g{k}", g))]);
            if (IsLeaf(built.Y))
                return;
            var given = built.Given;
            if (built.Gradients.Count > 0)
                given["ct"] = draw.Reals(built.Ct.Type.Elements * (built.Ct.Type.Batched ? @case.Samples : 1));

            var expected = GraphInterpreter.Of(graph, @case.Samples, @case.Training).Run(given);
            var moded = Rewriter.Rewrite(graph, [Rules.Mode(@case.Training)]);
            var simplified = Rewriter.Rewrite(moded, Rules.All);
            Compare("fused", graph, Fusion.Fuse(moded));
            Compare("unfused", graph, Fusion.Unfused(moded));
            Compare("simplified and fused", graph, Fusion.Fuse(simplified));
            Compare("simplified twice and fused", graph, Fusion.Fuse(Rewriter.Rewrite(simplified, Rules.All)));
            Compare("with whole vectors of channels", graph, Fusion.Fuse(WholeVectors.Of(simplified)));

            void Compare(string what, TensorGraph original, LoopProgram program)
            {
                Assert.Empty(TypeChecker.Check(program.Graph));
                var actual = LoopInterpreter.Of(program, @case.Samples, @case.Training).Run(given);
                foreach (var output in original.Outputs)
                {
                    var (right, wrong) = (expected[output.Node]!, actual[program.Graph.OutputNode(output.Name)]);
                    // A rewrite may leave an output that is a leaf or a constant, which the compiler stores through an identity.
                    if (wrong is null && Primitives.Row(program.Graph[program.Graph.OutputNode(output.Name)].Op).Kind == OpKind.Leaf)
                        continue;
                    Assert.True(wrong is not null && right.Zip(wrong, (r, w) => Checks.Near(r, w, 1e-12)).All(near => near),
                        $"{@case}, {what}: {output.Name} is [{string.Join(", ", wrong ?? [])}] and should be [{string.Join(", ", right)}]\n{Printer.Print(program.Graph)}");
                }
            }
        }
    }

    static bool IsLeaf(Value value) => Primitives.Row(value.Builder.Node(value.Id).Op).Kind == OpKind.Leaf;
}
