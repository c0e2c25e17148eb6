using System.Text;
using Microsoft.CodeAnalysis;
using NNGen.Generators.Support;

namespace NNGen.Generators.Read;

/// <summary>Where the generated part of a class goes.</summary>
internal static class Declarations
{
    public static Declaration Of(INamedTypeSymbol network)
    {
        var outer = new Stack<string>();
        for (var type = network.ContainingType; type is not null; type = type.ContainingType)
            outer.Push($"partial {Keyword(type)} {type.ToDisplayString(new SymbolDisplayFormat(genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters, miscellaneousOptions: SymbolDisplayMiscellaneousOptions.EscapeKeywordIdentifiers))}");
        var space = network.ContainingNamespace is { IsGlobalNamespace: false } named ? named.ToDisplayString() : "";
        return new(space, outer.ToEquatableArray(), Keyword(network), network.Name, Hint(network));
    }

    private static string Keyword(INamedTypeSymbol type) => (type.IsRecord, type.TypeKind) switch
    {
        (true, TypeKind.Struct) => "record struct",
        (true, _) => "record",
        (_, TypeKind.Struct) => "struct",
        (_, TypeKind.Interface) => "interface",
        _ => "class",
    };

    /// <summary>The full metadata name, in characters that a hint name may have. Hint names are compared without regard to case, so one that another
    /// class has in other case gets a number.</summary>
    private static string Hint(INamedTypeSymbol network)
    {
        var parts = new Stack<string>();
        var ambiguous = false;
        for (INamespaceOrTypeSymbol symbol = network; symbol is not INamespaceSymbol { IsGlobalNamespace: true }; symbol = (INamespaceOrTypeSymbol)symbol.ContainingSymbol)
        {
            parts.Push(symbol.MetadataName.Replace('`', '-'));
            if (symbol.ContainingSymbol is INamespaceOrTypeSymbol container)
                ambiguous |= container.GetMembers().Any(member => member is INamespaceOrTypeSymbol && member.Name != symbol.Name && string.Equals(member.Name, symbol.Name, StringComparison.OrdinalIgnoreCase));
            else
                break;
        }
        var name = string.Join(".", parts);
        var hash = ambiguous ? Encoding.UTF8.GetBytes(name).Aggregate(2166136261u, (sum, b) => unchecked((sum ^ b) * 16777619u)) : 0;
        return ambiguous ? $"{name}-{hash:x8}.g.cs" : $"{name}.g.cs";
    }
}
