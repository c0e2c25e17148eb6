using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Simplify;
using NNGen.Tests.Ops;
using NNGen.Tests.Support;

namespace NNGen.Gpu.Tests;

/// <summary>Every primitive and its gradient on a device, against the same nests in double.</summary>
public class RowTests(OpenCl openCl)
{
    // A device's compiler takes its time for each kernel, so only what has most forms is drawn twice.
    private static int Cases(string name) => Primitives.Row(name).Kind is OpKind.Contraction ? 2 : 1;

    public static TheoryData<string> Rows => [.. Primitives.All.Select(op => op.Name)];

    [Theory, MemberData(nameof(Rows))]
    public void Row_OnADevice_AgreesWithTheProcessorInDouble(string name)
    {
        var device = openCl.Device;
        for (var number = 0; number < Cases(name); number++)
        {
            var draw = new Draw(name, 100 + number);
            var @case = (ElementwiseCases.All.GetValueOrDefault(name) ?? MovementCases.All.GetValueOrDefault(name) ?? ContractionCases.All[name])(draw);
            var (graph, given) = Build(@case, draw);
            var program = Fusion.Fuse(Rewriter.Rewrite(graph, [Rules.Mode(training: true)]));
            var compiled = new Compiled(program);

            var actual = compiled.Run(device, @case.Samples, capacity: @case.Samples + 2, given);

            var expected = LoopInterpreter.Of(program, @case.Samples).Run(given);
            foreach (var output in program.Graph.Outputs)
                AssertNear($"{@case}, {output.Name}", expected[output.Node]!, actual[output.Name], compiled.Source);
            Ptx.AssertStandsAlone(compiled.Kernel);
        }
    }

    // The row's result, and the gradient of its product with a random cotangent. A device stores no truth values: they come and go as 0 and 1.
    private static (TensorGraph Graph, Dictionary<string, double[]> Given) Build(Case @case, Draw draw)
    {
        var builder = new GraphBuilder();
        Value[] leaves = [.. @case.Operands.Select(o => builder.Leaf(o.Leaf, o.Name, o.Type.Type == DType.Bool ? o.Type with { Type = DType.F32 } : o.Type))];
        Value[] operands = [.. @case.Operands.Select((o, k) => o.Type.Type == DType.Bool ? leaves[k] > 0.5 : leaves[k])];
        var given = @case.Operands.ToDictionary(o => o.Name, o => o.Values);
        var y = @case.Apply(builder, operands);
        if (y.Type.Type == DType.F32)
        {
            var ct = builder.Leaf(Leaves.Target, "ct", y.Type);
            given["ct"] = draw.Reals(y.Type.Elements * (y.Type.Batched ? @case.Samples : 1));
            var gradients = ReverseMode.Pull(builder, [(y, ct)], operands);
            // A leaf's value is no nest's: its negative is.
            return (builder.Build([("y", -y), .. gradients.Select((g, k) => (Name: $"gradient{k}", g)).Where(p => p.g is not null).Select(p => (p.Name, -p.g!.Value))]), given);
        }
        // A leaf that is an output has no nest; of the others argmax is an integer to the end.
        return (builder.Build(("y", y.Type.Type == DType.Bool || @case.Row!.Value.Op.Kind == OpKind.Leaf ? builder.Apply(Elementwise.AsReal, y) : y)), given);
    }

    private static void AssertNear(string what, double[] expected, double[] actual, string source)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (var i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Equals(actual[i]) || Math.Abs(expected[i] - actual[i]) <= 1e-4 * Math.Max(1e-2, Math.Abs(expected[i])),
                $"{what}: element {i} is {actual[i]:R} on the device and should be {expected[i]:R}\n{source}");
    }
}
