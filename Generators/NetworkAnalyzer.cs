using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NNGen.Generators.Diagnostics;
using NNGen.Generators.Read;

namespace NNGen.Generators;

/// <summary>
/// Says what is wrong with a network, at the very expression: it reads the class as the generator does and joins what the passes find to places in the source. An analyzer and
/// not the generator, so that pragmas and severities apply and editors show it while one types.
/// </summary>
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
        var network = (INamedTypeSymbol)context.Symbol;
        if (!network.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == NetworkGenerator.Attribute))
            return;
        try
        {
            var read = NetworkReader.Read(network, context.Compilation, context.CancellationToken);
            foreach (var found in read.Faults)
                context.ReportDiagnostic(found.Fault.ToDiagnostic(found.Location));
            foreach (var found in Compiler.Check(read.Spec))
                context.ReportDiagnostic(found.Fault.ToDiagnostic(read.Origins[0].TryGetValue(found.Node, out var at) ? at : network.Locations[0]));
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            context.ReportDiagnostic(new Fault("NNG9001", network.Name, e.Message).ToDiagnostic(network.Locations[0]));
        }
    }
}
