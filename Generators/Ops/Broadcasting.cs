using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>Broadcasting as in NumPy: sizes are aligned at the last axis; a size of 1 or a missing axis stretches.</summary>
internal static class Broadcasting
{
    /// <summary>Equal sizes, and all or none per sample: nothing has to stretch.</summary>
    public static bool AreAlike(EquatableArray<TensorType> types)
    {
        foreach (var type in types)
            if (type.Sizes != types[0].Sizes || type.Batched != types[0].Batched)
                return false;
        return true;
    }

    public static Shaped Common(string op, EquatableArray<TensorType> all)
    {
        var rank = all.Aggregate(0, (most, type) => Math.Max(most, type.Rank));
        var sizes = new int[rank];
        for (var axis = 0; axis < rank; axis++)
        {
            sizes[axis] = 1;
            foreach (var type in all)
            {
                var own = axis - (rank - type.Rank);
                if (own < 0 || type.Sizes[own] == 1)
                    continue;
                if (sizes[axis] != 1 && sizes[axis] != type.Sizes[own])
                    return new Fault("NNG1001", $"{op} cannot combine {string.Join(" and ", all.Select(t => t.Sizes.ToString()))}: sizes, "
                        + "aligned at the last axis, must be equal or 1; Reshape or Transpose one of them");
                sizes[axis] = type.Sizes[own];
            }
        }
        return new TensorType(all[0].Type, new(sizes), all.Any(t => t.Batched));
    }

    /// <summary>Stretches a value, aligned at the last axis; the same value where nothing changes.</summary>
    public static Value To(Value value, EquatableArray<int> sizes, bool batched)
    {
        var type = value.Type;
        return type.Sizes == sizes && type.Batched == batched
            ? value
            : Along(value, sizes, batched, Enumerable.Range(sizes.Count - type.Rank, type.Rank).ToArray());
    }

    /// <summary>Stretches a value whose axis i becomes axis <paramref name="axes"/>[i] of the result.</summary>
    public static Value Along(Value value, EquatableArray<int> sizes, bool batched, int[] axes)
    {
        if (value.IsUnknown)
            return value;
        var integers = new int[2 + sizes.Count + axes.Length];
        (integers[0], integers[1]) = (batched ? 1 : 0, sizes.Count);
        sizes.Span.CopyTo(integers.AsSpan(2));
        axes.CopyTo(integers, 2 + sizes.Count);
        return value.Builder.Apply(Movements.Broadcast, Attributes.Of(integers), value);
    }
}
