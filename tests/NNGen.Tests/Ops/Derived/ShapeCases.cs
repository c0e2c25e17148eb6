using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops.Derived;

/// <summary>Random cases of the layers that move elements, and of broadcasting.</summary>
internal static class ShapeCases
{
    public static readonly IReadOnlyDictionary<string, Func<Draw, Case>> All = new Dictionary<string, Func<Draw, Case>>
    {
        ["Flatten"]      = draw => Moved(draw, draw.Sizes(draw.Int(0, 3)), x => Shapes.Flatten(x), (sizes, at) => Digits(sizes, at[0])),
        ["Reshape"]      = draw => Moved(draw, draw.Sizes(3), x => Shapes.Reshape(x, x.Type.Sizes[2] * x.Type.Sizes[1], x.Type.Sizes[0]), (sizes, at) => Digits(sizes, at[0] * sizes[0] + at[1])),
        ["Transpose"]    = draw => Moved(draw, draw.Sizes(3), x => Shapes.Transpose(x, 2, 0, 1), (_, at) => [at[1], at[2], at[0]]),
        ["Flip"]         = draw => Moved(draw, draw.Sizes(3), x => Shapes.Flip(x, 1), (sizes, at) => [at[0], sizes[1] - 1 - at[1], at[2]]),
        ["Slice"]        = draw => Moved(draw, [2, draw.Int(5, 6), 2], x => Shapes.Slice(x, 1, 1, 2, 3), (_, at) => [at[0], 1 + 3 * at[1], at[2]]),
        ["Upsample"]     = draw => Factor(draw, 3, f => Moved(draw, draw.Sizes(3, 3, 12), x => Shapes.UpsampleNearest(x, f), (_, at) => [at[0], at[1] / f, at[2] / f])),
        ["PixelShuffle"] = draw => Factor(draw, 3, f => Moved(draw, [f * f * draw.Int(1, 2), draw.Int(1, 2), draw.Int(1, 2)], x => Shapes.PixelShuffle(x, f),
            (_, at) => [at[0] * f * f + at[1] % f * f + at[2] % f, at[1] / f, at[2] / f])),
        ["PadZero"]      = draw => Padded(draw, 0, Shapes.PadZero, (i, size) => i >= 0 && i < size ? i : null),
        ["PadReflect"]   = draw => Padded(draw, 1, Shapes.PadReflect, (i, size) => i < 0 ? -i : i >= size ? 2 * (size - 1) - i : i),
        ["PadReplicate"] = draw => Padded(draw, 0, Shapes.PadReplicate, (i, size) => Math.Clamp(i, 0, size - 1)),
        ["Concat"]       = Concat,
    };

    static Case Factor(Draw draw, int most, Func<int, Case> make) => make(draw.Int(1, most));

    static Case Moved(Draw draw, int[] sizes, Func<Value, Value> function, Func<int[], int[], int[]> from)
    {
        var samples = draw.Int(1, 3);
        return new Case("a movement", samples, [draw.Operand("x", draw.Type(sizes), samples)], (_, v) => function(v[0]), (v, n, at) => v[0][n, from(sizes, at)]) with { Affine = [0] };
    }

    static Case Padded(Draw draw, int less, Func<Value, int, int, int, int, Value> pad, Func<int, int, int?> from)
    {
        var (samples, sizes) = (draw.Int(1, 3), draw.Sizes(3, 4, 20));
        int Border(int axis) => draw.Int(0, less == 1 ? sizes[axis] - 1 : 2);
        var (top, bottom, left, right) = (Border(1), Border(1), Border(2), Border(2));
        return new Case($"a border of {top} {bottom} {left} {right}", samples, [draw.Operand("x", draw.Type(sizes), samples)], (_, v) => pad(v[0], top, bottom, left, right), (v, n, at) =>
        {
            Assert.InRange(at[1], 0, sizes[1] + top + bottom - 1);
            Assert.InRange(at[2], 0, sizes[2] + left + right - 1);
            return (from(at[1] - top, sizes[1]), from(at[2] - left, sizes[2])) is (int row, int column) ? v[0][n, at[0], row, column] : 0;
        }) with
        { Affine = [0] };
    }

    static Case Concat(Draw draw)
    {
        var samples = draw.Int(1, 3);
        Given[] parts = [.. Enumerable.Range(0, draw.Int(1, 3)).Select(k => draw.Operand($"x{k}", draw.Type([2, draw.Int(1, 3)]), samples))];
        return new Case("Concat", samples, parts, (_, v) => Shapes.Concat(1, v), (v, n, at) =>
            v.SelectMany(part => Enumerable.Range(0, part.Type.Sizes[1]).Select(i => part[n, at[0], i])).ElementAt(at[1])) with
        { Affine = [.. parts.Select((_, k) => k)] };
    }

    static int[] Digits(int[] sizes, int position)
    {
        var at = new int[sizes.Length];
        for (var axis = sizes.Length - 1; axis >= 0; axis--)
            (at[axis], position) = (position % sizes[axis], position / sizes[axis]);
        return at;
    }
}
