using NNGen.Generators.Graph;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Simplify;

/// <summary>
/// Sums in their simplest form: sum(-x) -> -sum x, sum(x * k) -> sum(x) * k for a k that all summands share, sum(batch sum x) -> batch sum(sum x), sum over no axis -> x, and
/// batch sum(sum(x - mean x)) -> 0. What the adjoints of normalisation leave behind are sums over the same maps again, with another sign or factor, and sums of deviations from a mean:
/// each would be a pass over a whole map.
/// </summary>
internal static class Sums
{
    /// <summary>The sum in a simpler form; null when it has none.</summary>
    public static Value? Simpler(Match m)
    {
        if (!m.Is(Reductions.Sum) && !m.Is(Reductions.BatchSum))
            return null;
        var simplest = m.Is(Reductions.Sum) ? Sum(m.Builder, m.Operands[0], [.. m.Node.Attributes.Integers]) : BatchSum(m.Builder, m.Operands[0]);
        return m.Builder.Node(simplest.Id) is var node && node.Op == m.Node.Op && node.Inputs[0] == m.Operands[0].Id ? null : simplest;
    }

    private static Value Sum(GraphBuilder builder, Value x, int[] axes)
    {
        if (axes.Length == 0)
            return x;
        var node = builder.Node(x.Id);
        if (node.Op == Elementwise.Negate.Name)
            return -Sum(builder, builder.At(node.Inputs[0]), axes);
        if (node.Op == Reductions.BatchSum.Name)
            return BatchSum(builder, Sum(builder, builder.At(node.Inputs[0]), axes));
        var kept = Enumerable.Range(0, x.Type.Rank).Where(axis => !axes.Contains(axis)).ToList();
        return Product(builder, node, (factor, map) => map.Any(axes.Contains) ? null
                : Broadcasting.Along(factor, [.. kept.Select(axis => x.Type.Sizes[axis])], x.Type.Batched, [.. map.Select(axis => kept.IndexOf(axis))])) is var (varying, common)
            ? Sum(builder, varying, axes) * common
            : builder.Apply(Reductions.Sum, Attributes.Of(axes), x);
    }

    private static Value BatchSum(GraphBuilder builder, Value x)
    {
        var node = builder.Node(x.Id);
        if (node.Op == Elementwise.Negate.Name)
            return -BatchSum(builder, builder.At(node.Inputs[0]));
        if (Product(builder, node, (factor, map) => factor.Type.Batched ? null : Broadcasting.Along(factor, x.Type.Sizes, batched: false, map)) is var (varying, common))
            return BatchSum(builder, varying) * common;
        return IsDeviation(builder, x) ? Broadcasting.To(builder.Literal(0), x.Type.Sizes, batched: false) : builder.Apply(Reductions.BatchSum, x);
    }

    // A product with a factor that was stretched, and that the sum may have in its own sizes instead.
    private static (Value Varying, Value Common)? Product(GraphBuilder builder, Node node, Func<Value, int[], Value?> fitted)
    {
        if (node.Op != Elementwise.Multiply.Name)
            return null;
        for (var k = 1; k >= 0; k--)
            if (builder.Node(node.Inputs[k]) is var spread && spread.Op == Movements.Broadcast.Name
                && fitted(builder.At(spread.Inputs[0]), Map(spread)) is { } common)
                return (builder.At(node.Inputs[1 - k]), common);
        return null;
    }

    // sum(x - m) over samples and places, with m = batch_sum(sum x) / (count * places).
    private static bool IsDeviation(GraphBuilder builder, Value value)
    {
        var (inside, axes) = Summed(value);
        if (builder.Node(inside.Id) is not { } difference || difference.Op != Elementwise.Subtract.Name)
            return false;
        var (x, spread) = (builder.At(difference.Inputs[0]), builder.Node(difference.Inputs[1]));
        if (spread.Op != Movements.Broadcast.Name || builder.Node(spread.Inputs[0]) is not { } mean || mean.Op != Elementwise.Divide.Name)
            return false;
        // Each element of the mean must stand where it was summed.
        if (!Map(spread).SequenceEqual(Enumerable.Range(0, x.Type.Rank).Where(axis => !axes.Contains(axis))) || builder.Node(mean.Inputs[0]) is not { } total || total.Op != Reductions.BatchSum.Name)
            return false;
        var (summed, over) = Summed(builder.At(total.Inputs[0]));
        return summed == x && over.SequenceEqual(axes) && Counts(mean.Inputs[1], axes.Aggregate(1.0, (product, axis) => product * x.Type.Sizes[axis]));

        (Value X, IReadOnlyList<int> Axes) Summed(Value sum) =>
            builder.Node(sum.Id) is var node && node.Op == Reductions.Sum.Name ? (builder.At(node.Inputs[0]), [.. node.Attributes.Integers]) : (sum, []);

        bool Counts(int id, double places) => Bare(id) is var node && node.Op == Leaves.BatchCount.Name ? places == 1
            : node.Op == Elementwise.Multiply.Name && Bare(node.Inputs[0]).Op == Leaves.BatchCount.Name && Bare(node.Inputs[1]) is var number && number.Op == Leaves.Literal.Name && number.Attributes.Reals[0] == places;

        Node Bare(int id)
        {
            var node = builder.Node(id);
            while (node.Op == Movements.Broadcast.Name)
                node = builder.Node(node.Inputs[0]);
            return node;
        }
    }

    private static int[] Map(Node broadcast) => [.. broadcast.Attributes.Integers.Skip(2 + broadcast.Type.Rank)];
}
