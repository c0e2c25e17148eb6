using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;
using NNGen.Generators.Read;

namespace NNGen.Generators;

/// <summary>A network's functions look unused, since nothing calls them at run time: the compiler reads them. This silences those who complain.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkSuppressor : DiagnosticSuppressor
{
    private static readonly ImmutableArray<SuppressionDescriptor> Suppressions =
    [
        .. new[] { "IDE0051", "IDE0052", "IDE0060", "CA1801", "CA1811", "CA1823" }.Select((id, i) =>
            new SuppressionDescriptor($"NNGS{i + 1:D4}", id, "The network's compiler reads this function while the project builds")),
    ];

    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions => Suppressions;

    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
            if (Suppressions.FirstOrDefault(s => s.SuppressedDiagnosticId == diagnostic.Id) is { } suppression && Member(diagnostic, context) is { } member && IsRead(member))
                context.ReportSuppression(Suppression.Create(suppression, diagnostic));
    }

    private static ISymbol? Member(Diagnostic diagnostic, SuppressionAnalysisContext context)
    {
        if (diagnostic.Location.SourceTree is not { } tree)
            return null;
        var model = context.GetSemanticModel(tree);
        for (var node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan); node is not null; node = node.Parent)
            if (model.GetDeclaredSymbol(node, context.CancellationToken) is { } symbol)
                return symbol is IParameterSymbol { ContainingSymbol: IMethodSymbol method } ? method : symbol;
        return null;
    }

    /// <summary>Forward, Loss, metrics, and helpers and fields of the vocabulary's types in a [Network] class.</summary>
    private static bool IsRead(ISymbol member) => Structure.IsNetwork(member.ContainingType) && member switch
    {
        IMethodSymbol { Name: "Forward" or "Loss" } => true,
        IMethodSymbol method => Structure.IsMetric(method) || Speaks(method.ReturnType) || method.Parameters.Any(p => Speaks(p.Type)),
        IFieldSymbol field => Speaks(field.Type),
        IPropertySymbol property => Speaks(property.Type),
        _ => false,
    };

    private static bool Speaks(ITypeSymbol type) => type switch
    {
        IArrayTypeSymbol array => Speaks(array.ElementType),
        INamedTypeSymbol named => named is { Name: "Tensor" or "Scalar" or "Mask" or "Labels" or "Layer" } && Vocabulary.IsCore(named) || named.TypeArguments.Any(Speaks),
        _ => false,
    };
}
