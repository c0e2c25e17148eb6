using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Simplify;

/// <summary>The rewrite rows. None changes a value that is finite, but for rounding; none multiplies by zero away, since 0 times infinity is not 0.</summary>
public static class Rules
{
    /// <summary>Decides the mode of a program.</summary>
    public static Rule Mode(bool training) => new("training -> true or false", m => m.Is(Leaves.Training) ? m.Truth(training) : null);

    public static readonly IReadOnlyList<Rule> All =
    [
        new("where(true, x, z) -> x",                m => m.Is(Elementwise.Select3) && m.Truth(0) is { } t ? m.Operands[t ? 1 : 2] : null),
        new("where(m, x, x) -> x",                   m => m.Is(Elementwise.Select3) && m.Operands[1] == m.Operands[2] ? m.Operands[1] : null),
        new("not true -> false",                     m => m.Is(Elementwise.Not) && m.Truth(0) is { } t ? m.Truth(!t) : null),
        new("true and x -> x, false and x -> false", m => m.Is(Elementwise.And) ? Decided(m, true) : null),
        new("true or x -> true, false or x -> x",    m => m.Is(Elementwise.Or) ? Decided(m, false) : null),

        new("x + 0 -> x",                            m => m.Is(Elementwise.Add) ? m.Number(1) == 0 ? m.Operands[0] : m.Number(0) == 0 ? m.Operands[1] : null : null),
        new("x - 0 -> x, 0 - x -> -x",               m => m.Is(Elementwise.Subtract) ? m.Number(1) == 0 ? m.Operands[0] : m.Number(0) == 0 ? -m.Operands[1] : null : null),
        new("x * 1 -> x, x * -1 -> -x",              m => m.Is(Elementwise.Multiply) ? Unit(m, 0, 1) ?? Unit(m, 1, 0) : null),
        new("x + x -> x * 2",                        m => m.Is(Elementwise.Add) && m.Operands[0] == m.Operands[1] ? m.Operands[0] * 2 : null),
        new("x / 1 -> x",                            m => m.Is(Elementwise.Divide) && m.Number(1) == 1 ? m.Operands[0] : null),
        new("x / 4 -> x * 0.25, for powers of 2",    m => m.Is(Elementwise.Divide) && m.Number(1) is { } d && IsPowerOfTwo(d) && m.Number(0) is null ? m.Operands[0] * (1 / d) : null),
        new("-(-x) -> x",                            m => m.Is(Elementwise.Negate) && Inner(m, Elementwise.Negate) is { } x ? x : null),
        new("2 + 3 -> 5, and so on",                 Folded),

        new("reshape(reshape x) -> reshape x",       m => m.Is(Movements.Reshape) && Inner(m, Movements.Reshape) is { } x ? Again(m, x) : null),
        new("reshape x to its own sizes -> x",       m => m.Is(Movements.Reshape) && m.Operands[0].Type == m.Node.Type ? m.Operands[0] : null),
        new("transpose x in its own order -> x",     m => m.Is(Movements.Transpose) && m.Node.Attributes.Integers.SequenceEqual(Enumerable.Range(0, m.Node.Type.Rank)) ? m.Operands[0] : null),
        new("transpose(transpose x) -> transpose x", Transposed),
        new("broadcast x to its own sizes -> x",     m => m.Is(Movements.Broadcast) && m.Operands[0].Type == m.Node.Type && InOrder(m) ? m.Operands[0] : null),
        new("broadcast(broadcast x) -> broadcast x", Stretched),
        new("sum over what was broadcast -> count * x", Repeated),
        new("sum(-x) -> -sum x, and the other forms of sums", Sums.Simpler),

        new("f(x) * max_pool'(ct) -> max_pool'(f(max) * ct), and so masks", MaxPools.Before),
        new("sum over a map of max_pool'(ct) -> sum ct",                    MaxPools.Summed),
    ];

    // Exact: only the exponent changes.
    private static bool IsPowerOfTwo(double number) => Math.Abs(number) is >= 1 and <= 1 << 20 && (((long)Math.Abs(number)) & ((long)Math.Abs(number) - 1)) == 0 && number == Math.Floor(number);

    private static Value? Decided(Match m, bool neutral) =>
        m.Truth(0) is { } a ? a == neutral ? m.Operands[1] : m.Operands[0] : m.Truth(1) is { } b ? b == neutral ? m.Operands[0] : m.Operands[1] : null;

    private static Value? Unit(Match m, int number, int other) => m.Number(number) switch { 1 => m.Operands[other], -1 => -m.Operands[other], _ => null };

    private static Value? Inner(Match m, Op op) => m.Builder.Node(m.Operands[0].Id) is var node && node.Op == op.Name ? m.Builder.At(node.Inputs[0]) : null;

    private static Value Again(Match m, Value x) => m.Builder.Apply(Primitives.Row(m.Node.Op), m.Node.Attributes, x);

    private static Value? Folded(Match m)
    {
        if (m.Operands.Length == 1 && m.Is(Elementwise.Negate) && m.Number(0) is { } x)
            return m.Constant(-x);
        if (m.Operands.Length == 1 && m.Is(Elementwise.Sqrt) && m.Number(0) is { } root)
            return m.Constant(Math.Sqrt(root));
        if (m.Operands.Length != 2 || m.Number(0) is not { } a || m.Number(1) is not { } b)
            return null;
        return m.Is(Elementwise.Add) ? m.Constant(a + b) : m.Is(Elementwise.Subtract) ? m.Constant(a - b)
            : m.Is(Elementwise.Multiply) ? m.Constant(a * b) : m.Is(Elementwise.Divide) ? m.Constant(a / b) : null;
    }

    private static bool InOrder(Match m) =>
        m.Node.Attributes.Integers.Skip(2 + m.Node.Type.Rank).SequenceEqual(Enumerable.Range(0, m.Node.Type.Rank));

    private static Value? Transposed(Match m)
    {
        if (!m.Is(Movements.Transpose) || Inner(m, Movements.Transpose) is not { } x)
            return null;
        var inner = m.Builder.Node(m.Operands[0].Id).Attributes.Integers;
        return m.Builder.Apply(Movements.Transpose, Attributes.Of([.. m.Node.Attributes.Integers.Select(axis => inner[axis])]), x);
    }

    private static Value? Stretched(Match m)
    {
        if (!m.Is(Movements.Broadcast) || Inner(m, Movements.Broadcast) is not { } x)
            return null;
        var inner = m.Builder.Node(m.Operands[0].Id);
        var (outerMap, innerMap) = (m.Node.Attributes.Integers.Skip(2 + m.Node.Type.Rank).ToArray(), inner.Attributes.Integers.Skip(2 + inner.Type.Rank));
        return Broadcasting.Along(x, m.Node.Type.Sizes, m.Node.Type.Batched, [.. innerMap.Select(axis => outerMap[axis])]);
    }

    private static Value? Repeated(Match m)
    {
        if (!m.Is(Reductions.Sum) || Inner(m, Movements.Broadcast) is not { } x)
            return null;
        var spread = m.Builder.Node(m.Operands[0].Id);
        var axes = m.Node.Attributes.Integers;
        var map = spread.Attributes.Integers.Skip(2 + spread.Type.Rank).ToArray();
        if (axes.Any(axis => Array.IndexOf(map, axis) is var own && own >= 0 && x.Type.Sizes[own] != 1))
            return null;
        var kept = Enumerable.Range(0, spread.Type.Rank).Where(axis => !axes.Contains(axis)).ToList();
        int[] own = [.. Enumerable.Range(0, map.Length).Where(i => kept.Contains(map[i]))];
        var bare = own.Length == map.Length ? x : m.Builder.Apply(Movements.Reshape, Attributes.Of([.. own.Select(i => x.Type.Sizes[i])]), x);
        var count = axes.Aggregate(1.0, (product, axis) => product * spread.Type.Sizes[axis]);
        return Broadcasting.Along(bare, m.Node.Type.Sizes, m.Node.Type.Batched, [.. own.Select(i => kept.IndexOf(map[i]))]) * count;
    }
}
