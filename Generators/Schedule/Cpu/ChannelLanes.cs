using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// Channels in lanes: one sample at a time, maps as [height][width][channels] wherever 16 divides the channels, all else row by row. A nest has lanes along an axis if every value that it
/// reads lies along that axis in steps of one, or does not depend on it; weights that lie otherwise are packed once.
/// </summary>
internal static class ChannelLanes
{
    private const int Lanes = LaneSchedule.Lanes;

    /// <summary>Whether a value's first axis is its last in memory.</summary>
    public static bool IsTurned(TensorType type) => type is { Batched: true, Rank: > 0 } && type.Sizes[0] % Lanes == 0;

    /// <summary>The place of an element of a sample.</summary>
    /// <param name="type">The value's type.</param>
    /// <param name="at">The element.</param>
    /// <param name="pitch">Floats from one place of a map to the next: at least its channels.</param>
    public static Subscript Offset(TensorType type, Point at, int pitch)
    {
        if (!IsTurned(type))
            return DenseLayout.Offset(type with { Batched = false }, at with { Sample = null });
        var place = Subscript.Zero;
        for (var axis = 1; axis < type.Rank; axis++)
            place = place * type.Sizes[axis] + at[axis];
        return place * pitch + at[0];
    }

    /// <summary>The same of the first of 16 neighbours along an axis, in an unbatched value packed along it: panels of 16 places of that axis, in each of which all others follow each other.</summary>
    public static Subscript Packed(TensorType type, Point at, int packed)
    {
        var place = Subscript.Zero;
        for (var axis = 0; axis < type.Rank; axis++)
            if (axis != packed)
                place = place * type.Sizes[axis] + at[axis];
        return place * Lanes + at[packed] * (type.Elements / type.Sizes[packed]);
    }

    /// <summary>The same in an unbatched value of which one axis was made the last.</summary>
    public static Subscript Turned(TensorType type, Point at, int last)
    {
        var place = Subscript.Zero;
        for (var axis = 0; axis < type.Rank; axis++)
            if (axis != last)
                place = place * type.Sizes[axis] + at[axis];
        return place * type.Sizes[last] + at[last];
    }

    /// <summary>The axis of a nest's result that lanes run along, and which unbatched operands must be packed for it, by the axis that they are packed along; null for none.</summary>
    public static (Axis Lane, IReadOnlyDictionary<int, int> Packed)? Of(TensorGraph graph, Nest nest)
    {
        var type = graph[nest.Node].Type;
        var axes = nest.Axes.Where(axis => !axis.IsBatch && axis.Size % Lanes == 0 && axis.Size > 1).ToArray();
        // A value per sample is written where it lies; a sum over the batch may be turned afterwards.
        var candidates = type.Batched ? axes.Where(axis => axis == (IsTurned(type) ? nest.Axes[1] : nest.Axes[^1])) : axes;
        foreach (var lane in candidates)
            if (Fits(graph, nest.Body, lane) is { } packed)
                return (lane, packed);
        return null;
    }

    /// <summary>The operands to pack if lanes along an axis fit an expression; null if they do not. At least one value must vary along it.</summary>
    public static IReadOnlyDictionary<int, int>? Fits(TensorGraph graph, Scalar body, Axis lane)
    {
        var (fits, varies, packed, spread) = (true, false, new Dictionary<int, int>(), new HashSet<int>());
        body.Visit(part =>
        {
            switch (part)
            {
                case Scalar.Load load when Of(load) is { } step:
                    varies |= step != 0;
                    if (step is 0 or 1)
                        spread.Add(load.Node);
                    else if (!graph[load.Node].Type.Batched && Along(load) is { } axis && (!packed.TryGetValue(load.Node, out var other) || other == axis))
                        packed[load.Node] = axis;
                    else
                        fits = false;
                    break;
                case Scalar.Load:
                    fits = false;
                    break;
                case Scalar.Position position:
                    fits &= !position.At.Axes.Contains(lane);
                    break;
                case Scalar.Guard guard:
                    // All lanes of a vector must be of one opinion.
                    fits &= guard.Conditions.Where(c => c.Axes().Contains(lane)).All(c => c is Condition.InRange(var at, var size) && size % Lanes == 0
                        && (at - (Subscript)lane) is { Terms.Count: 0 } shift && shift.Constant % Lanes == 0);
                    break;
            }
        });
        // In a panel only whole vectors have a place.
        return fits && varies && !packed.Keys.Any(spread.Contains) ? packed : null;

        // Elements from one lane to the next; null where that changes.
        long? Of(Scalar.Load load)
        {
            // Whatever the pitch, lanes take steps of one along channels and of more along all else.
            var offset = Offset(graph[load.Node].Type, load.At, graph[load.Node].Type is { Rank: > 0 } type ? type.Sizes[0] : 1);
            var own = offset.Terms.FirstOrDefault(term => term.Term is Term.Of of && of.Axis == lane);
            return offset.Terms.Any(term => Names(term.Term)) ? null : own.Term is null ? 0 : own.Coefficient;
        }

        bool Names(Term term) => term switch
        {
            Term.Quotient(var numerator, _) => numerator.Axes.Contains(lane),
            Term.Remainder(var numerator, _) => numerator.Axes.Contains(lane),
            _ => false,
        };

        int? Along(Scalar.Load load)
        {
            var own = Enumerable.Range(0, load.At.At.Count).Where(axis => load.At[axis].Axes.Contains(lane)).ToArray();
            return own is [var one] && load.At[one] == (Subscript)lane && graph[load.Node].Type.Sizes[one] % Lanes == 0 ? one : null;
        }
    }

    /// <summary>The axis of a sum that vectors can run along, whose lanes are added at the end; null where there is none.</summary>
    public static Axis? Across(TensorGraph graph, Scalar.Reduce reduce) => reduce.Axes.LastOrDefault(axis => !axis.IsBatch && axis.Size > 1 && axis.Size % Lanes == 0
        && Fits(graph, reduce.Body, axis) is { Count: 0 } && !Guards(reduce.Body, axis));

    private static bool Guards(Scalar body, Axis axis)
    {
        var found = false;
        body.Visit(part => found |= part is Scalar.Guard guard && guard.Conditions.Any(c => c.Axes().Contains(axis)));
        return found;
    }

    /// <summary>Whether a program is better off with channels in lanes: nearly all of its multiplications are in convolutions whose channels fill vectors.</summary>
    public static bool Suit(TensorGraph graph) => Part(graph) > Slots.InChannels;

    /// <summary>The part of a program's multiplications that are in convolutions whose channels fill vectors.</summary>
    public static double Part(TensorGraph graph)
    {
        double all = 0, wide = 0;
        for (var id = 0; id < graph.Nodes.Count; id++)
        {
            if (Primitives.Row(graph[id].Op).Kind != OpKind.Contraction)
                continue;
            var nest = Fusion.Alone(graph, id);
            if (nest.Body is not Scalar.Reduce reduce)
                continue;
            var products = nest.Axes.Concat(reduce.Axes).Where(axis => !axis.IsBatch).Aggregate(1.0, (product, axis) => product * axis.Size);
            all += products;
            if (graph[id].Inputs.Concat([id]).Any(value => graph[value].Type is { Batched: true, Rank: 3 }) && Of(graph, nest) is not null)
                wide += products;
        }
        return all == 0 ? 0 : wide / all;
    }
}
