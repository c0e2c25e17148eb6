using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Diagnostics;

namespace NNGen.Generators;

/// <summary>Private functions of a [Network] class look unused: the compiler of networks reads them, and nothing calls them.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class NetworkSuppressor : DiagnosticSuppressor
{
    private static readonly ImmutableArray<SuppressionDescriptor> All =
        [.. new[] { "IDE0051", "IDE0052", "CA1823" }.Select((id, i) => new SuppressionDescriptor($"NNGS{i + 1:0000}", id, "NNGen reads the functions of a [Network] class while compiling"))];

    public override ImmutableArray<SuppressionDescriptor> SupportedSuppressions => All;

    public override void ReportSuppressions(SuppressionAnalysisContext context)
    {
        foreach (var diagnostic in context.ReportedDiagnostics)
        {
            if (diagnostic.Location.SourceTree is not { } tree)
                continue;
            var node = tree.GetRoot(context.CancellationToken).FindNode(diagnostic.Location.SourceSpan);
            var member = node.FirstAncestorOrSelf<MemberDeclarationSyntax>(syntax => syntax is not TypeDeclarationSyntax);
            var type = member?.FirstAncestorOrSelf<TypeDeclarationSyntax>();
            if (type is null || context.GetSemanticModel(tree).GetDeclaredSymbol(type, context.CancellationToken) is not INamedTypeSymbol symbol
                || !symbol.GetAttributes().Any(attribute => attribute.AttributeClass?.ToDisplayString() == NetworkGenerator.Attribute))
                continue;
            context.ReportSuppression(Suppression.Create(All.First(descriptor => descriptor.SuppressedDiagnosticId == diagnostic.Id), diagnostic));
        }
    }
}
