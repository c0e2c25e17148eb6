using Microsoft.CodeAnalysis;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Read;

/// <summary>A trained tensor of an owner. Its leaf has the key as its name until all names are known.</summary>
internal sealed record ParameterSlot(string Slot, string Key, EquatableArray<int> Shape, InitializerSpec Initializer, int FanIn, int FanOut, Value Leaf);

/// <summary>A running statistic of an owner and its value after all applications so far.</summary>
internal sealed record BufferSlot(string Slot, string Key, EquatableArray<int> Shape, double Initial, Value Leaf)
{
    public Value Next { get; set; } = Leaf;
}

/// <summary>What is born in an evaluation, in its order: owners of parameters and nested networks.</summary>
internal abstract record Birth
{
    private Birth() { }

    public sealed record OfOwner(Owner Owner) : Birth;

    public sealed record OfCopy(Copy Copy) : Birth;
}

/// <summary>A layer's (or a raw parameter's) tensors, which every application of it shares.</summary>
internal sealed class Owner(Copy copy, Place place, string kind, int number)
{
    public Copy Copy { get; } = copy;

    public Place Place { get; } = place;

    public string Kind { get; } = kind;

    /// <summary>Distinguishes keys.</summary>
    public int Number { get; } = number;

    public List<ParameterSlot> Parameters { get; } = [];

    public List<BufferSlot> Buffers { get; } = [];

    /// <summary>Label of the layer's results until names are known.</summary>
    public string Key => $"#{Number}";
}

/// <summary>
/// One set of a network's parameters in the graph: the network's own, or those of a network that it uses. Applying a used network again evaluates its
/// Forward again, and what is born there is what was born the first time.
/// </summary>
internal sealed class Copy(INamedTypeSymbol network, Place root, bool isFrozen)
{
    private readonly List<Birth> births = [];
    private readonly List<Birth> replayed = [];
    private int next;

    public INamedTypeSymbol Network { get; } = network;

    public Place Root { get; } = root;

    public bool IsFrozen { get; } = isFrozen;

    public IReadOnlyList<Birth> Births => births;

    /// <summary>Static fields, evaluated once per copy.</summary>
    public Dictionary<ISymbol, object?> Statics { get; } = new(SymbolEqualityComparer.Default);

    /// <summary>Networks that are parameters of its functions, by name.</summary>
    public Dictionary<string, Copy> Parameters { get; } = [];

    /// <summary>Begins another evaluation of the same functions.</summary>
    public void Restart() => next = 0;

    /// <summary>The next thing born, or the one born at this point of the evaluation before; null where that was another kind of thing.</summary>
    public Birth? Bear(Func<Birth, bool> same, Func<Birth> make)
    {
        if (next == replayed.Count)
        {
            births.Add(make());
            replayed.Add(births[^1]);
        }
        return same(replayed[next]) ? replayed[next++] : null;
    }

    /// <summary>Something that is born once, however often the functions are evaluated: what a static field holds, a network among the parameters.</summary>
    public Birth BearOnce(Birth birth)
    {
        births.Add(birth);
        return birth;
    }
}

/// <summary>One application of an owning layer: where its parameters come from and its faults go.</summary>
internal sealed class Binding(Evaluator evaluator, Owner owner, string layer, Location at)
{
    public GraphBuilder Graph => evaluator.Graph;

    public Owner Owner { get; } = owner;

    public string Layer { get; } = layer;

    public bool IsFrozen => Owner.Copy.IsFrozen;

    public Value Fault(string id, string message) => Graph.Faulty(id, message);

    /// <summary>A parameter of the layer: made at the first application, checked at the others.</summary>
    public Value Parameter(string slot, int[] shape, InitializerSpec initializer, int fanIn, int fanOut)
    {
        if (Owner.Parameters.FirstOrDefault(p => p.Slot == slot) is { } known)
            return known.Shape.SequenceEqual(shape) ? known.Leaf : Shared(slot, known.Shape, shape);
        if (shape.Aggregate(1L, (product, size) => product > int.MaxValue ? product : product * size) > int.MaxValue)
            return Fault("NNG1009", $"{Layer}: its {slot} would have [{string.Join(", ", shape)}] elements, more than 2^31 - 1");
        var key = $"{Owner.Key}.{slot}";
        var leaf = Graph.Leaf(Leaves.Parameter, key, TensorType.Real(shape.ToEquatableArray(), false));
        Owner.Parameters.Add(new(slot, key, shape.ToEquatableArray(), initializer, fanIn, fanOut, leaf));
        Owner.Place.Owns = true;
        return leaf;
    }

    public BufferSlot? Buffer(string slot, int[] shape, double initial)
    {
        if (Owner.Buffers.FirstOrDefault(b => b.Slot == slot) is { } known)
        {
            if (known.Shape.SequenceEqual(shape))
                return known;
            Shared(slot, known.Shape, shape);
            return null;
        }
        var key = $"{Owner.Key}.{slot}";
        var buffer = new BufferSlot(slot, key, shape.ToEquatableArray(), initial, Graph.Leaf(Leaves.Buffer, key, TensorType.Real(shape.ToEquatableArray(), false)));
        Owner.Buffers.Add(buffer);
        return buffer;
    }

    private Value Shared(string slot, EquatableArray<int> has, int[] needs)
    {
        evaluator.Report("NNG0017", at, Layer, slot, has.ToString(), $"[{string.Join(", ", needs)}]");
        return Graph.Unknown;
    }
}
