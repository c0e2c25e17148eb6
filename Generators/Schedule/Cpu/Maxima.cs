using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// Lets a maximum be found by the nest that finds where it is: training wants both of a pooled map, the position for the adjoint, and one walk over the map gives them. The position is then kept from
/// the forward pass, which takes a place of the pooled map's size, where the larger map would be read again.
/// </summary>
internal static class Maxima
{
    public static IReadOnlyList<LaneNest> Merged(IReadOnlyList<LaneNest> nests)
    {
        List<LaneNest> all = [.. nests];
        foreach (var position in nests.Where(nest => Reduction(nest) is { Reducer: Reducer.ArgMax }))
            if (all.FindIndex(nest => nest.Maximum is null && IsOf(nest, position)) is var at && at >= 0 && at < all.IndexOf(position))
            {
                all.Remove(position);
                all[at] = position with { Stage = all[at].Stage, Maximum = all[at].Nest };
            }
        return all;
    }

    // In lanes, where the one is found with the other; number by number there are two nests.
    private static Scalar.Reduce? Reduction(LaneNest nest) => nest.Form == LaneForm.Lanes || nest is { Form: LaneForm.Sample, Lane: not null } ? nest.Nest.Body as Scalar.Reduce : null;

    private static bool IsOf(LaneNest maximum, LaneNest position)
    {
        if (Reduction(maximum) is not { Reducer: Reducer.Max } max || maximum.Form != position.Form)
            return false;
        var where = (Scalar.Reduce)position.Nest.Body;
        var (own, other) = (maximum.Nest.Axes.Concat(max.Axes).ToArray(), position.Nest.Axes.Concat(where.Axes).ToArray());
        return own.Select(axis => axis.Size).SequenceEqual(other.Select(axis => axis.Size)) && max.Axes.Count == where.Axes.Count && IsSame(max.Body, where.Body);

        // The same expression, of the other nest's axes.
        bool IsSame(Scalar a, Scalar b) => (a, b) switch
        {
            (Scalar.Literal x, Scalar.Literal y) => x.Value.Equals(y.Value),
            (Scalar.Load x, Scalar.Load y) => x.Node == y.Node && x.At.Sample?.Substitute(Renamed) == y.At.Sample && x.At.At.Select(at => at.Substitute(Renamed)).SequenceEqual(y.At.At),
            (Scalar.Apply x, Scalar.Apply y) => x.Function == y.Function && x.Arguments.Zip(y.Arguments, IsSame).All(same => same),
            (Scalar.Guard x, Scalar.Guard y) => x.Conditions.Select(condition => condition.Substitute(Renamed)).SequenceEqual(y.Conditions) && IsSame(x.Inside, y.Inside) && IsSame(x.Outside, y.Outside),
            _ => false,
        };

        Subscript Renamed(Axis axis) => Array.IndexOf(own, axis) is var k && k >= 0 ? other[k] : axis;
    }
}
