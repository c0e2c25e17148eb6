using Microsoft.CodeAnalysis;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Read;

/// <summary>One public member of Core's vocabulary and what it means in the graph.</summary>
/// <param name="Member">Its name with the types of its parameters.</param>
/// <param name="Meaning">From known arguments to a value, a layer or a number.</param>
internal sealed record VocabularyRow(string Member, Func<VocabularyCall, object?> Meaning);

/// <summary>The table of Core's vocabulary. A test proves that it names each public member of Core's once, and nothing else.</summary>
internal static partial class Vocabulary
{
    public static readonly IReadOnlyDictionary<string, VocabularyRow> Rows =
        new[] { OwningLayers, PureLayers, TensorFunctions, LossFunctions, Operators, Sizes, Initializers }.SelectMany(rows => rows).ToDictionary(row => row.Member);

    private static readonly HashSet<string> Types = ["Layers", "Tensor", "Scalar", "Mask", "LayerOperators", "Initializer", "Frozen"];

    private static readonly SymbolDisplayFormat Short = new(
        genericsOptions: SymbolDisplayGenericsOptions.IncludeTypeParameters,
        miscellaneousOptions: SymbolDisplayMiscellaneousOptions.UseSpecialTypes);

    public static bool IsCore(ISymbol? symbol) =>
        symbol is { ContainingAssembly.Name: "NNGen", ContainingNamespace: { Name: "NNGen", ContainingNamespace.IsGlobalNamespace: true } };

    public static bool IsTensor(ITypeSymbol? type) => type is { Name: "Tensor" or "Scalar" } && IsCore(type);

    /// <summary>The row of a member; null for what is not of the vocabulary.</summary>
    public static VocabularyRow? Find(ISymbol member) =>
        IsCore(member) && Container(member) is { } container && Types.Contains(container.Name) && Rows.TryGetValue(Key(member.OriginalDefinition), out var row) ? row : null;

    /// <summary>A member as the table writes it: `Layers.Dense(int, bool)`.</summary>
    public static string Key(ISymbol member)
    {
        var name = $"{Container(member)!.Name}.{member.Name}";
        return member is IMethodSymbol method
            ? $"{name}{(method.IsGenericMethod ? "<T>" : "")}({string.Join(", ", method.Parameters.Select(p => p.Type.WithNullableAnnotation(NullableAnnotation.None).ToDisplayString(Short)))})"
            : name;
    }

    // An extension operator stands in a nameless block inside its class.
    private static INamedTypeSymbol? Container(ISymbol member) =>
        member.ContainingType is { IsExtension: true } block ? block.ContainingType : member.ContainingType;

    private static VocabularyRow Row(string member, Func<VocabularyCall, object?> meaning) => new(member, meaning);

    /// <summary>A number that a layer must not fall below or exceed: sizes and strides beyond the limit would overflow the arithmetic of positions.</summary>
    private const int Limit = 32_768;

    internal static InitializerSpec FanIn { get; } = new("FanIn", 0);

}
