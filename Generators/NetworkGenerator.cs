using System.Text;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;
using NNGen.Generators.Diagnostics;
using NNGen.Generators.Read;

namespace NNGen.Generators;

/// <summary>The pipeline: each [Network] class is read into a spec, and each spec becomes a file, and a second one for the GPU on request. What is wrong with a network the analyzer says.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class NetworkGenerator : IIncrementalGenerator
{
    public const string Attribute = "NNGen.NetworkAttribute";

    /// <summary>Names of the steps, for tests of what an edit re-runs.</summary>
    public const string CandidateStep = "Candidate", SpecStep = "Spec";

    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        var specs = context.SyntaxProvider
            .ForAttributeWithMetadataName(Attribute, (node, _) => node is TypeDeclarationSyntax, (found, _) => new Candidate((INamedTypeSymbol)found.TargetSymbol, found.SemanticModel.Compilation))
            .WithComparer(Candidate.Comparer)
            .WithTrackingName(CandidateStep)
            .Select((candidate, cancellation) => candidate.Read(cancellation))
            .WithTrackingName(SpecStep);

        context.RegisterSourceOutput(specs, Emit);
    }

    private static void Emit(SourceProductionContext context, NetworkSpec spec)
    {
        if (spec.Declaration.Keyword.Length == 0)
            return;
        try
        {
            context.AddSource(spec.Declaration.HintName, SourceText.From(Compiler.Compile(spec), Encoding.UTF8));
            // No identifier holds a hyphen, so no other class's file has this name.
            if (Compiler.CompileGpu(spec) is { } gpu)
                context.AddSource(spec.Declaration.HintName.Replace(".g.cs", "-Gpu.g.cs"), SourceText.From(gpu, Encoding.UTF8));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            context.ReportDiagnostic(new Fault("NNG9001", spec.Declaration.Name, e.Message).ToDiagnostic(Location.None));
        }
    }
}
