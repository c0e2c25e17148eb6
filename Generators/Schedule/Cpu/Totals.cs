using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// Lets a sum over all places of a map be taken by the nest that computes the map number by number, as a bias's gradient of a cotangent: the numbers are in registers there, and the map is not read once more.
/// </summary>
internal static class Totals
{
    public static IReadOnlyList<LaneNest> Merged(TensorGraph graph, IReadOnlyList<LaneNest> nests)
    {
        List<LaneNest> all = [.. nests];
        foreach (var sum in nests.Where(nest => nest.Form is LaneForm.LaneSums or LaneForm.SampleShares))
            if (sum.Convolution is null && Sum(sum.Nest) is var (map, summed) && all.FindIndex(nest => nest.Nest.Node == map.Node && Takes(graph, nest, sum, map, summed)) is var at && at >= 0)
            {
                // Its share has a place before the other nest runs.
                all[at] = all[at] with { Total = sum.Nest };
                all.Remove(sum);
                all.Insert(all.FindIndex(nest => nest.Nest.Node == map.Node), sum with { IsTotal = true });
            }
        return all;
    }

    // The map, where that is all which is summed, and the axes of the sums.
    private static (Scalar.Load Map, HashSet<Axis> Axes)? Sum(Nest nest)
    {
        var (body, axes) = (nest.Body, new HashSet<Axis>());
        for (; body is Scalar.Reduce { Reducer: Reducer.Sum } sum; body = sum.Body)
            axes.UnionWith(sum.Axes);
        return body is Scalar.Load map ? (map, axes) : null;
    }

    // The sum's own axes are the map's outermost, and it runs over all others.
    private static bool Takes(TensorGraph graph, LaneNest nest, LaneNest sum, Scalar.Load map, HashSet<Axis> summed)
    {
        if (nest is not { Form: LaneForm.Lanes or LaneForm.Sample, Sum: null, Prologue: null, Maximum: null, Total: null } || nest.Stage != sum.Stage || graph[map.Node].Type.Type != DType.F32 || Tiling.Products(nest.Nest.Body) is not null)
            return false;
        if (nest.Form == LaneForm.Sample && (nest.Lane is null || sum.Lane is null || sum.Nest.Axes.Count != 1 || nest.LaneIndex != 0))
            return false;
        var (own, at) = (sum.Nest.Axes, map.At.At);
        Subscript[] others = [.. at.Skip(own.Count)];
        return others.Length > 0 && at.Take(own.Count).SequenceEqual(own.Select(axis => (Subscript)axis)) && others.All(other => summed.Any(axis => other == (Subscript)axis)) && others.Distinct().Count() == others.Length;
    }
}
