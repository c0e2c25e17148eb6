using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Fuse;

/// <summary>Turns a graph into loop nests: one for each value that is stored, in whose body everything else that it needs is expanded.</summary>
public static class Fusion
{
    public static LoopProgram Fuse(TensorGraph graph) => Nests(graph, Materialise.Stored(graph, []));

    /// <summary>The same, where a target wants more values stored than it would be worth elsewhere.</summary>
    /// <param name="graph">The program.</param>
    /// <param name="apart">Nodes that are stored in any case.</param>
    public static LoopProgram Fuse(TensorGraph graph, IReadOnlyCollection<int> apart) => Nests(graph, Materialise.Stored(graph, apart));

    /// <summary>The nest of one node where everything that it reads is stored.</summary>
    public static Nest Alone(TensorGraph graph, int id) => new Expansion(graph, [.. graph.Nodes.Select(_ => true)]).Nest(id);

    /// <summary>Every value stored, nothing fused: the oracle of the fused program.</summary>
    public static LoopProgram Unfused(TensorGraph graph) =>
        Nests(graph, [.. graph.Nodes.Select(node => Primitives.Row(node.Op).Kind != OpKind.Leaf || node.Op == Leaves.Constant.Name || node.Attributes.Text.Length > 0)]);

    private static LoopProgram Nests(TensorGraph graph, bool[] stored) =>
        new(graph, Enumerable.Range(0, graph.Nodes.Count)
            .Where(id => stored[id] && Primitives.Row(graph[id].Op).Kind != OpKind.Leaf)
            .Select(id => new Expansion(graph, stored).Nest(id)).ToEquatableArray());

    /// <summary>The expansion of one nest. The same value at the same point is the same expression, so an emitter computes it once.</summary>
    private sealed class Expansion(TensorGraph graph, bool[] stored)
    {
        private readonly Dictionary<(int, Point), Scalar> known = [];
        private readonly List<int> fused = [];

        public Nest Nest(int id)
        {
            var type = graph[id].Type;
            Axis[] sizes = [.. type.Sizes.Select((size, axis) => new Axis(AxisName(axis, type.Rank), size))];
            var sample = new Axis("n", Axis.Batch);
            var at = new Point(type.Batched ? (Subscript)sample : null, sizes.Select(axis => (Subscript)axis).ToEquatableArray());
            var body = Define(id, at);
            return new Nest(id, (type.Batched ? [sample, .. sizes] : sizes).ToEquatableArray(), body, fused.ToEquatableArray());
        }

        private Scalar Element(int id, Point at)
        {
            var point = graph[id].Type.Batched ? at : at with { Sample = null };
            if (!known.TryGetValue((id, point), out var element))
                known[(id, point)] = element = stored[id] ? new Scalar.Load(id, point) : Define(id, point);
            return element;
        }

        private Scalar Define(int id, Point at)
        {
            var node = graph[id];
            var application = new Application(node.Inputs.Select(input => graph[input].Type).ToEquatableArray(), node.Attributes, node.Type);
            var element = Primitives.Row(node.Op).Define(application, at, (operand, point) => Element(node.Inputs[operand], point));
            if (!fused.Contains(id))
                fused.Add(id);
            return element;
        }
    }

    // A map is [c, y, x], a vector [i], a kernel [o, c, ky, kx].
    private static string AxisName(int axis, int rank) => (rank, axis) switch
    {
        (1, _) => "i",
        (2, _) => axis == 0 ? "i" : "j",
        (3, _) => axis == 0 ? "c" : axis == 1 ? "y" : "x",
        (4, _) => axis switch { 0 => "o", 1 => "c", 2 => "ky", _ => "kx" },
        _ => "i" + axis,
    };
}
