using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;
using NNGen.Generators;
using NNGen.Generators.Read;

namespace NNGen.Tests.Support;

/// <summary>Compiles sources in memory, against the runtime that the tests run on and Core, with the usings of a user's file.</summary>
internal static class TestCompiler
{
    const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.Collections.Immutable;
        global using System.Linq;
        global using NNGen;
        global using static NNGen.Layers;
        """;

    public static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    /// <summary>The runtime's assemblies and Core.</summary>
    public static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var name && (name.StartsWith("System.", StringComparison.Ordinal) || name is "netstandard.dll" or "mscorlib.dll"))
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(Tensor).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(NNGen.Kernels.Workspaces<>).Assembly.Location),
    ];

    public static SyntaxTree Parse(string source, string path = "Network.cs", LanguageVersion version = LanguageVersion.CSharp14) =>
        CSharpSyntaxTree.ParseText(source, Options.WithLanguageVersion(version), path);

    public static CSharpCompilation Compile(params string[] sources) => Compile(sources.Select((source, i) => Parse(source, i == 0 ? "Network.cs" : $"Helpers{i}.cs")));

    public static CSharpCompilation Compile(IEnumerable<SyntaxTree> trees, LanguageVersion version = LanguageVersion.CSharp14) =>
        CSharpCompilation.Create("Networks", [Parse(Usings, "Usings.cs", version), .. trees], References, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable));

    /// <summary>The compilation, which must have no errors of its own.</summary>
    public static CSharpCompilation CompileCleanly(params string[] sources)
    {
        var compilation = Compile(sources);
        Assert.Empty(compilation.GetDiagnostics().Where(d => d.Severity == DiagnosticSeverity.Error));
        return compilation;
    }

    /// <summary>Reads the last [Network] class of a compilation, or the one of a name.</summary>
    public static ReadResult Read(Compilation compilation, string? name = null) => NetworkReader.Read(Network(compilation, name), compilation, default);

    /// <summary>Reads a network that must have no faults.</summary>
    public static NetworkSpec Spec(params string[] sources)
    {
        var result = Read(CompileCleanly(sources));
        Assert.Empty(result.Faults.Select(f => $"{f.Fault} at {f.Location.GetLineSpan().StartLinePosition}: {f.Location.SourceTree?.GetText().ToString(f.Location.SourceSpan)}"));
        return result.Spec;
    }

    /// <summary>A network whose Forward has this body, and no Loss.</summary>
    public static string Forward(string body, string parameters = "[Shape(4)] Tensor x", string members = "") =>
        $$"""
        [Network]
        public sealed partial class Net
        {
            {{members}}
            static Tensor Forward({{parameters}})
            {
                {{body}}
            }
        }
        """;

    public static INamedTypeSymbol Network(Compilation compilation, string? name = null) =>
        compilation.SyntaxTrees.SelectMany(tree => tree.GetRoot().DescendantNodes().OfType<TypeDeclarationSyntax>()
            .Select(node => (INamedTypeSymbol)compilation.GetSemanticModel(tree).GetDeclaredSymbol(node)!))
            .Last(type => name is null ? Structure.IsNetwork(type) : type.Name == name);

    public static GeneratorDriver Driver(LanguageVersion version = LanguageVersion.CSharp14) => CSharpGeneratorDriver.Create(
        [new NetworkGenerator().AsSourceGenerator()], parseOptions: Options.WithLanguageVersion(version), driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: true));

    /// <summary>What the analyzer says, as in a build: of the sources together with what the generator added.</summary>
    public static ImmutableArray<Diagnostic> Analyze(Compilation compilation, LanguageVersion version = LanguageVersion.CSharp14)
    {
        Driver(version).RunGeneratorsAndUpdateCompilation(compilation, out var whole, out var generated);
        return [.. generated, .. whole.WithAnalyzers([new NetworkAnalyzer()]).GetAnalyzerDiagnosticsAsync().GetAwaiter().GetResult()];
    }
}
