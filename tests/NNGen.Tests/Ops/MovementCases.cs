using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops;

/// <summary>Random cases of movements, reductions and windows, with what each should give.</summary>
internal static class MovementCases
{
    public static readonly IReadOnlyDictionary<string, Func<Draw, Case>> All = new Dictionary<string, Func<Draw, Case>>
    {
        ["reshape"]    = Reshape,
        ["transpose"]  = Transpose,
        ["broadcast"]  = Broadcast,
        ["slice"]      = Slice,
        ["place"]      = Place,
        ["reverse"]    = Reverse,
        ["concat"]     = Concat,
        ["sum"]        = draw => Reduce(draw, Reductions.Sum, all => all.Sum()) with { Affine = [0] },
        ["max"]        = draw => Reduce(draw, Reductions.Max, all => all.Max()),
        ["arg_max"]    = draw => Reduce(draw, Reductions.ArgMax, all => all.ToList().IndexOf(all.Max())),
        ["batch_sum"]  = BatchSum,
        ["windows"]    = Unfold,
        ["window_sum"] = Fold,
    };

    static Case Reshape(Draw draw)
    {
        var (samples, primes) = (draw.Int(1, 3), Enumerable.Range(0, draw.Int(0, 4)).Select(_ => draw.Of(2, 2, 3)).ToArray());
        var (from, to) = (draw.Type(Grouped(draw, primes)), Grouped(draw, primes));
        return Case.Of(Movements.Reshape, Attributes.Of(to), samples, [draw.Operand("x", from, samples)],
            (x, n, at) => x[0].Values[n * (x[0].Type.Batched ? from.Elements : 0) + RowMajor(at, to)]) with
        { Affine = [0] };
    }

    // The same factors in another order, multiplied in groups, with a 1 here and there.
    static int[] Grouped(Draw draw, int[] primes)
    {
        var sizes = new List<int>();
        foreach (var prime in draw.Shuffled(primes))
            if (sizes.Count == 0 || draw.Flip())
                sizes.Add(prime);
            else
                sizes[^1] *= prime;
        if (sizes.Count == 0 && primes.Length > 0 || draw.Flip(0.3))
            sizes.Insert(draw.Int(0, sizes.Count), 1);
        return [.. sizes];
    }

    static Case Transpose(Draw draw)
    {
        var (samples, type) = (draw.Int(1, 3), draw.Type(draw.Sizes(draw.Int(0, 4))));
        var axes = draw.Shuffled(Enumerable.Range(0, type.Rank));
        return Case.Of(Movements.Transpose, Attributes.Of(axes), samples, [draw.Operand("x", type, samples)],
            (x, n, at) => x[0][n, [.. Enumerable.Range(0, axes.Length).Select(own => at[Array.IndexOf(axes, own)])]]) with
        { Affine = [0] };
    }

    static Case Broadcast(Draw draw)
    {
        var (samples, sizes, batched) = (draw.Int(1, 3), draw.Sizes(draw.Int(0, 4)), draw.Flip(0.7));
        var axes = draw.Some(sizes.Length, 0.6);
        var type = draw.Type([.. axes.Select(axis => draw.Flip(0.4) ? 1 : sizes[axis])], batched && draw.Flip());
        return Case.Of(Movements.Broadcast, Attributes.Of([batched ? 1 : 0, sizes.Length, .. sizes, .. axes]), samples, [draw.Operand("x", type, samples)],
            (x, n, at) => x[0][n, [.. axes.Select((axis, own) => type.Sizes[own] == 1 ? 0 : at[axis])]]) with
        { Affine = [0] };
    }

    static Case Slice(Draw draw)
    {
        var (samples, type) = (draw.Int(1, 3), draw.Type(draw.Sizes(draw.Int(0, 4))));
        var (starts, lengths, steps) = Part(draw, [.. type.Sizes]);
        return Case.Of(Movements.Slice, Attributes.Of([.. starts, .. lengths, .. steps]), samples, [draw.Operand("x", type, samples)],
            (x, n, at) => x[0][n, [.. at.Select((i, axis) => starts[axis] + i * steps[axis])]]) with
        { Affine = [0] };
    }

    static Case Place(Draw draw)
    {
        var (samples, sizes) = (draw.Int(1, 3), draw.Sizes(draw.Int(0, 4)));
        var (starts, lengths, steps) = Part(draw, sizes);
        return Case.Of(Movements.Place, Attributes.Of([.. sizes, .. starts, .. steps]), samples, [draw.Operand("x", draw.Type(lengths), samples)], (x, n, at) =>
        {
            var own = Dense.Points(lengths).SingleOrDefault(i => at.SequenceEqual(i.Select((j, axis) => starts[axis] + j * steps[axis])));
            return own is null ? 0 : x[0][n, own];
        }) with
        { Affine = [0] };
    }

    static (int[] Starts, int[] Lengths, int[] Steps) Part(Draw draw, int[] sizes)
    {
        var starts = sizes.Select(size => draw.Int(0, size - 1)).ToArray();
        var steps = sizes.Select(_ => draw.Int(1, 3)).ToArray();
        return (starts, [.. sizes.Select((size, i) => draw.Int(1, (size - 1 - starts[i]) / steps[i] + 1))], steps);
    }

    static Case Reverse(Draw draw)
    {
        var (samples, type) = (draw.Int(1, 3), draw.Type(draw.Sizes(draw.Int(0, 4))));
        var axes = draw.Some(type.Rank);
        return Case.Of(Movements.Reverse, Attributes.Of(axes), samples, [draw.Operand("x", type, samples)],
            (x, n, at) => x[0][n, [.. at.Select((i, axis) => axes.Contains(axis) ? type.Sizes[axis] - 1 - i : i)]]) with
        { Affine = [0] };
    }

    static Case Concat(Draw draw)
    {
        var (samples, sizes, count) = (draw.Int(1, 3), draw.Sizes(draw.Int(1, 4), 4, 20), draw.Int(1, 3));
        var axis = draw.Int(0, sizes.Length - 1);
        Given[] parts = [.. Enumerable.Range(0, count).Select(k => draw.Operand($"x{k}", draw.Type([.. sizes.Select((s, i) => i == axis ? draw.Int(1, 3) : s)]), samples))];
        return Case.Of(Movements.Concat, Attributes.Of(axis), samples, parts, (x, n, at) =>
        {
            var (k, own) = (0, (int[])[.. at]);
            while (own[axis] >= x[k].Type.Sizes[axis])
                own[axis] -= x[k++].Type.Sizes[axis];
            return x[k][n, own];
        }) with
        { Affine = [.. Enumerable.Range(0, count)] };
    }

    static Case Reduce(Draw draw, Op op, Func<double[], double> formula)
    {
        var (samples, type) = (draw.Int(1, 3), draw.Type(draw.Sizes(draw.Int(0, 4))));
        var axes = draw.Some(type.Rank);
        return Case.Of(op, Attributes.Of(axes), samples, draw.Distinct(samples, ("x", type)), (x, n, at) =>
            formula([.. Dense.Points(type.Sizes).Where(i => i.Where((_, axis) => !axes.Contains(axis)).SequenceEqual(at)).Select(i => x[0][n, i])]));
    }

    static Case BatchSum(Draw draw)
    {
        var samples = draw.Int(1, 4);
        return Case.Of(Reductions.BatchSum, Attributes.None, samples, [draw.Operand("x", draw.Type(draw.Sizes(draw.Int(0, 4)), batched: true), samples)],
            (x, _, at) => Enumerable.Range(0, samples).Sum(n => x[0][n, at])) with
        { Affine = [0] };
    }

    static Case Unfold(Draw draw)
    {
        var (samples, g, padding) = (draw.Int(1, 2), Geometry.Of(draw, groups: 1), draw.Of(0, 0, -1.5, 7));
        var type = draw.Type([draw.Int(1, 2), g.Height, g.Width]);
        return Case.Of(Windows.Unfold, new Attributes([.. g.Window.Integers, g.KernelHeight, g.KernelWidth], [padding], ""), samples, [draw.Operand("x", type, samples)],
            (x, n, at) => g.Inside(at[1], at[2], at[3], at[4]) is var (row, column) ? x[0][n, at[0], row, column] : padding) with
        { Affine = [0] };
    }

    static Case Fold(Draw draw)
    {
        var (samples, g) = (draw.Int(1, 2), Geometry.Of(draw, groups: 1));
        var type = draw.Type([draw.Int(1, 2), g.OutputHeight, g.OutputWidth, g.KernelHeight, g.KernelWidth]);
        return Case.Of(Windows.Fold, Attributes.Of([.. g.Window.Integers, g.Height, g.Width]), samples, [draw.Operand("x", type, samples)],
            (x, n, at) => g.Taps().Where(t => g.Inside(t.Y, t.X, t.Ky, t.Kx) == (at[1], at[2])).Sum(t => x[0][n, at[0], t.Y, t.X, t.Ky, t.Kx])) with
        { Affine = [0] };
    }

    static int RowMajor(int[] at, int[] sizes)
    {
        var position = 0;
        for (var axis = 0; axis < at.Length; axis++)
            position = position * sizes[axis] + at[axis];
        return position;
    }
}
