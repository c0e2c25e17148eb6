using System.Collections.Immutable;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NNGen.Generators.Diagnostics;

namespace NNGen.Generators.Read;

/// <summary>The functions of a network; null where missing or not fit to be read.</summary>
internal sealed record NetworkFunctions(IMethodSymbol? Forward, IMethodSymbol? Loss, ImmutableArray<IMethodSymbol> Metrics, bool DeclaresLoss);

/// <summary>What a [Network] class must look like before its functions are read.</summary>
internal static class Structure
{
    private static readonly HashSet<string> Generated =
    [
        "ParameterCount", "Layout", "Values", "Of", "Initialize", "Load", "Save", "Predict", "Batch", "Metrics", "Gradient", "Evaluate", "Bind", "Columns",
    ];

    public static NetworkFunctions Check(INamedTypeSymbol network, Reading reading)
    {
        CheckClass(network, reading);
        var methods = Members(network).OfType<IMethodSymbol>().Where(m => m.MethodKind == MethodKind.Ordinary).ToList();
        var forwards = methods.Where(m => m.Name == "Forward").ToList();
        var losses = methods.Where(m => m.Name == "Loss" && !IsMetric(m)).ToList();
        if (forwards.Count == 0)
            Say("NNG0004", Name(network), network.Name);
        foreach (var second in forwards.Skip(1).Concat(losses.Skip(1)))
            Say("NNG0005", Name(second), network.Name, second.Name);
        foreach (var member in Members(network).Where(m => Generated.Contains(m.Name) && m is not IMethodSymbol { MethodKind: not MethodKind.Ordinary }))
            Say("NNG0015", Name(member), member.Name, network.Name);
        var metrics = methods.Where(IsMetric).ToList();
        foreach (var metric in metrics.GroupBy(m => m.Name).SelectMany(group => group.Skip(1)))
            Say("NNG0005", Name(metric), network.Name, metric.Name);
        return new(
            forwards is [var forward] && Fits(forward, reading) ? forward : null,
            losses is [var loss] && Fits(loss, reading) ? loss : null,
            [.. metrics.GroupBy(m => m.Name).Select(g => g.First()).Where(m => Fits(m, reading))],
            losses.Count > 0);

        void Say(string id, Location at, params string[] arguments) => reading.Report(new Fault(id, arguments), at);
    }

    /// <summary>What the user wrote, not what the generator added.</summary>
    public static IEnumerable<ISymbol> Members(INamedTypeSymbol type) => type.GetMembers().Where(member => !member.IsImplicitlyDeclared && !member.Locations.Any(IsGenerated));

    public static bool IsGenerated(Location location) => location.SourceTree?.FilePath.Contains(typeof(NetworkGenerator).FullName!) == true;

    public static Location Name(ISymbol symbol) => symbol.Locations.FirstOrDefault(l => l.IsInSource && !IsGenerated(l)) ?? Location.None;

    public static bool IsNetwork(ITypeSymbol? type) => type is INamedTypeSymbol && type.GetAttributes().Any(a => a.AttributeClass is { Name: "NetworkAttribute" } attribute && Vocabulary.IsCore(attribute));

    public static bool IsMetric(IMethodSymbol method) => Attribute(method, "MetricAttribute") is not null;

    public static AttributeData? Attribute(ISymbol symbol, string name) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass is { } type && type.Name == name && Vocabulary.IsCore(type));

    /// <summary>The network that a parameter hands in: T or Frozen&lt;T&gt;.</summary>
    public static INamedTypeSymbol? NetworkOf(ITypeSymbol type, out bool isFrozen)
    {
        isFrozen = type is INamedTypeSymbol { Name: "Frozen", TypeArguments.Length: 1 } && Vocabulary.IsCore(type);
        var network = isFrozen ? ((INamedTypeSymbol)type).TypeArguments[0] : type;
        return IsNetwork(network) ? (INamedTypeSymbol)network : null;
    }

    /// <summary>The Forward of a network that is used; null where it has none to read.</summary>
    public static IMethodSymbol? Forward(INamedTypeSymbol network) =>
        Members(network).OfType<IMethodSymbol>().Where(m => m.Name == "Forward").ToList() is [{ IsStatic: true, IsGenericMethod: false } forward] ? forward : null;

    /// <summary>Why a type cannot be used as a network; null where it can.</summary>
    public static string? Problem(INamedTypeSymbol type, Reading reading) =>
        !IsNetwork(type) ? $"Use needs a [Network] class, and {type.Name} is none"
        : !SymbolEqualityComparer.Default.Equals(type.ContainingAssembly, reading.Compilation.Assembly)
            ? $"{type.Name} is compiled in {type.ContainingAssembly.Name}, where its Forward cannot be read; move it into this project"
        : null;

    private static void CheckClass(INamedTypeSymbol network, Reading reading)
    {
        void Say(string id, Location at, params string[] arguments) => reading.Report(new Fault(id, arguments), at);
        var declarations = network.DeclaringSyntaxReferences.Select(r => r.GetSyntax(reading.Cancellation)).OfType<TypeDeclarationSyntax>().ToList();
        if (declarations.FirstOrDefault(d => d.SyntaxTree.Options is CSharpParseOptions { LanguageVersion: < (LanguageVersion)1400 }) is { } old)
            Say("NNG0001", old.Identifier.GetLocation(), network.Name, ((CSharpParseOptions)old.SyntaxTree.Options).LanguageVersion.ToDisplayString());
        foreach (var type in declarations.SelectMany(d => d.AncestorsAndSelf().OfType<TypeDeclarationSyntax>()).Distinct())
            if (!type.Modifiers.Any(SyntaxKind.PartialKeyword) && !IsGenerated(type.GetLocation()))
                Say("NNG0002", type.Identifier.GetLocation(), type.Identifier.ValueText);
        var kind = network.IsRecord ? "a record" : network.IsStatic ? "static" : network.IsAbstract ? "abstract" : network.IsGenericType && network.TypeParameters.Length > 0 ? "generic"
            : network.BaseType is { SpecialType: not SpecialType.System_Object, TypeKind: not TypeKind.Error } ? $"derived from {network.BaseType.Name}" : null;
        if (kind is not null)
            Say("NNG0003", Name(network), network.Name, kind);
    }

    private static bool Fits(IMethodSymbol method, Reading reading)
    {
        var isForward = method.Name == "Forward" && !IsMetric(method);
        var wrong = !method.IsStatic ? "static" : method.IsGenericMethod ? "free of type parameters" : method.IsAsync ? "an ordinary function, not async" : null;
        if (wrong is not null)
            reading.Report(new Fault("NNG0006", method.Name, wrong), Name(method));
        var result = method.ReturnType;
        var returns = isForward ? IsOutput(result) || result is INamedTypeSymbol { IsTupleType: true } tuple && tuple.TupleElements.All(e => IsOutput(e.Type))
            : result is { Name: "Scalar" } && Vocabulary.IsCore(result);
        if (!returns && !HasError(result))
            reading.Report(new Fault("NNG0008", method.Name, isForward ? "Tensor, or a tuple of tensors" : "Scalar",
                result.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)), ReturnType(method, reading));
        return wrong is null && returns;
    }

    private static bool IsOutput(ITypeSymbol type) => Vocabulary.IsTensor(type);

    public static bool HasError(ITypeSymbol type) => type.TypeKind == TypeKind.Error || type is INamedTypeSymbol named && named.TypeArguments.Any(HasError);

    private static Location ReturnType(IMethodSymbol method, Reading reading) =>
        method.DeclaringSyntaxReferences.FirstOrDefault()?.GetSyntax(reading.Cancellation) is MethodDeclarationSyntax syntax ? syntax.ReturnType.GetLocation() : Name(method);
}
