using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Fuse;

/// <summary>
/// Decides which values are stored. All others are computed where they are read: a value is stored when it is an output, or when it would be computed
/// again and again and costs more than reading it.
/// </summary>
internal static class Materialise
{
    /// <summary>The cost up to which a value is computed again at a second place rather than stored: a few additions against a write and two reads.</summary>
    private const int WorthRepeating = 4;

    /// <summary>Which values are stored.</summary>
    /// <param name="graph">The program.</param>
    /// <param name="apart">Nodes that are stored in any case.</param>
    public static bool[] Stored(TensorGraph graph, IReadOnlyCollection<int> apart)
    {
        var nodes = graph.Nodes;
        var rows = nodes.Select(node => Primitives.Row(node.Op)).ToArray();
        var cost = new int[nodes.Count];
        var consumers = Consumers(graph);
        var outputs = new HashSet<int>(graph.Outputs.Select(output => output.Node).Concat(apart));
        for (var id = 0; id < nodes.Count; id++)
            if (rows[id].Kind != OpKind.Leaf)
                cost[id] = Cost.Of(graph, nodes[id]) + nodes[id].Inputs.Select((input, operand) => Carried(id, input, operand)).Sum();

        var sites = new Sites[nodes.Count];
        var stored = new bool[nodes.Count];
        for (var id = nodes.Count - 1; id >= 0; id--)
        {
            sites[id] = consumers[id].Aggregate(Sites.None, (all, use) => all.And(Through(use.Consumer, use.Operand)));
            stored[id] = rows[id].Kind == OpKind.Leaf
                ? IsMemory(nodes[id].Op)
                : outputs.Contains(id) || CrossesBatch(id) || (nodes[id].Type.Type != DType.Bool && !IsView(id) && Repeats(sites[id], cost[id]));
        }
        return stored;

        // What computing an operand again would cost. One that is read again and again will be stored, and so will a reduction with other readers; what is read here
        // alone goes along, so that what is stored is the sum with its bias and not the sum.
        int Carried(int consumer, int input, int operand) =>
            IsPart(consumer, input) ? 0
            : rows[consumer].ReadsAgain(Applied(consumer), operand) ? 0
            : consumers[input].Select(use => use.Consumer).Distinct().Count() == 1 || cost[input] < Cost.Reduction ? cost[input] : 0;

        // What is stored in any case is read there, in whatever order.
        bool IsPart(int consumer, int input) => rows[consumer].Kind == OpKind.Movement && outputs.Contains(input);

        // The windows of a map, and what was stretched to many times its size, are read from it, never stored.
        bool IsView(int id) => rows[id].IsView || (rows[id].Kind == OpKind.Movement && nodes[id].Type.Elements > nodes[id].Inputs.Sum(input => (long)nodes[input].Type.Elements));

        // A sum over the batch is complete only when every sample has been seen: whatever follows comes after it.
        bool CrossesBatch(int id) => !nodes[id].Type.Batched && nodes[id].Inputs.Any(input => nodes[input].Type.Batched);

        Application Applied(int id) => new(nodes[id].Inputs.Select(input => nodes[input].Type).ToEquatableArray(), nodes[id].Attributes, nodes[id].Type);

        // Where an operand's element is computed if the operand is not stored: at the consumer's point for elementwise ops, at one of its own otherwise.
        Sites Through(int consumer, int operand)
        {
            var row = rows[consumer];
            var here = stored[consumer] ? Sites.At(consumer) : sites[consumer];
            if (row.Kind == OpKind.Elementwise)
                return here;
            return here.Via(consumer, operand) with { Many = here.Many || row.ReadsAgain(Applied(consumer), operand) };
        }
    }

    // A reduction or a chain with a function in it is never done twice; a few additions may be; nothing at all is free.
    private static bool Repeats(Sites sites, int cost) => cost > 0 && (sites.Many || (sites.Places.Count > 1 && cost > WorthRepeating));

    private static bool IsMemory(string leaf) =>
        leaf == Leaves.Input.Name || leaf == Leaves.Target.Name || leaf == Leaves.Parameter.Name || leaf == Leaves.Buffer.Name || leaf == Leaves.Constant.Name;

    private static List<(int Consumer, int Operand)>[] Consumers(TensorGraph graph)
    {
        var consumers = new List<(int, int)>[graph.Nodes.Count];
        for (var id = 0; id < consumers.Length; id++)
        {
            consumers[id] = [];
            for (var k = 0; k < graph[id].Inputs.Count; k++)
                consumers[graph[id].Inputs[k]].Add((id, k));
        }
        return consumers;
    }

    /// <summary>The places at which a value is computed when it is not stored, and whether one of them computes an element more than once.</summary>
    private sealed record Sites(EquatableArray<string> Places, bool Many)
    {
        private const int Limit = 8;

        public static readonly Sites None = new([], false);

        public static Sites At(int node) => new([$"{node}"], false);

        public Sites Via(int node, int operand) => this with { Places = Places.Select(place => place.Length > 60 ? place : $"{node}.{operand}:{place}").ToEquatableArray() };

        public Sites And(Sites other)
        {
            var all = Places.Union(other.Places).ToArray();
            return new(all.Take(Limit).ToEquatableArray(), Many || other.Many || all.Length > Limit);
        }
    }
}
