using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    private readonly Stack<INamedTypeSymbol> using_ = new();

    /// <summary>Use(g), where g is a parameter of Forward or Loss.</summary>
    internal object? UseGiven(VocabularyCall call) => call[0] switch
    {
        Copy given => new Function.Network(given),
        null => throw Throws(call.Operation, "NullReferenceException", "the network is null"),
        _ => call.Fault("NNG0019", 0, "Use takes a network that is a parameter of Forward or Loss; Use<T>() makes a fresh one"),
    };

    /// <summary>Use&lt;T&gt;(): a copy of T of this network's own.</summary>
    internal object? UseFresh(VocabularyCall call)
    {
        if (((IMethodSymbol)call.Member).TypeArguments is not [var argument] || Resolve(argument) is not INamedTypeSymbol { TypeKind: not TypeKind.Error } type)
            return Unknown.Value;
        if (Structure.Problem(type, reading) is { } problem)
            return call.Fault("NNG0019", 0, problem);
        Birth Make() => new Birth.OfCopy(new Copy(type, place.Child(Place.Camel(type.Name)), copy.IsFrozen));
        var birth = initialising > 0 ? copy.BearOnce(Make())
            : copy.Bear(known => known is Birth.OfCopy { Copy.Network: var other } && SymbolEqualityComparer.Default.Equals(other, type), Make);
        return birth is Birth.OfCopy { Copy: var fresh } ? new Function.Network(fresh) : Unknown.Value;
    }

    /// <summary>The networks among a function's parameters, by name: the same name is the same network.</summary>
    internal Copy Given(Copy owner, IParameterSymbol parameter, INamedTypeSymbol network, bool isFrozen)
    {
        if (owner.Parameters.TryGetValue(parameter.Name, out var known))
            return known;
        var root = owner.Root.Child(parameter.Name);
        (root.Name, root.IsInsisted, root.At) = (parameter.Name, true, parameter.Locations.FirstOrDefault());
        var given = new Copy(network, root, isFrozen || owner.IsFrozen);
        owner.BearOnce(new Birth.OfCopy(given));
        return owner.Parameters[parameter.Name] = given;
    }

    /// <summary>Evaluates another network's Forward on a tensor, over one set of its parameters.</summary>
    private object? UseNetwork(Copy used, Value x, Location at, IOperation operation)
    {
        if (using_.Contains(used.Network, SymbolEqualityComparer.Default) || SymbolEqualityComparer.Default.Equals(used.Network, network.Network))
        {
            Report("NNG0019", at, $"{used.Network.Name} uses itself; a network cannot hold itself");
            return Unknown.Value;
        }
        if (Structure.Forward(used.Network) is not { } forward)
            return Unknown.Value;                                                // said where that network is declared
        var tensors = forward.Parameters.Count(p => Vocabulary.IsTensor(p.Type));
        if (tensors != 1 || !Vocabulary.IsTensor(forward.ReturnType))
        {
            Report("NNG0019", at, $"Use needs a network with one input and one output, and {used.Network.Name}.Forward has {tensors} inputs and returns {forward.ReturnType.ToDisplayString(SymbolDisplayFormat.MinimallyQualifiedFormat)}");
            return Unknown.Value;
        }
        var arguments = forward.Parameters.Select(p => Vocabulary.IsTensor(p.Type) ? x
            : Structure.NetworkOf(p.Type, out var frozen) is { } inner ? Given(used, p, inner, frozen) : (object?)Unknown.Value).ToArray();
        var (outerCopy, outerPlace, outerInitialising) = (copy, place, initialising);
        (copy, place, initialising) = (used, used.Root, 0);
        used.Restart();
        using_.Push(used.Network);
        try
        {
            return EvaluateFunction(forward, arguments);
        }
        finally
        {
            using_.Pop();
            (copy, place, initialising) = (outerCopy, outerPlace, outerInitialising);
        }
    }

    /// <summary>Evaluates Forward, Loss or a metric: its own name names nothing.</summary>
    public object? EvaluateFunction(IMethodSymbol function, object?[] arguments)
    {
        if (reading.Body(function) is not { } body)
            return Unknown.Value;
        var scope = new Scope(null);
        Bind(scope, function.Parameters, arguments, null);
        return Enter(new Frame(scope, null, NoTypes), body, body, null);
    }

    /// <summary>Mean over the batch of what has one value per sample.</summary>
    public object? Averaged(object? value, Location at) =>
        value is Value { Type.Batched: true } perSample ? Grow(at, () => Ops.Derived.Statistics.BatchMean(perSample)) : value;
}
