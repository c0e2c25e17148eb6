using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>Values that are stored on the processor though fusion alone would not store them.</summary>
internal static class Apart
{
    public static IReadOnlyCollection<int> Of(TensorGraph graph, bool isDirect, bool byChannel)
    {
        var apart = new HashSet<int>();
        var ends = new HashSet<int>();
        var readers = Enumerable.Range(0, graph.Nodes.Count).SelectMany(id => graph[id].Inputs.Select(input => (input, id))).ToLookup(pair => pair.input, pair => pair.id);
        for (var id = 0; id < graph.Nodes.Count; id++)
        {
            var kind = Primitives.Row(graph[id].Op).Kind;
            // A reshape that takes a map's channels apart is done once, number by number, and what follows has lanes again.
            if (byChannel && kind == OpKind.Movement && !LaneAxes.IsRead(graph, id) && graph[id].Type.Elements == graph[graph[id].Inputs[0]].Type.Elements && ChannelLanes.IsTurned(graph[id].Type)
                && ChannelLanes.IsTurned(graph[graph[id].Inputs[0]].Type) && ChannelLanes.Of(graph, Fusion.Alone(graph, id)) is null)
                apart.UnionWith([id, graph[id].Inputs[0]]);
            // What is made up to whole vectors has them where it lies.
            if (byChannel && graph[id] is { Type.Batched: false } made && made.Op == Movements.Place.Name)
                apart.Add(id);
            // So is what the real ones are taken from again.
            if (byChannel && graph[id].Op == Movements.Slice.Name && graph[id].Type.Type == DType.F32 && ChannelLanes.IsTurned(graph[graph[id].Inputs[0]].Type) && !ChannelLanes.IsTurned(graph[id].Type) && !LaneAxes.IsRead(graph, graph[id].Inputs[0]))
                apart.Add(graph[id].Inputs[0]);
            // A map is brought into rows once.
            if (byChannel && LaneAxes.IsBrought(graph, id))
                apart.UnionWith([id, graph[id].Inputs[0]]);
            // Other orders of elements than the channels' own are made once, and not anew for each output.
            if (byChannel && kind == OpKind.Contraction)
                apart.UnionWith(graph[id].Inputs.Where(input => graph[input] is { Type.Batched: true } moved && moved.Op == Movements.Reshape.Name && !LaneAxes.IsRead(graph, input)
                    && !moved.Type.Sizes.Take(1).SequenceEqual(graph[moved.Inputs[0]].Type.Sizes.Take(1))));
            if (kind != OpKind.Contraction)
                continue;
            // Minimal filtering works on whole maps: they and the weights are stored, and what follows reads the result.
            if (!isDirect && (byChannel ? WinogradConvolution.OfRows(graph, Fusion.Alone(graph, id)) : WinogradConvolution.Of(graph, Fusion.Alone(graph, id))) is { Pays: true })
                apart.UnionWith([id, .. graph[id].Inputs]);
            // So does a dense layer that runs over all blocks.
            else if (!byChannel && DenseLayer.Of(graph, Fusion.Alone(graph, id)) is not null)
                apart.UnionWith([id, .. graph[id].Inputs]);
            // Two sums would want registers for both.
            else if (Functions.End(graph, readers, id) is var (end, isFunction) && !ends.Add(end))
                apart.Add(id);
            // A function on it stays in its nest if that is all of one value.
            else if (isFunction)
                apart.Add(end);
            // On the sums of a tile it would push them out of their registers.
            else if (IsFollowedByFunction(id))
                apart.Add(id);
            StoreBeforeOthers(id);
        }
        return apart;

        // A sum of products, with what is computed on it, is stored before it is moved or summed: joined to other maps its channels would begin in the midst of a loop, and within another
        // sum it would have no tile of its own. What has several readers is stored without this.
        void StoreBeforeOthers(int id)
        {
            if (apart.Contains(id) || readers[id].Distinct().ToArray() is not [var reader])
                return;
            if (Primitives.Row(graph[reader].Op).Kind is OpKind.Movement or OpKind.Reduction)
                apart.Add(id);
            // A comparison is never stored, but made where it is asked for.
            else if (Primitives.Row(graph[reader].Op).Kind == OpKind.Elementwise && graph[reader].Type.Type != DType.Bool)
                StoreBeforeOthers(reader);
        }

        bool IsFollowedByFunction(int id) =>
            readers[id].Any(reader => Primitives.Row(graph[reader].Op).Kind == OpKind.Elementwise && (Cost.Of(graph, graph[reader]) >= Cost.OfFunction || IsFollowedByFunction(reader)));
    }
}
