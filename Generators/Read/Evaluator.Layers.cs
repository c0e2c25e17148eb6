using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Operations;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Read;

internal sealed partial class Evaluator
{
    /// <summary>Applies a layer to a tensor.</summary>
    private object? Through(Function function, Value x, Location at, IOperation operation) => function switch
    {
        Function.Pure pure => Grow(at, () => pure.Apply(x)),
        Function.Owning owning => Grow(at, () =>
            Graph.Labelled(owning.Apply(new Binding(this, owning.Owner, owning.Owner.Kind, at), x), owning.Owner.Key)),
        Function.Composition composition => Compose(composition, x, operation),
        Function.Named named => InPlace(named, x, at, operation),
        Function.Network network => UseNetwork(network.Copy, x, at, operation),
        _ => Apply(function, [x], operation, operation),
    };

    private object? Compose(Function.Composition composition, Value x, IOperation operation)
    {
        object? value = x;
        foreach (var (part, at) in composition.Parts)
        {
            Step(operation);
            value = value is Value tensor ? Through(part, tensor, at, operation) : Unknown.Value;
        }
        return value;
    }

    /// <summary>`f >> g`, flat, so that a long chain is no deep tree.</summary>
    internal Function Composed(Function first, Location firstAt, Function second, Location secondAt) =>
        new Function.Composition([.. Flat(first, firstAt), .. Flat(second, secondAt)]);

    private static IEnumerable<(Function, Location)> Flat(Function function, Location at) =>
        function is Function.Composition composition ? composition.Parts : [(function, at)];

    private object? InPlace(Function.Named named, Value x, Location at, IOperation operation)
    {
        var outer = place;
        place = place.Child(named.Name);
        (place.Name, place.IsInsisted, place.At) = (named.Name, true, named.At);
        try
        {
            return Through(named.Inner, x, at, operation);
        }
        finally
        {
            place = outer;
        }
    }

    /// <summary>The layer under a name: what it owns already moves there; what is born when it is called is born there.</summary>
    internal Function Rename(string name, Function layer, Location at)
    {
        var owned = Owned(layer).Distinct().ToList();
        switch (owned.Count)
        {
            case 0:
                return layer is Function.Pure ? layer : new Function.Named(name, layer, at);
            case 1:
                (owned[0].Name, owned[0].IsInsisted, owned[0].At) = (name, true, at);
                return layer;
            default:
                var group = place.Child(name);
                (group.Name, group.IsInsisted, group.At) = (name, true, at);
                foreach (var own in owned)
                    own.MoveTo(group);
                return layer;
        }
    }

    private static IEnumerable<Place> Owned(Function function) => function switch
    {
        Function.Owning owning => [owning.Owner.Place],
        Function.Composition composition => composition.Parts.SelectMany(part => Owned(part.Function)),
        Function.Network network => [network.Copy.Root],
        _ => [],
    };

    /// <summary>A new owner of parameters, or, where a used network is applied again, the one born here the first time.</summary>
    internal Owner? Bear(string kind, string stem, Location at)
    {
        Birth Make() => new Birth.OfOwner(new Owner(copy, place.Child(stem), kind, owners++));
        var birth = initialising > 0 ? copy.BearOnce(Make()) : copy.Bear(known => known is Birth.OfOwner { Owner.Kind: var other } && other == kind, Make);
        if (birth is Birth.OfOwner { Owner: var owner })
        {
            owner.Place.At ??= at;
            return owner;
        }
        Report("NNG0019", at, $"{copy.Network.Name} makes other layers here than where it was used first; let nothing but parameters and constants decide which layers it makes");
        return null;
    }

    internal object? RawParameter(int[] shape, InitializerSpec initializer, string? name, Location at)
    {
        if (Bear("Parameter", "parameter", at) is not { } owner)
            return Unknown.Value;
        if (name is not null)
            (owner.Place.Name, owner.Place.IsInsisted) = (name, true);
        var (fanIn, fanOut) = Fans(shape);
        var leaf = new Binding(this, owner, "Parameter", at).Parameter("", shape, initializer, fanIn, fanOut);
        if (!leaf.IsUnknown)
            rawParameters[leaf.Id] = owner;
        return leaf;
    }

    /// <summary>Inputs of one output and outputs of one input of a weight [O, I, ..]; a vector's elements stand for both.</summary>
    internal static (int In, int Out) Fans(int[] shape)
    {
        var places = shape.Skip(2).Aggregate(1, (product, size) => product * size);
        return shape switch { [] => (1, 1), [var n] => (n, n), [var o, var i, ..] => (i * places, o * places) };
    }
}
