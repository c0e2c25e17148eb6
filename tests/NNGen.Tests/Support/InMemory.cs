using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace NNGen.Tests.Support;

/// <summary>Sources compiled through the generator and loaded, until disposed.</summary>
internal sealed class InMemory : IDisposable
{
    readonly AssemblyLoadContext context = new("in memory", isCollectible: true);
    readonly Assembly assembly;

    InMemory(Stream image) => assembly = context.LoadFromStream(image);

    /// <summary>Compiles what must have no errors.</summary>
    public static InMemory Compile(params string[] sources)
    {
        var (compilation, said) = Generate(sources);
        var image = new MemoryStream();
        var emitted = compilation.Emit(image);
        var errors = said.Concat(emitted.Diagnostics).Where(d => d.Severity == DiagnosticSeverity.Error).Select(d => d.ToString()).ToArray();
        Assert.True(errors.Length == 0, string.Join("\n", [.. errors, .. sources]));
        image.Position = 0;
        return new(image);
    }

    /// <summary>The sources with what the generator adds to them.</summary>
    public static (CSharpCompilation Compilation, IReadOnlyList<Diagnostic> Said) Generate(params string[] sources)
    {
        TestCompiler.Driver().RunGeneratorsAndUpdateCompilation(TestCompiler.Compile(sources), out var whole, out var said);
        return ((CSharpCompilation)whole.WithOptions(whole.Options.WithOptimizationLevel(OptimizationLevel.Release)), said);
    }

    /// <summary>What the generator adds to the one network of a source.</summary>
    public static string Generated(string source) => Generate(source).Compilation.SyntaxTrees.Single(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)).ToString();

    public Type Type(string name) => assembly.GetType(name, throwOnError: true)!;

    public void Dispose() => context.Unload();
}
