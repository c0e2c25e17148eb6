using System.Collections;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NNGen.Generators;
using NNGen.Generators.Read;
using NNGen.Tests.Support;

namespace NNGen.Tests.Read;

/// <summary>What an edit re-runs, by the generator's tracked steps; and that nothing of Roslyn passes the wall.</summary>
public class IncrementalityTests
{
    private const string Network = """
        using NNGen; using static NNGen.Layers;
        [Network] public sealed partial class Net
        {
            static Tensor Forward([Shape(4)] Tensor x) => x | Blocks.Hidden(8) | Dense(2);
            static Scalar Loss(Tensor y, [Classes(2)] Labels label) => CrossEntropy(y, label);
        }
        """;

    private const string Helper = "using NNGen; using static NNGen.Layers; static class Blocks { public static Layer Hidden(int n) => Dense(n) >> Relu; }";

    private const string Elsewhere = "static class Elsewhere { static int F() => 1; }";

    [Theory]
    [InlineData(2, "static class Elsewhere { static int F() => 2; }", false)]
    [InlineData(2, "static class Elsewhere { static int F() => 1; static int G() => 1; }", false)]
    [InlineData(1, "using NNGen; using static NNGen.Layers; static class Blocks { /* a word */ public static Layer Hidden(int n) => Dense(n) >> Relu; }", false)]
    [InlineData(1, "using NNGen; using static NNGen.Layers; static class Blocks { public static Layer Hidden(int n) => Dense(n) >> Tanh; }", true)]
    public void Edit_ReRunsWhatLiesBehindTheWall_OnlyWhenTheSpecChanges(int tree, string edited, bool changes)
    {
        var compilation = TestCompiler.CompileCleanly(Network, Helper, Elsewhere);
        var driver = TestCompiler.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        var trees = compilation.SyntaxTrees.ToArray();
        var at = Array.FindIndex(trees, t => t.ToString() == (tree == 1 ? Helper : Elsewhere));
        Assert.True(at >= 0);
        driver = driver.RunGenerators(compilation.ReplaceSyntaxTree(trees[at], TestCompiler.Parse(edited, trees[at].FilePath)), TestContext.Current.CancellationToken);

        var steps = driver.GetRunResult().Results.Single();
        var spec = Assert.Single(steps.TrackedSteps[NetworkGenerator.SpecStep]).Outputs.Select(output => output.Reason);
        var output = steps.TrackedOutputSteps.SelectMany(pair => pair.Value).SelectMany(step => step.Outputs).Select(o => o.Reason);
        if (changes)
            Assert.Contains(IncrementalStepRunReason.Modified, output);
        else
        {
            Assert.All(spec, reason => Assert.True(reason is IncrementalStepRunReason.Cached or IncrementalStepRunReason.Unchanged));
            Assert.All(output, reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
        }
    }

    [Fact]
    public void Edit_OfABodyElsewhere_DoesNotEvenReadAgain()
    {
        var compilation = TestCompiler.CompileCleanly(Network, Helper, Elsewhere);
        var driver = TestCompiler.Driver().RunGenerators(compilation, TestContext.Current.CancellationToken);
        var old = compilation.SyntaxTrees.Single(t => t.ToString() == Elsewhere);
        driver = driver.RunGenerators(compilation.ReplaceSyntaxTree(old, TestCompiler.Parse(Elsewhere.Replace('1', '2'), old.FilePath)), TestContext.Current.CancellationToken);
        var read = driver.GetRunResult().Results.Single().TrackedSteps[NetworkGenerator.SpecStep];
        Assert.All(read.SelectMany(step => step.Outputs), output => Assert.Equal(IncrementalStepRunReason.Cached, output.Reason));
    }

    /// <summary>A symbol, tree or compilation in the spec would never compare equal and would keep the compilation alive.</summary>
    [Fact]
    public void Spec_HoldsNothingOfRoslyn()
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Walk(TestCompiler.Read(TestCompiler.CompileCleanly(Network, Helper)).Spec, nameof(NetworkSpec));
        Assert.True(seen.Count > 20);

        void Walk(object? value, string path)
        {
            if (value is null || value is string || value.GetType().IsPrimitive || value.GetType().IsEnum || !seen.Add(value))
                return;
            var type = value.GetType();
            Assert.False(type.Namespace?.StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal) == true || value is Delegate, $"{path} is a {type}");
            if (value is IEnumerable items)
                foreach (var (item, i) in items.Cast<object?>().Select((item, i) => (item, i)))
                    Walk(item, $"{path}[{i}]");
            else
                foreach (var field in type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic))
                    Walk(field.GetValue(value), $"{path}.{field.Name}");
        }
    }
}
