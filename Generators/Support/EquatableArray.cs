using System.Collections;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace NNGen.Generators.Support;

/// <summary>An immutable list that is equal to another one when their elements are: what a pipeline record may hold.</summary>
[CollectionBuilder(typeof(EquatableArray), nameof(EquatableArray.Create))]
public readonly struct EquatableArray<T> : IEquatable<EquatableArray<T>>, IReadOnlyList<T>
{
    private readonly T[]? items;

    internal EquatableArray(T[] items) => this.items = items;

    public int Count => items?.Length ?? 0;

    public T this[int index] => (items ?? throw new IndexOutOfRangeException())[index];

    public ReadOnlySpan<T> Span => items;

    public bool Equals(EquatableArray<T> other)
    {
        if (ReferenceEquals(items, other.items))
            return true;
        if (Count != other.Count)
            return false;
        for (var i = 0; i < Count; i++)
            if (!EqualityComparer<T>.Default.Equals(items![i], other.items![i]))
                return false;
        return true;
    }

    public override bool Equals(object? other) => other is EquatableArray<T> array && Equals(array);

    public override int GetHashCode()
    {
        var hash = 17;
        foreach (var item in items ?? [])
            hash = unchecked(hash * 31 + (item is null ? 0 : EqualityComparer<T>.Default.GetHashCode(item)));
        return hash;
    }

    public static bool operator ==(EquatableArray<T> left, EquatableArray<T> right) => left.Equals(right);

    public static bool operator !=(EquatableArray<T> left, EquatableArray<T> right) => !left.Equals(right);

    // LINQ's own functions would put the array and its enumerator on the heap, for each node of a graph several times.
    public bool Any(Func<T, bool> holds)
    {
        foreach (var item in this)
            if (holds(item))
                return true;
        return false;
    }

    public bool All(Func<T, bool> holds)
    {
        foreach (var item in this)
            if (!holds(item))
                return false;
        return true;
    }

    public TSum Aggregate<TSum>(TSum seed, Func<TSum, T, TSum> add)
    {
        foreach (var item in this)
            seed = add(seed, item);
        return seed;
    }

    public EquatableArray<T> Slice(int start, int length) => new(Span.Slice(start, length).ToArray());

    public ImmutableArray<T>.Enumerator GetEnumerator() => ImmutableCollectionsMarshal.AsImmutableArray(items ?? []).GetEnumerator();

    IEnumerator<T> IEnumerable<T>.GetEnumerator() => ((IEnumerable<T>)(items ?? [])).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => (items ?? []).GetEnumerator();

    public override string ToString() => "[" + string.Join(", ", items ?? []) + "]";
}

public static class EquatableArray
{
    public static EquatableArray<T> Create<T>(ReadOnlySpan<T> items) => new(items.ToArray());

    public static EquatableArray<T> ToEquatableArray<T>(this IEnumerable<T> items) => new(items.ToArray());
}
