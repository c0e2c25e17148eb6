using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NNGen.Generators;
using NNGen.Generators.Read;

namespace NNGen.Benchmarks.Generator;

/// <summary>A user's project in memory: the files of models as they stand in Models/, compiled against the runtime and Core.</summary>
public sealed class Project
{
    private static readonly CSharpParseOptions Options = new(LanguageVersion.CSharp14);

    private static readonly CSharpCompilationOptions Library = new(OutputKind.DynamicallyLinkedLibrary, nullableContextOptions: NullableContextOptions.Enable);

    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is var file && (file is "netstandard.dll" or "mscorlib.dll" || (file.StartsWith("System.", StringComparison.Ordinal) && !file.StartsWith("System.CommandLine", StringComparison.Ordinal))))
            .Select(path => MetadataReference.CreateFromFile(path)),
        MetadataReference.CreateFromFile(typeof(Tensor).Assembly.Location),
        MetadataReference.CreateFromFile(typeof(Kernels.Workspaces<>).Assembly.Location),
    ];

    private readonly ImmutableDictionary<string, string> sources;

    public Project(params IEnumerable<Model> models)
    {
        Models = [.. models];
        sources = Models.Select(model => model.Name + ".cs").Append("Blocks.cs").Append("Elsewhere.cs").ToImmutableDictionary(file => file, Source);
        Compilation = CSharpCompilation.Create("Models", sources.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => Parse(file.Key, file.Value)), References, Library);
    }

    public ImmutableArray<Model> Models { get; }

    public CSharpCompilation Compilation { get; }

    /// <summary>The project after an edit: the other files' trees are the same objects, as in an editor.</summary>
    public CSharpCompilation After(Edit edit) => Compilation.ReplaceSyntaxTree(Tree(edit.File), Parse(edit.File, edit.Apply(sources[edit.File])));

    /// <summary>The same project with every file parsed anew, so that nothing of its own is bound yet.</summary>
    public CSharpCompilation Afresh() => Compilation.RemoveAllSyntaxTrees().AddSyntaxTrees(Compilation.SyntaxTrees.Select(tree => Parse(tree.FilePath, sources[tree.FilePath])));

    /// <summary>From a compilation to a model's spec, as the generator reads it.</summary>
    public static NetworkSpec Read(Compilation compilation, Model model)
    {
        var network = compilation.GetTypeByMetadataName($"Models.{model.Name}") ?? throw new InvalidOperationException($"no class Models.{model.Name}");
        var result = NetworkReader.Read(network, compilation, default);
        return result.Faults is [] ? result.Spec : throw new InvalidOperationException($"{model.Title}: {string.Join("; ", result.Faults.Select(fault => fault.Fault))}");
    }

    /// <summary>The spec of a model, which must have the parameters that its paper says.</summary>
    public static NetworkSpec Checked(Model model)
    {
        var spec = Read(new Project(model).Compilation, model);
        var count = spec.Parameters.Sum(p => p.Shape.Aggregate(1L, (product, size) => product * size));
        return count == model.Parameters ? spec : throw new InvalidOperationException($"{model.Title} has {count} parameters and should have {model.Parameters}");
    }

    public static GeneratorDriver Driver(bool tracked = false) => CSharpGeneratorDriver.Create(
        [new NetworkGenerator().AsSourceGenerator()], parseOptions: Options, driverOptions: new GeneratorDriverOptions(IncrementalGeneratorOutputKind.None, trackIncrementalGeneratorSteps: tracked));

    private SyntaxTree Tree(string file) => Compilation.SyntaxTrees.Single(tree => tree.FilePath == file);

    private static SyntaxTree Parse(string file, string text) => CSharpSyntaxTree.ParseText(text, Options, file);

    private static string Source(string file)
    {
        using var stream = typeof(Project).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"no resource {file}");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
