using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Operations;
using NNGen.Generators.Diagnostics;
using NNGen.Generators.Support;

namespace NNGen.Generators.Read;

/// <summary>A fault and the expression it is about.</summary>
public sealed record LocatedFault(Fault Fault, Location Location);

/// <summary>What one reading of a network sees of the compilation: bodies, the trees it went through, and the faults it found.</summary>
internal sealed class Reading(Compilation compilation, CancellationToken cancellation)
{
    private readonly Dictionary<IMethodSymbol, IOperation?> bodies = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<ISymbol, VocabularyRow?> rows = new(SymbolEqualityComparer.Default);
    private readonly Dictionary<SyntaxTree, SemanticModel> models = [];
    private readonly HashSet<SyntaxTree> trees = [];
    private readonly HashSet<(string, string, Location)> said = [];
    private readonly List<LocatedFault> faults = [];

    public Compilation Compilation => compilation;

    public CancellationToken Cancellation => cancellation;

    public IReadOnlyList<LocatedFault> Faults => faults;

    /// <summary>All trees whose bodies the reading depends on.</summary>
    public IReadOnlyCollection<SyntaxTree> Trees => trees;

    /// <summary>Records a fault once per place.</summary>
    public void Report(Fault fault, Location location)
    {
        if (said.Add((fault.Id, fault.Arguments.ToString(), location)))
            faults.Add(new(fault, location));
    }

    public void Visit(ISymbol symbol)
    {
        foreach (var reference in symbol.DeclaringSyntaxReferences)
            trees.Add(reference.SyntaxTree);
    }

    public SemanticModel Model(SyntaxTree tree)
    {
        trees.Add(tree);
        return models.TryGetValue(tree, out var model) ? model : models[tree] = compilation.GetSemanticModel(tree);
    }

    /// <summary>Whether the C# compiler has an error to say in the member around a node; then nothing more is said there.</summary>
    public bool CompilerComplains(SyntaxNode node)
    {
        var member = node.FirstAncestorOrSelf<MemberDeclarationSyntax>() ?? node;
        return Model(node.SyntaxTree).GetDiagnostics(member.Span, cancellation).Any(d => d.Severity == DiagnosticSeverity.Error);
    }

    /// <summary>The body of a method, constructor, operator or accessor of this project; null where it has none.</summary>
    public IOperation? Body(IMethodSymbol method)
    {
        if (bodies.TryGetValue(method, out var known))
            return known;
        return bodies[method] = Find(method);
    }

    /// <summary>The vocabulary's row of a member; null for what is not of the vocabulary.</summary>
    public VocabularyRow? Row(ISymbol member) => rows.TryGetValue(member, out var known) ? known : rows[member] = Vocabulary.Find(member);

    public IOperation? Operation(SyntaxNode node) => Model(node.SyntaxTree).GetOperation(node, cancellation);

    /// <summary>The value a field or property starts with.</summary>
    public IOperation? Initializer(ISymbol member)
    {
        foreach (var reference in member.DeclaringSyntaxReferences)
        {
            var equals = reference.GetSyntax(cancellation) switch
            {
                VariableDeclaratorSyntax declarator => declarator.Initializer,
                PropertyDeclarationSyntax property => property.Initializer,
                _ => null,
            };
            if (equals is not null)
                return Operation(equals) switch
                {
                    ISymbolInitializerOperation initializer => initializer.Value,
                    var other => other,
                };
        }
        return null;
    }

    private IOperation? Find(IMethodSymbol method)
    {
        var implementation = method.PartialImplementationPart ?? method;
        foreach (var reference in implementation.DeclaringSyntaxReferences)
        {
            var syntax = reference.GetSyntax(cancellation);
            // `int P => 1` has no accessor of its own: its symbol points at the arrow.
            var operation = Operation(syntax);
            switch (operation)
            {
                case IMethodBodyBaseOperation { BlockBody: not null } or IMethodBodyBaseOperation { ExpressionBody: not null }:
                case IBlockOperation:
                    return operation;
                case ILocalFunctionOperation local:
                    return local.Body;
                case IAnonymousFunctionOperation lambda:
                    return lambda.Body;
            }
        }
        return null;
    }
}
