using NNGen.Generators.Graph;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Simplify;

/// <summary>
/// What is done to the adjoint of a maximum over windows is done to the cotangents before they are spread: each goes to the one place of its window where the map is the maximum, so there f(x) is
/// f(max). The map has several times as many elements, and need not be read again.
/// </summary>
/// <remarks>Where f is infinite at a place that no window chose, its product with the 0 there was no number; it is not computed any more.</remarks>
internal static class MaxPools
{
    /// <summary>f(x) * spread(ct) -> spread(f(max) * ct), and where(f(x), spread(ct), 0) -> spread(where(f(max), ct, 0)), for an elementwise f.</summary>
    public static Value? Before(Match m) => m.Is(Elementwise.Multiply)
        ? Before(m.Builder, m.Operands[0], m.Operands[1], (ct, f) => f * ct) ?? Before(m.Builder, m.Operands[1], m.Operands[0], (ct, f) => ct * f)
        : m.Is(Elementwise.Select3) && m.Number(2) == 0 ? Before(m.Builder, m.Operands[1], m.Operands[0], (ct, f) => Elementwise.Where(f, ct, ct.Builder.Literal(0))) : null;

    /// <summary>The sum over a map of what was spread over it -> the sum of the cotangents: each went to one place.</summary>
    public static Value? Summed(Match m) => m.Is(Reductions.Sum) && m.Node.Attributes.Integers is [1, 2] && Adjoint.Of(m.Builder, m.Operands[0]) is { } adjoint
        ? Broadcasting.To(m.Builder.Apply(Reductions.Sum, m.Node.Attributes, adjoint.Cotangent), m.Node.Type.Sizes, m.Node.Type.Batched) : null;

    private static Value? Before(GraphBuilder builder, Value spread, Value factor, Func<Value, Value, Value> apply)
    {
        if (Adjoint.Of(builder, spread) is not { } adjoint || adjoint.Cotangent.Type.Elements >= spread.Type.Elements)
            return null;
        var max = new Lazy<Value>(() => builder.Apply(Reductions.Max, builder.Node(adjoint.Position.Id).Attributes, adjoint.Windows));
        return new OfMaximum(builder, adjoint.Map, max).Of(factor) is { } f ? adjoint.Spread(builder, apply(adjoint.Cotangent, f)) : null;
    }

    /// <summary>f(max) for what is f(x) and computed of nothing else but numbers.</summary>
    private sealed class OfMaximum(GraphBuilder builder, Value x, Lazy<Value> max)
    {
        // An expression that stands in f several times is taken once, or the work would double with each.
        private readonly Dictionary<Value, Value?> known = [];

        public Value? Of(Value f)
        {
            if (!known.TryGetValue(f, out var image))
                known[f] = image = Image(f);
            return image;
        }

        private Value? Image(Value f)
        {
            if (f == x)
                return max.Value;
            var node = builder.Node(f.Id);
            if (node.Op == Movements.Broadcast.Name && builder.Node(node.Inputs[0]).Op == Leaves.Literal.Name)
                return Broadcasting.To(builder.At(node.Inputs[0]), max.Value.Type.Sizes, max.Value.Type.Batched);
            if (Primitives.Row(node.Op).Kind != OpKind.Elementwise)
                return null;
            var operands = new Value[node.Inputs.Count];
            for (var k = 0; k < operands.Length; k++)
                if (Of(builder.At(node.Inputs[k])) is { } operand)
                    operands[k] = operand;
                else
                    return null;
            return builder.Apply(Primitives.Row(node.Op), node.Attributes, operands);
        }
    }

    /// <summary>window_sum(where(position == arg_max(windows(map)), cotangent, 0)).</summary>
    private sealed record Adjoint(Node Sum, Node Choice, Value Map, Value Windows, Value Position, Value Cotangent)
    {
        public static Adjoint? Of(GraphBuilder builder, Value value)
        {
            if (Operand(builder, value, Ops.Windows.Fold, 0) is not { } chosen || Operand(builder, chosen, Elementwise.Select3, 0) is not { } test || Operand(builder, chosen, Elementwise.Select3, 1) is not { } spread
                || Operand(builder, chosen, Elementwise.Select3, 2) is not { } zero || Operand(builder, zero, Movements.Broadcast, 0) is not { } number || !IsZero(builder.Node(number.Id))
                || Operand(builder, test, Elementwise.Equal, 1) is not { } where || Operand(builder, where, Movements.Broadcast, 0) is not { } position
                || Operand(builder, position, Reductions.ArgMax, 0) is not { } windows || Operand(builder, windows, Ops.Windows.Unfold, 0) is not { } map
                || Operand(builder, spread, Movements.Broadcast, 0) is not { } cotangent)
                return null;
            var (sum, choice) = (builder.Node(value.Id), builder.Node(chosen.Id));
            // The cotangents lie in the windows that the maximum was taken of, and the windows add up to their map.
            return map.Type == value.Type && windows.Type.Sizes == chosen.Type.Sizes && cotangent.Type.Sizes == position.Type.Sizes
                && builder.Node(spread.Id).Attributes == builder.Node(where.Id).Attributes && Window.Of(sum.Attributes) == Window.Of(builder.Node(windows.Id).Attributes)
                ? new(sum, choice, map, windows, position, cotangent) : null;
        }

        /// <summary>The same with other cotangents.</summary>
        public Value Spread(GraphBuilder builder, Value cotangents)
        {
            var spread = builder.Copy(builder.Node(Choice.Inputs[1]), cotangents);
            return builder.Copy(Sum, builder.Copy(Choice, builder.At(Choice.Inputs[0]), spread, builder.At(Choice.Inputs[2])));
        }

        private static Value? Operand(GraphBuilder builder, Value value, Op op, int operand) => builder.Node(value.Id) is var node && node.Op == op.Name ? builder.At(node.Inputs[operand]) : null;

        private static bool IsZero(Node node) => node.Op == Leaves.Literal.Name && node.Attributes.Reals[0] == 0;
    }
}
