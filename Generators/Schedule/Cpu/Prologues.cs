using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// With channels in lanes, lets what is computed of one map number by number ride where it is read: in the window of a convolution by minimal filtering, which copies its part of the map anyway, and in
/// the expressions that read it once for each of its numbers. It then goes to no memory: a normalised and rectified convolution is read as the sums that it is made of, and an adjoint's mask is told
/// from them. With the batch in lanes, where a block's maps are near, it would cost more than it saves.
/// </summary>
internal static class Prologues
{
    public static IReadOnlyList<LaneNest> Merged(TensorGraph graph, IReadOnlyList<LaneNest> nests)
    {
        var outputs = new HashSet<int>(graph.Outputs.Select(output => output.Node));
        List<LaneNest> all = [.. nests];
        for (var i = 0; i < all.Count; i++)
        {
            var own = all[i];
            if (outputs.Contains(own.Nest.Node) || Source(own) is not { } source)
                continue;
            var readers = all.Where(nest => nest.Reads.Contains(own.Nest.Node)).ToDictionary(nest => nest, nest => Taken(own, source, nest));
            if (readers.Keys.Any(nest => nest.Form is LaneForm.Winograd or LaneForm.WinogradWeights) && readers.Values.All(nest => nest is not null))
            {
                all = [.. all.Where(nest => nest != own).Select(nest => readers.TryGetValue(nest, out var taken) ? taken! : nest)];
                i--;
            }
        }
        return all;

        // The one map that a nest computes its own of, number by number, with numbers of the channel; null where it does more than that.
        int? Source(LaneNest nest)
        {
            if (nest.Form != LaneForm.Sample || graph[nest.Nest.Node].Type is not { Type: DType.F32, Rank: 3 } || Cost.Of(nest.Nest) > Slots.Riding)
                return null;
            var (maps, fits) = (new HashSet<int>(), true);
            nest.Nest.Body.Visit(part =>
            {
                if (part is Scalar.Load { Node: var id } && graph[id].Type.Batched)
                    maps.Add(id);
                fits &= part is Scalar.Load load ? graph[load.Node].Type.Batched ? Riding.IsHere(graph, load, nest.Nest) : Riding.IsOfChannel(graph, load, nest.Nest) : part is Scalar.Apply or Scalar.Literal;
            });
            return fits && maps.Count == 1 ? maps.Single() : null;
        }

        // A reader with the expression in the place of the value; null where it must be stored for it.
        LaneNest? Taken(LaneNest own, int source, LaneNest reader)
        {
            var fused = own.Nest.Fused.Concat(reader.Nest.Fused).ToEquatableArray();
            if (reader.Convolution is { } convolution)
                return reader.Prologue is null && convolution.Data == own.Nest.Node && convolution.Other != own.Nest.Node
                    ? reader with { Nest = new(reader.Nest.Node, reader.Nest.Axes, reader.Nest.Body, fused), Convolution = convolution with { Data = source }, Prologue = own.Nest }
                    : null;
            if (reader.Form is not (LaneForm.Sample or LaneForm.SampleShares) || !ReadsOnce(own.Nest.Node, reader.Nest))
                return null;
            var nest = new Nest(reader.Nest.Node, reader.Nest.Axes, reader.Nest.Body.Inlined(own.Nest), fused);
            return reader.Lane is { } lane && ChannelLanes.Of(graph, nest) is var (same, packed) && same == lane && packed.Keys.All(reader.Packed!.ContainsKey)
                ? reader with { Nest = nest, Tile = Tiling.Of(nest, lane), Packed = packed }
                : null;
        }

        // Whether each number is wanted once: a factor of a contraction would be computed again for each of its products.
        bool ReadsOnce(int id, Nest nest)
        {
            var (axes, once) = (new HashSet<Axis>(nest.Axes), true);
            nest.Body.Visit(part =>
            {
                if (part is Scalar.Reduce reduce)
                    axes.UnionWith(reduce.Axes);
            });
            axes.RemoveWhere(axis => axis.IsBatch);
            nest.Body.Visit(part => once &= part is not Scalar.Load load || load.Node != id || axes.SetEquals(load.At.At.SelectMany(at => at.Axes)));
            return once;
        }
    }
}
