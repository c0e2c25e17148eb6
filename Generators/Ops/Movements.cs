using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>Elements change their place and none is computed: a result's element is an operand's at another point.</summary>
public static class Movements
{
    /// <summary>The same elements, row by row, in other sizes (attributes: the sizes).</summary>
    public static readonly Op Reshape = Move("reshape",
        (x, a) => a.Integers.All(size => size >= 1) && Product(a.Integers) == x.Elements ? x.WithSizes(a.Integers)
            : new Fault("NNG1006", $"Reshape to {a.Integers} needs {Product(a.Integers)} elements, and {x.Sizes} has {x.Elements}"),
        (a, at) => Split(Flat(at.At, a.Type.Sizes), a.Inputs[0].Sizes),
        p => p.Ct.Builder.Apply(Reshape!, Attributes.Of([.. p.X[0].Type.Sizes]), p.Ct), "Reshape") with
    { WithChannels = (a, channels) => a.Attributes.With(0, channels) };

    /// <summary>Axes in another order: axis i of the result is axis attribute i of the operand.</summary>
    public static readonly Op Transpose = Move("transpose",
        (x, a) => a.Integers.OrderBy(axis => axis).SequenceEqual(Enumerable.Range(0, x.Rank))
            ? x.WithSizes(a.Integers.Select(axis => x.Sizes[axis]).ToEquatableArray())
            : new Fault("NNG1007", $"Transpose({string.Join(", ", a.Integers)}) must name each axis of {x.Sizes}, 0 to {x.Rank - 1}, once"),
        (a, at) => Enumerable.Range(0, at.At.Count).Select(axis => at[a.Attributes.Integers.ToList().IndexOf(axis)]),
        p => p.Ct.Builder.Apply(Transpose!, Attributes.Of([.. Enumerable.Range(0, p.X[0].Type.Rank).Select(axis => p.Application.Attributes.Integers.ToList().IndexOf(axis))]), p.Ct),
        "Transpose") with
    { WithChannels = (a, _) => a[0] == 0 ? a.Attributes : null };

    /// <summary>Attributes: batched 0/1, rank, sizes, and for each axis of the operand (of that size, or 1) the result's axis that it becomes, ascending.</summary>
    public static readonly Op Broadcast = Move("broadcast", BroadcastShape,
        (a, at) => a.Inputs[0].Sizes.Select((size, axis) => size == 1 ? Subscript.Zero : at[a[2 + a[1] + axis]]),
        p => SumToShape(p), "Expand") with
    { ReadsAgain = (_, _) => true, WithChannels = (a, channels) => a[2 + a[1]] == 0 ? a.Attributes.With(2, channels) : null };

    /// <summary>A part of each axis: starts, lengths and steps, rank numbers each.</summary>
    public static readonly Op Slice = Move("slice",
        (x, a) => Demands.Count("slice", a, 3 * x.Rank) is { } fault ? fault
            : Thirds(a) is var (starts, lengths, steps) && Enumerable.Range(0, x.Rank).Any(i => !Demands.Within(starts[i], lengths[i], steps[i], x.Sizes[i]))
            ? new Fault("NNG1007", $"Slice from {Thirds(a).Item1} of {Thirds(a).Item2} elements in steps of {Thirds(a).Item3} does not lie within {x.Sizes}")
            : x.WithSizes(Thirds(a).Item2),
        (a, at) => Thirds(a.Attributes) is var (starts, _, steps) ? at.At.Select((i, axis) => i * steps[axis] + starts[axis]) : [],
        p => Thirds(p.Application.Attributes) is var (starts, _, steps)
            ? p.Ct.Builder.Apply(Place!, Attributes.Of([.. p.X[0].Type.Sizes, .. starts, .. steps]), p.Ct) : p.Ct, "Slice") with
    { WithChannels = (a, channels) => a[0] == 0 && a[2 * a.Type.Rank] == 1 ? a.Attributes.With(a.Type.Rank, channels) : null };

    /// <summary>The adjoint of a slice: sizes of the result, starts and steps; zero between and around.</summary>
    public static readonly Op Place = new("place", OpKind.Movement,
        (x, a) => Demands.Count("place", a, 3 * x[0].Rank) is { } fault ? fault
            : Thirds(a) is var (sizes, starts, steps) && Enumerable.Range(0, sizes.Count).Any(i => !Demands.Within(starts[i], x[0].Sizes[i], steps[i], sizes[i]))
            ? new Fault("NNG1007", $"{x[0].Sizes} placed from {Thirds(a).Item2} in steps of {Thirds(a).Item3} does not lie within {Thirds(a).Item1}")
            : x[0].WithSizes(Thirds(a).Item1),
        (a, at, operand) =>
        {
            var (sizes, starts, steps) = Thirds(a.Attributes);
            var from = at.At.Select((i, axis) => (Offset: i - starts[axis], Step: steps[axis], Size: a.Inputs[0].Sizes[axis])).ToArray();
            return Guards.Inside(from, at, operand, new Scalar.Literal(0));
        },
        p => Thirds(p.Application.Attributes) is var (_, starts, steps)
            ? [p.Ct.Builder.Apply(Slice, Attributes.Of([.. starts, .. p.X[0].Type.Sizes, .. steps]), p.Ct)] : [], Domain.Any, "Pad")
    { WithChannels = (a, channels) => a[a.Type.Rank] == 0 && a[2 * a.Type.Rank] == 1 ? a.Attributes.With(0, channels) : null };

    /// <summary>Axes read backwards (attributes: the axes).</summary>
    public static readonly Op Reverse = Move("reverse",
        (x, a) => a.Integers.Any(axis => axis < 0 || axis >= x.Rank)
            ? new Fault("NNG1007", $"Flip over axis {a.Integers}, but {x.Sizes} has the axes 0 to {x.Rank - 1}") : x,
        (a, at) => at.At.Select((i, axis) => a.Attributes.Integers.Contains(axis) ? (Subscript)(a.Type.Sizes[axis] - 1) - i : i),
        p => p.Ct.Builder.Apply(Reverse!, p.Application.Attributes, p.Ct)) with
    { WithChannels = (a, _) => a.Attributes.Integers.Contains(0) ? null : a.Attributes };

    /// <summary>Operands one behind the other along an axis (attribute).</summary>
    public static readonly Op Concat = new("concat", OpKind.Movement, ConcatShape,
        (a, at, operand) =>
        {
            var starts = new List<int>();
            foreach (var input in a.Inputs)
                starts.Add(starts.Count == 0 ? 0 : starts[^1] + a.Inputs[starts.Count - 1].Sizes[a[0]]);
            Scalar Part(int k)
            {
                var own = at with { At = at.At.Select((i, axis) => axis == a[0] ? i - starts[k] : i).ToEquatableArray() };
                return k == a.Inputs.Count - 1 ? operand(k, own)
                    : Guards.When([new Condition.InRange(own[a[0]], a.Inputs[k].Sizes[a[0]])], operand(k, own), Part(k + 1));
            }
            return Part(0);
        },
        p =>
        {
            var (axis, start) = (p.Application[0], 0);
            return [.. p.X.Select(x =>
            {
                var type = x.Type;
                var starts = Enumerable.Range(0, type.Rank).Select(i => i == axis ? start : 0).ToArray();
                start += type.Sizes[axis];
                return (Value?)SumBatch(p.Ct.Builder.Apply(Slice, Attributes.Of([.. starts, .. type.Sizes, .. type.Sizes.Select(_ => 1)]), p.Ct), type);
            })];
        },
        Domain.Any, "Concat")
    { ReadsAgain = (a, operand) => a.Type.Batched && !a.Inputs[operand].Batched, WithChannels = (a, _) => a[0] == 0 ? null : a.Attributes };

    /// <summary>Row-major position of a point.</summary>
    internal static Subscript Flat(EquatableArray<Subscript> at, EquatableArray<int> sizes)
    {
        var flat = Subscript.Zero;
        for (var axis = 0; axis < sizes.Count; axis++)
            flat = flat * sizes[axis] + at[axis];
        return flat;
    }

    /// <summary>Sums what a broadcast over the batch has spread, where the operand was shared by the batch.</summary>
    internal static Value SumBatch(Value ct, TensorType operand) =>
        ct.Type.Batched && !operand.Batched ? ct.Builder.Apply(Reductions.BatchSum, ct) : ct;

    private static IEnumerable<Subscript> Split(Subscript flat, EquatableArray<int> sizes)
    {
        var at = new Subscript[sizes.Count];
        for (var axis = sizes.Count - 1; axis >= 0; axis--)
            (at[axis], flat) = axis == 0 ? (flat, flat) : (flat % sizes[axis], flat / sizes[axis]);
        return at;
    }

    private static Value SumToShape(Pullback p)
    {
        var (x, a) = (p.X[0].Type, p.Application);
        var target = Enumerable.Range(0, x.Rank).Select(axis => a[2 + a[1] + axis]).ToArray();
        var summed = Enumerable.Range(0, a[1]).Where(axis => Array.IndexOf(target, axis) is var own && (own < 0 || (x.Sizes[own] == 1 && a.Type.Sizes[axis] != 1))).ToArray();
        var ct = summed.Length == 0 ? p.Ct : p.Ct.Builder.Apply(Reductions.Sum, Attributes.Of(summed), p.Ct);
        ct = ct.Type.Sizes == x.Sizes ? ct : ct.Builder.Apply(Reshape, Attributes.Of([.. x.Sizes]), ct);
        return SumBatch(ct, x);
    }

    private static Shaped BroadcastShape(TensorType x, Attributes a)
    {
        var rank = a.Integers.Count > 1 ? a.Integers[1] : 0;
        if (Demands.Count("broadcast", a, rank < 0 ? 0 : 2 + rank + x.Rank) is { } miscount)
            return miscount;
        var (sizes, axes, fits) = (a.Integers.Slice(2, rank), a.Integers[(2 + rank)..], true);
        if (Demands.Positive("broadcast", "sizes", sizes) is { } fault)
            return fault;
        for (var i = 0; fits && i < axes.Count; i++)
            fits = axes[i] > (i == 0 ? -1 : axes[i - 1]) && axes[i] < rank && (x.Sizes[i] == 1 || x.Sizes[i] == sizes[axes[i]]);
        return !fits ? new Fault("NNG1001", $"{x.Sizes} does not stretch to {sizes} along the axes {string.Join(", ", axes)}: sizes must be equal or 1")
            : a.Integers[0] is not (0 or 1) || (x.Batched && a.Integers[0] == 0)
            ? new Fault("NNG1014", $"{x} differs from sample to sample and cannot become one value for the batch")
            : x with { Sizes = sizes, Batched = a.Integers[0] == 1 };
    }

    private static Shaped ConcatShape(EquatableArray<TensorType> x, Attributes a)
    {
        if (Demands.Count("concat", a, 1) is { } fault)
            return fault;
        var axis = a.Integers[0];
        if (x.Any(t => t.Type != x[0].Type))
            return new Fault("NNG1013", $"Concat needs parts of one type, got {string.Join(", ", x)}");
        if (x.Any(t => axis < 0 || axis >= t.Rank))
            return new Fault("NNG1007", $"Concat along axis {axis}, but the parts are {string.Join(", ", x.Select(t => t.Sizes))}");
        if (x.Any(t => t.Rank != x[0].Rank || Enumerable.Range(0, t.Rank).Any(i => i != axis && t.Sizes[i] != x[0].Sizes[i])))
            return new Fault("NNG1008", $"Concat along axis {axis} needs parts equal in all other sizes, got {string.Join(", ", x.Select(t => t.Sizes))}");
        var total = x.Sum(t => (long)t.Sizes[axis]);
        if (total > int.MaxValue)
            return new Fault("NNG1009", $"Concat along axis {axis} would have the size {total} there, more than 2^31 - 1");
        return new TensorType(x[0].Type, x[0].Sizes.Select((size, i) => i == axis ? (int)total : size).ToEquatableArray(), x.Any(t => t.Batched));
    }

    private static Op Move(string name, Func<TensorType, Attributes, Shaped> shape, Func<Application, Point, IEnumerable<Subscript>> from, Func<Pullback, Value> vjp, string onnx = "") =>
        new(name, OpKind.Movement, (x, a) => shape(x[0], a), (a, at, operand) => operand(0, at with { At = from(a, at).ToEquatableArray() }), p => [vjp(p)], Domain.Any, onnx);

    private static (EquatableArray<int>, EquatableArray<int>, EquatableArray<int>) Thirds(Attributes a)
    {
        var rank = a.Integers.Count / 3;
        return (a.Integers.Take(rank).ToEquatableArray(), a.Integers.Skip(rank).Take(rank).ToEquatableArray(), a.Integers.Skip(2 * rank).ToEquatableArray());
    }

    private static long Product(EquatableArray<int> sizes) => sizes.Aggregate(1L, (product, size) => product * size);
}
