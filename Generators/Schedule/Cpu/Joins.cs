using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// Lets what joins values hold them in its own memory. It is then stored, since that costs nothing, and so are its operands; data of the caller, what lies in another value already, and
/// what would keep all of it far from the core, are copied into their part of it.
/// </summary>
internal static class Joins
{
    /// <summary>The graph with a copy for each operand that needs one, and the nodes that are to be stored.</summary>
    public static (TensorGraph Graph, IReadOnlyCollection<int> Stored) Of(TensorGraph graph, bool isDirect, bool byChannel)
    {
        var joins = Enumerable.Range(0, graph.Nodes.Count).Where(id => IsJoin(graph[id])).ToArray();
        if (joins.Length == 0)
            return (graph, []);
        var stored = Materialise.Stored(graph, Apart.Of(graph, isDirect, byChannel));
        // Joins of values that are stored anyway, or of such joins: readers are spared the question which part an element is in.
        var settled = new HashSet<int>();
        foreach (var id in joins)
            if (graph[id].Inputs.All(input => settled.Contains(input) || (stored[input] && Primitives.Row(graph[input].Op).Kind != OpKind.Leaf)))
                settled.Add(id);
        var lives = new Lives(graph, id => stored[id] || settled.Contains(id), isDirect, byChannel);
        var (taken, copied) = Placements.Of(graph, byChannel, joins.Select(id => Fusion.Alone(graph, id)), lives.IsDrivenAway,
            (id, copies) => stored[id] ? copies < graph[id].Inputs.Count : copies == 0 && settled.Contains(id));
        return Copied(graph, new HashSet<int>(taken), copied);
    }

    private static bool IsJoin(Node node) => node is { Inputs.Count: > 1, Type: { Batched: true, Type: DType.F32 } } && Primitives.Row(node.Op).Kind == OpKind.Movement;

    private static (TensorGraph Graph, IReadOnlyCollection<int> Stored) Copied(TensorGraph graph, HashSet<int> taken, IReadOnlyCollection<(int Join, int Operand)> copied)
    {
        var (nodes, images, stored) = (new List<Node>(), new int[graph.Nodes.Count], new HashSet<int>());
        for (var id = 0; id < graph.Nodes.Count; id++)
        {
            var join = id;
            var inputs = graph[id].Inputs.Select((input, k) => copied.Contains((join, k)) ? Copy(input) : images[input]).ToEquatableArray();
            if (taken.Contains(id))
                stored.UnionWith([nodes.Count, .. inputs]);
            images[id] = nodes.Count;
            nodes.Add(graph[id] with { Inputs = inputs });
        }
        return (new(nodes.ToEquatableArray(), graph.Outputs.Select(output => output with { Node = images[output.Node] }).ToEquatableArray()), stored);

        // A broadcast over the batch, which it may have already.
        int Copy(int input)
        {
            var (node, type) = (graph[input], graph[input].Type);
            var name = node.Label.Length > 0 ? node.Label : node.Attributes.Text.Length > 0 ? node.Attributes.Text : node.Op;
            nodes.Add(new(Movements.Broadcast.Name, [images[input]], Attributes.Of([1, type.Rank, .. type.Sizes, .. Enumerable.Range(0, type.Rank)]), type with { Batched = true }, name + "_copy"));
            return nodes.Count - 1;
        }
    }
}
