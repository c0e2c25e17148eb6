using Microsoft.CodeAnalysis;
using NNGen.Generators.Diagnostics;

namespace NNGen.Generators.Read;

/// <summary>
/// A class that may have to be read again. It is found anew at each keystroke; the comparer finds out cheaply whether anything that the last reading
/// went through has changed, and if not, the old candidate with its old spec stays. The compilation is let go once it was read.
/// </summary>
internal sealed class Candidate(INamedTypeSymbol network, Compilation compilation)
{
    private readonly string name = network.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat);
    private readonly SyntaxTree[] trees = [.. compilation.SyntaxTrees];
    private readonly MetadataReference[] references = [.. compilation.References];
    private readonly CompilationOptions options = compilation.Options;
    private (INamedTypeSymbol Network, Compilation Compilation)? source = (network, compilation);
    private HashSet<SyntaxTree> visited = [];
    private NetworkSpec? spec;

    public static IEqualityComparer<Candidate> Comparer { get; } = new Unchanged();

    public NetworkSpec Read(CancellationToken cancellation)
    {
        if (spec is not null || source is not var (symbol, whole))
            return spec!;
        var result = NetworkReader.Read(symbol, whole, cancellation);
        visited = [.. result.Trees];
        source = null;
        return spec = result.Spec;
    }

    private bool IsUnchangedIn(Candidate now)
    {
        if (spec is null || name != now.name || trees.Length != now.trees.Length || !references.SequenceEqual(now.references) || !options.Equals(now.options))
            return false;
        for (var i = 0; i < trees.Length; i++)
            if (!ReferenceEquals(trees[i], now.trees[i])
                && (visited.Contains(trees[i]) || !trees[i].Options.Equals(now.trees[i].Options) || !trees[i].IsEquivalentTo(now.trees[i], topLevel: true)))
                return false;
        return true;
    }

    private sealed class Unchanged : IEqualityComparer<Candidate>
    {
        public bool Equals(Candidate? old, Candidate? now) => ReferenceEquals(old, now) || old is not null && now is not null && (old.IsUnchangedIn(now) || now.IsUnchangedIn(old));

        public int GetHashCode(Candidate candidate) => candidate.name.GetHashCode();
    }
}
