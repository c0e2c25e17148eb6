using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// One sample at a time: maps lie as [height][width][channels] wherever 16 divides the channels, all else row by row. A nest has lanes along an axis if every value that it reads lies along that
/// axis in steps of one, or does not depend on it; weights that lie otherwise are packed once. Along the places of a row values may also lie in steps of two (a pooled map's windows) or each twice
/// (what its adjoint reads), and lanes may differ in what lies outside of the map.
/// </summary>
internal static class ChannelLanes
{
    private const int Lanes = LaneSchedule.Lanes;

    /// <summary>Places of a row that are worth a vector of their own.</summary>
    public const int FewestPlaces = Lanes / 2;

    /// <summary>Places that a vector may lie outside of a map, of which none is used: the room around a run's memory less the reach of a vector, which is two vectors where strides are of two.</summary>
    private const int FarthestOutside = 6 * Lanes;

    /// <summary>Vectors of places along an axis. Where 16 does not divide its size, the last begins that much before the end that it ends there; it is not full where the axis is shorter.</summary>
    public static int Vectors(Axis lane) => LaneSchedule.Vectors(lane.Size);

    /// <summary>Where a vector of places begins.</summary>
    public static int Start(Axis lane, int vector) => Math.Max(0, Math.Min(vector * Lanes, lane.Size - Lanes));

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
        // A value per sample is written where it lies, to the end of a row and no further; a sum over the batch may be turned afterwards.
        var candidates = nest.Axes.Where(axis => !axis.IsBatch && (!type.Batched ? axis.Size % Lanes == 0 && axis.Size > 1 : IsTurned(type) ? axis == nest.Axes[1] : axis == nest.Axes[^1] && axis.Size >= FewestPlaces));
        foreach (var lane in candidates)
            if (Fits(graph, nest.Body, lane) is { } packed)
                return (lane, packed);
        return null;
    }

    /// <summary>The operands to pack if lanes along an axis fit an expression; null if they do not. At least one value must vary along it.</summary>
    public static IReadOnlyDictionary<int, int>? Fits(TensorGraph graph, Scalar body, Axis lane)
    {
        var (fits, varies, packed, spread) = (true, false, new Dictionary<int, int>(), new HashSet<int>());
        var beyond = ReadsBeyond(graph, body, lane);
        body.Visit(part =>
        {
            switch (part)
            {
                case Scalar.Load load:
                    var (type, step) = (graph[load.Node].Type, Step(graph, load, lane));
                    varies |= step != 0;
                    if (step is 0 or 1 or 2 or Twice && !(step != 0 && beyond && !(IsOwn(graph, load.Node) && IsNear(type, load))) && (step is 0 or 1 || type.Batched))
                        spread.Add(load.Node);
                    else if (step >= 1 && !beyond && !type.Batched && Along(load) is { } axis && (!packed.TryGetValue(load.Node, out var other) || other == axis))
                        packed[load.Node] = axis;
                    else
                        fits = false;
                    break;
                case Scalar.Position position:
                    fits &= Positions(position.At, lane, (Subscript)new Axis("vector", int.MaxValue / Lanes) * Lanes) is not null && (lane.Size < Lanes || Positions(position.At, lane, lane.Size - Lanes) is not null);
                    break;
                case Scalar.Guard guard:
                    fits &= guard.Conditions.Where(c => c.Axes.Contains(lane)).All(c => IsOfWhole(c, lane) || IsOfEach(c, lane));
                    break;
            }
        });
        // In a panel only whole vectors have a place.
        return fits && varies && !packed.Keys.Any(spread.Contains) ? packed : null;

        int? Along(Scalar.Load load)
        {
            var own = Enumerable.Range(0, load.At.At.Count).Where(axis => load.At[axis].Axes.Contains(lane)).ToArray();
            return own is [var one] && load.At[one] == (Subscript)lane && graph[load.Node].Type.Sizes[one] % Lanes == 0 ? one : null;
        }
    }

    /// <summary>What <see cref="Step"/> says where two neighbours read the same element.</summary>
    public const int Twice = -2;

    /// <summary>Elements from one lane to the next, or <see cref="Twice"/>; null where that changes.</summary>
    public static long? Step(TensorGraph graph, Scalar.Load load, Axis lane)
    {
        // Whatever the pitch, lanes take steps of one along channels and of more along all else.
        var type = graph[load.Node].Type;
        var offset = Offset(type, load.At, type.Rank > 0 ? type.Sizes[0] : 1);
        var own = offset.Terms.Where(term => Names(term.Term)).ToArray();
        return own switch
        {
            [] => 0,
            [(Term.Of, var coefficient)] => coefficient,
            [(Term.Quotient({ Terms: [(Term.Of, 1)], Constant: var constant }, 2), 1)] when constant % 2 == 0 && (lane.Size % 2 == 0 || lane.Size < Lanes) => Twice,
            _ => null,
        };

        bool Names(Term term) => term switch
        {
            Term.Of(var axis) => axis == lane,
            Term.Quotient(var numerator, _) => numerator.Axes.Contains(lane),
            Term.Remainder(var numerator, _) => numerator.Axes.Contains(lane),
            _ => false,
        };
    }

    /// <summary>How much farther on a position is in each lane than in the first; null where that differs from vector to vector.</summary>
    /// <param name="at">The position.</param>
    /// <param name="lane">The axis that lanes run along.</param>
    /// <param name="start">Where a vector begins on it.</param>
    public static IReadOnlyList<int>? Positions(Subscript at, Axis lane, Subscript start)
    {
        Subscript[] places = [.. Enumerable.Range(0, Lanes).Select(i => at.Substitute(axis => axis == lane ? start + i : axis))];
        return places.All(place => (place - places[0]).Terms.Count == 0) ? [.. places.Select(place => (int)(place - places[0]).Constant)] : null;
    }

    /// <summary>Whether a condition has one answer for a whole vector.</summary>
    public static bool IsOfWhole(Condition condition, Axis lane) => lane.Size % Lanes == 0 && condition is Condition.InRange(var at, var size) && size % Lanes == 0
        && (at - (Subscript)lane) is { Terms.Count: 0 } shift && shift.Constant % Lanes == 0;

    /// <summary>Whether a condition bounds a place that moves with the lane, and that is never so far outside of its map that there is no memory.</summary>
    public static bool IsOfEach(Condition condition, Axis lane) => Step(condition, lane) is 1 or 2 && condition is Condition.InRange({ Bounds: var (low, high) }, var size) && low >= -FarthestOutside && high < size + FarthestOutside;

    /// <summary>How far on the place that a condition bounds is from one lane to the next; null where that changes.</summary>
    public static int? Step(Condition condition, Axis lane) => condition is not Condition.InRange(var at, _) ? null
        : Enumerable.Range(0, 3).Cast<int?>().FirstOrDefault(step => !(at - (Subscript)lane * step!.Value).Axes.Contains(lane));

    /// <summary>
    /// Whether vectors reach beyond the elements that the expression reads, by what is not used: where lanes lie outside of a map, where a row is shorter than a vector, and where each second element is taken. All memory of
    /// a run has room for that, but the caller's has not.
    /// </summary>
    public static bool ReadsBeyond(TensorGraph graph, Scalar body, Axis lane)
    {
        var beyond = lane.Size < Lanes;
        body.Visit(part => beyond |= part switch
        {
            Scalar.Guard guard => guard.Conditions.Any(c => c.Axes.Contains(lane) && !IsOfWhole(c, lane)),
            Scalar.Load load => Step(graph, load, lane) is 2 or Twice,
            _ => false,
        });
        return beyond;
    }

    // Whether a value is in a run's own memory, or is brought there when that is wanted. What belongs to no sample may be written where the caller wants it.
    private static bool IsOwn(TensorGraph graph, int id) => Primitives.Row(graph[id].Op).Kind == OpKind.Leaf ? graph[id] is { Op: "input" or "target", Type.Batched: true }
        : graph[id].Type.Batched || graph.Outputs.All(output => output.Node != id);

    // Whether no lane reads far outside of a value, whatever is used of it: the last part of a join has no condition of its own.
    private static bool IsNear(TensorType type, Scalar.Load load)
    {
        for (var axis = 0; axis < type.Rank; axis++)
            if (load.At[axis].Bounds is var (low, high) && (low < -FarthestOutside || high >= type.Sizes[axis] + FarthestOutside))
                return false;
        return true;
    }

    /// <summary>The axis of a sum that vectors can run along, whose lanes are added at the end; null where there is none.</summary>
    public static Axis? Across(TensorGraph graph, Scalar.Reduce reduce) => reduce.Reducer == Reducer.Sum ? reduce.Axes.LastOrDefault(axis => !axis.IsBatch && axis.Size >= FewestPlaces && Fits(graph, reduce.Body, axis) is { Count: 0 } && !IsOfWhole(reduce.Body, axis)) : null;

    private static bool IsOfWhole(Scalar body, Axis axis)
    {
        var found = false;
        body.Visit(part => found |= part is Scalar.Guard guard && guard.Conditions.Any(c => IsOfWhole(c, axis)));
        return found;
    }

    /// <summary>The axes that lanes run along in a nest that runs sample by sample: its result's, or those of its sums.</summary>
    public static IReadOnlyCollection<Axis> Axes(TensorGraph graph, LaneNest nest)
    {
        if (nest.Lane is { } own)
            return [own];
        var axes = new HashSet<Axis>();
        nest.Nest.Body.Visit(part =>
        {
            if (part is Scalar.Reduce reduce && Across(graph, reduce) is { } across)
                axes.Add(across);
        });
        return axes;
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
            if (graph[id].Inputs.Concat([id]).Any(value => graph[value].Type is { Batched: true, Rank: 3 }) && (!graph[id].Type.Batched || IsTurned(graph[id].Type)) && Of(graph, nest) is not null)
                wide += products;
        }
        return all == 0 ? 0 : wide / all;
    }
}
