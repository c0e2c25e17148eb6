using Microsoft.CodeAnalysis;

namespace NNGen.Generators.Read;

/// <summary>What a fault leaves behind: whatever is computed from it is unknown as well, in silence.</summary>
internal sealed class Unknown
{
    public static readonly Unknown Value = new();

    private Unknown() { }
}

/// <summary>The `void` that a method without a result returns.</summary>
internal sealed class Nothing
{
    public static readonly Nothing Value = new();

    private Nothing() { }
}

/// <summary>A variable.</summary>
internal sealed class Cell(object? content)
{
    public object? Content { get; set; } = content;
}

/// <summary>The variables of one execution of a block. A lambda keeps the scope it was made in, so a variable of a loop's body is a new one in each turn.</summary>
internal sealed class Scope(Scope? parent)
{
    private List<KeyValuePair<ISymbol, Cell>>? cells;

    public Cell Declare(ISymbol symbol, object? content) => Declare(symbol, new Cell(content));

    public Cell Declare(ISymbol symbol, Cell cell)
    {
        cells ??= [];
        for (var i = 0; i < cells.Count; i++)
            if (SymbolEqualityComparer.Default.Equals(cells[i].Key, symbol))
            {
                cells[i] = new(symbol, cell);
                return cell;
            }
        cells.Add(new(symbol, cell));
        return cell;
    }

    public Cell? Find(ISymbol symbol)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            foreach (var pair in scope.cells ?? [])
                if (SymbolEqualityComparer.Default.Equals(pair.Key, symbol))
                    return pair.Value;
        return null;
    }

    public Scope? Outer { get; } = parent;
}

/// <summary>One activation of a function: its variables, `this`, what its type parameters stand for, and what it returns.</summary>
internal sealed class Frame(Scope scope, Cell? self, IReadOnlyDictionary<ITypeParameterSymbol, ITypeSymbol> types)
{
    public Scope Scope { get; set; } = scope;

    public Cell? Self { get; } = self;

    public IReadOnlyDictionary<ITypeParameterSymbol, ITypeSymbol> Types { get; } = types;

    public object? Returned { get; set; } = Nothing.Value;

    /// <summary>What an iterator has yielded; null in other functions.</summary>
    public List<object?>? Yielded { get; init; }
}

/// <summary>How a statement ended.</summary>
internal enum Flow { Next, Break, Continue, Return }

internal enum SequenceKind { Array, List, Stack, Queue, Set }

/// <summary>An array or one of the BCL's lists. A stack's top is the last item.</summary>
internal sealed class Sequence(SequenceKind kind, List<object?> items) : IEnumerable<object?>
{
    public SequenceKind Kind { get; } = kind;

    public List<object?> Items { get; } = items;

    /// <summary>Belongs to a static field, which outlives the evaluation, or is of an immutable type.</summary>
    public bool IsFrozen { get; set; }

    public static Sequence Array(IEnumerable<object?> items) => new(SequenceKind.Array, [.. items]);

    public IEnumerator<object?> GetEnumerator()
    {
        if (Kind == SequenceKind.Stack)
            for (var i = Items.Count - 1; i >= 0; i--)
                yield return Items[i];
        else
            for (var i = 0; i < Items.Count; i++)
                yield return Items[i];
    }

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A dictionary, in the order of insertion.</summary>
internal sealed class Map : IEnumerable<object?>
{
    public List<object?> Keys { get; } = [];

    public Dictionary<object, object?> Entries { get; } = [];

    public bool IsFrozen { get; set; }

    public void Set(object key, object? value)
    {
        if (!Entries.ContainsKey(key))
            Keys.Add(key);
        Entries[key] = value;
    }

    public bool Remove(object key) => Entries.Remove(key) && Keys.Remove(key);

    public IEnumerator<object?> GetEnumerator() => Keys.Select(key => (object?)new TupleValue([key, Entries[key!]])).ToList().GetEnumerator();

    System.Collections.IEnumerator System.Collections.IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>A tuple, or a dictionary's pair. Immutable: an assignment to an item replaces the tuple in its variable.</summary>
internal sealed class TupleValue(object?[] items)
{
    public object?[] Items { get; } = items;

    public TupleValue With(int index, object? item)
    {
        var copy = (object?[])Items.Clone();
        copy[index] = item;
        return new(copy);
    }

    public override bool Equals(object? other) => other is TupleValue tuple && Items.SequenceEqual(tuple.Items);

    public override int GetHashCode() => Items.Aggregate(Items.Length, (hash, item) => unchecked(hash * 31 + (item?.GetHashCode() ?? 0)));
}

/// <summary>An object of one of the user's own types. Structs are copied when a field is assigned, so sharing one is copying it.</summary>
internal sealed class Instance(INamedTypeSymbol type)
{
    private readonly Dictionary<ISymbol, object?> fields = new(SymbolEqualityComparer.Default);

    public INamedTypeSymbol Type { get; } = type;

    /// <summary>Parameters of the primary constructor, which methods may use.</summary>
    public Scope? Primary { get; set; }

    public bool TryGet(ISymbol field, out object? value) => fields.TryGetValue(field.OriginalDefinition, out value);

    public void Set(ISymbol field, object? value) => fields[field.OriginalDefinition] = value;

    public Instance Copy()
    {
        var copy = new Instance(Type) { Primary = Primary };
        foreach (var pair in fields)
            copy.fields.Add(pair.Key, pair.Value);
        return copy;
    }

    // A record's equality, or a struct's; objects of a class are equal to themselves alone.
    public override bool Equals(object? other) => ReferenceEquals(this, other)
        || ((Type.IsRecord || Type.IsValueType) && other is Instance instance && SymbolEqualityComparer.Default.Equals(Type, instance.Type)
            && fields.Count == instance.fields.Count && fields.All(pair => instance.fields.TryGetValue(pair.Key, out var value) && Equals(pair.Value, value)));

    public override int GetHashCode() => Type.IsRecord || Type.IsValueType
        ? SymbolEqualityComparer.Default.GetHashCode(Type)
        : System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);
}

/// <summary>An exception of the user's or of the BCL.</summary>
internal sealed record Thrown(ITypeSymbol? Type, string Name, string Message);

/// <summary>A mask's or a tensor's element type tells them apart; labels carry their number of classes besides.</summary>
internal sealed record LabelsValue(Ops.Value Value, int Classes);
