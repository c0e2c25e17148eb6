using System.Collections.Immutable;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NNGen.Conformance.Writing;
using NNGen.Generators;
using NNGen.Generators.Diagnostics;
using NNGen.Generators.Read;

namespace NNGen.Conformance.Running;

/// <summary>Compiles written networks in memory, through the generator.</summary>
internal static class NetworkCompiler
{
    private static readonly CSharpParseOptions Parsing = new(LanguageVersion.CSharp14);

    /// <summary>The framework and NNGen itself; not what else this process happens to hold (NNGen.Testing would change what is generated).</summary>
    private static readonly ImmutableArray<MetadataReference> References =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) is "NNGen.dll" or "NNGen.Kernels.dll"
                || Path.GetDirectoryName(path) == Path.GetDirectoryName(typeof(object).Assembly.Location))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];

    /// <summary>Compiles a network and uses it.</summary>
    /// <exception cref="NetworkFault">It does not compile, or throws; the message holds the compiler's.</exception>
    public static T Use<T>(WrittenNetwork network, Func<CompiledNetwork, T> use)
    {
        var compilation = CSharpCompilation.Create(network.Class,
            [CSharpSyntaxTree.ParseText(network.Source, Parsing), CSharpSyntaxTree.ParseText(Bridge(network), Parsing)],
            References,
            new(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));
        CSharpGeneratorDriver.Create([new NetworkGenerator().AsSourceGenerator()], parseOptions: Parsing)
            .RunGeneratorsAndUpdateCompilation(compilation, out var whole, out var said);
        var image = new MemoryStream();
        var emitted = whole.Emit(image);
        var errors = said.Concat(emitted.Diagnostics).Where(d => d.Severity == DiagnosticSeverity.Error).ToArray();
        if (errors.Length > 0)
            throw new NetworkFault(Explained(compilation, network.Class) ?? errors[0].ToString());

        var context = new AssemblyLoadContext(network.Class, isCollectible: true);
        try
        {
            image.Position = 0;
            return use(CompiledNetwork.Of(context.LoadFromStream(image), network));
        }
        catch (Exception fault) when (fault is not NetworkFault)
        {
            throw new NetworkFault(Explained(compilation, network.Class) ?? $"{fault.GetType().Name}: {fault.Message}");
        }
        finally
        {
            context.Unload();
        }
    }

    /// <summary>What the compiler says is wrong with the network's source, if anything.</summary>
    private static string? Explained(CSharpCompilation compilation, string name) =>
        NetworkReader.Read(compilation.GetTypeByMetadataName(name)!, compilation, CancellationToken.None).Faults
            .Select(located => located.Fault.ToDiagnostic(located.Location)).FirstOrDefault(d => d.Severity == DiagnosticSeverity.Error)?.ToString();

    /// <summary>Predict has as many spans as the network has inputs and outputs; this hands arrays on to it.</summary>
    private static string Bridge(WrittenNetwork network)
    {
        var arrays = network.Inputs.Select((_, i) => $"inputs[{i}]").Concat(network.OutputSizes.Select((_, i) => $"outputs[{i}]"));
        return $$"""
            public static class Bridge
            {
                public static void Predict({{network.Class}} network, float[][] inputs, float[][] outputs) => network.Predict({{string.Join(", ", arrays)}});
            }
            """;
    }
}

/// <summary>A written network does not compile, or throws.</summary>
internal sealed class NetworkFault(string message) : Exception(message);
