using NNGen.Tests.Support;

namespace NNGen.Tests.Read;

/// <summary>How parameters are called: by the path of functions, then by the variable that holds the layer, else by its kind.</summary>
public class NameTests
{
    [Theory]
    [InlineData("return x | Dense(4) | Relu | Dense(4);", "dense1 dense2", "")]
    [InlineData("var head = Dense(4); return x | Dense(4) | head;", "head dense1", "")]
    [InlineData("var unit = Dense(4) >> Relu >> Dense(4); return x | unit;", "dense1 dense2", "")]
    [InlineData("return x | Block | Block;", "block1.dense1 block2.dense1", "static Tensor Block(Tensor x) => x | Dense(4);")]
    [InlineData("return x | Pure | Block;", "block1.dense1", "static Tensor Pure(Tensor x) => x; static Tensor Block(Tensor x) => Pure(x) | Dense(4);")]
    [InlineData("return x | Block() | Block();", "block1.dense1 block2.dense1", "static Layer Block() => Dense(4) >> Relu;")]
    [InlineData("return x | Outer;", "outer1.inner1.own outer1.inner2.own", "static Tensor Outer(Tensor x) { return Inner(Inner(x)); Tensor Inner(Tensor t) { var own = Dense(4); return own(t); } }")]
    [InlineData("return x | head | head;", "head", "static readonly Layer head = Dense(4);")]
    [InlineData("return x | Head | Head;", "head1.dense1 head2.dense1", "static Layer Head => Dense(4);")]
    [InlineData("return x | Named(\"stem\", Dense(4) >> Relu) | Dense(4);", "stem dense1", "")]
    [InlineData("return x | Named(\"stem\", Dense(4) >> Dense(4)) | Dense(4);", "stem.dense1 stem.dense2 dense1", "")]
    [InlineData("return x | Named(\"stem\", t => t | Dense(4)) | Dense(4);", "dense1 stem.dense1", "")]
    [InlineData("for (var i = 0; i < 3; i++) { var own = Dense(4); x |= own; } return x;", "own own2 own3", "")]
    [InlineData("var layers = Enumerable.Range(0, 2).Select(_ => Dense(4)); return layers.Concat(layers).Aggregate(x, (t, f) => t | f);", "dense1 dense2 dense3 dense4", "")]
    [InlineData("var layers = Enumerable.Range(0, 2).Select(_ => Dense(4)).ToArray(); return layers.Concat(layers).Aggregate(x, (t, f) => t | f);", "dense1 dense2", "")]
    [InlineData("Layer a = Dense(4), b = a; return x | a | b;", "a", "")]
    [InlineData("var unused = Dense(9); return x | Dense(4);", "dense1", "")]
    [InlineData("return x | Use<Inner>() | Use<Inner>();", "inner1.dense1 inner2.dense1", "// helpers\n[Network] partial class Inner { static Tensor Forward([Shape(4)] Tensor x) => x | Dense(4); }")]
    [InlineData("var encoder = Use<Inner>(); return x | encoder | encoder;", "encoder.dense1", "// helpers\n[Network] partial class Inner { static Tensor Forward([Shape(4)] Tensor x) => x | Dense(4); }")]
    [InlineData("return x | Helper.Block;", "block1.dense1", "// helpers\nstatic class Helper { public static Tensor Block(Tensor x) => x | Dense(4); }")]
    public void Parameters_Always_AreNamedByPlace(string body, string names, string members)
    {
        var parts = members.Split("// helpers");
        var result = TestCompiler.Read(TestCompiler.CompileCleanly([TestCompiler.Forward(body, members: parts[0]), .. parts.Skip(1)]), "Net");

        Assert.Empty(result.Faults);
        Assert.Equal(names.Split(' ').Order(), result.Spec.Parameters.Select(p => p.Name[..p.Name.LastIndexOf('.')]).Distinct().Order());
    }

    [Fact]
    public void Insertion_OfAnActivationOrAHelper_RenamesNothing()
    {
        var before = TestCompiler.Spec(TestCompiler.Forward("return x | Block | Dense(4);", members: "static Tensor Block(Tensor x) => x | Dense(4);"));
        var after = TestCompiler.Spec(TestCompiler.Forward("var scale = x * 2f; return scale | Relu | Block | Same | Dense(4) | Softmax;",
            members: "static Tensor Same(Tensor x) => x + x; static Tensor Block(Tensor x) => Same(x) | Dense(4) | Tanh;"));

        Assert.Equal(before.Parameters, after.Parameters);
    }

    [Fact]
    public void Nodes_OfLayersAndLocals_AreLabelled()
    {
        var graph = TestCompiler.Spec(TestCompiler.Forward("var hidden = x | Dense(3) | Relu; var gate = hidden * 2f; return gate | Dense(2);")).Specialisations[0].Graph;

        var labels = graph.Nodes.Select(node => node.Label).ToList();
        Assert.Contains("dense1", labels);
        Assert.Contains("hidden", labels);
        Assert.Contains("gate", labels);
        Assert.DoesNotContain(labels, label => label.StartsWith('#'));
    }
}
