using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NNGen.Generators.Diagnostics;
using NNGen.Generators.Read;

namespace NNGen.Generators;

/// <summary>Says what is wrong with a network, at the very expression. It reads as the generator does, and joins what the passes behind the wall found to its place.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkAnalyzer : DiagnosticAnalyzer
{
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = [.. Descriptors.All];

    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        if (!Structure.IsNetwork(type))
            return;
        var result = NetworkReader.Read(type, context.Compilation, context.CancellationToken);
        foreach (var (fault, location) in result.Faults.Concat(Behind(result, type)))
            context.ReportDiagnostic(fault.ToDiagnostic(location));
    }

    private static IEnumerable<LocatedFault> Behind(ReadResult result, INamedTypeSymbol type)
    {
        try
        {
            return Compiler.Check(result.Spec).Select(found => new LocatedFault(found.Fault,
                result.Origins[0].ElementAtOrDefault(found.Node) ?? Structure.Name(type))).GroupBy(f => (f.Fault, f.Location)).Select(g => g.First());
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            return [new(new Fault("NNG9001", type.Name, e.Message), Structure.Name(type))];
        }
    }
}
