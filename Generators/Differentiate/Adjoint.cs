using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Differentiate;

/// <summary>What the reverse pass found out about a node: where a gradient is lost, or what the loss does not reach.</summary>
public sealed record NodeFault(int Node, Fault Fault);

/// <summary>
/// Reverse mode, graph to graph: from the cotangent 1 of one number back to the leaves, each node's Vjp in turn, cotangents of a value that is used several
/// times added up. Which primals a training step keeps follows from what the Vjps name.
/// </summary>
public static class Adjoint
{
    /// <summary>Adds an output `gradient:NAME` for each leaf to the graph.</summary>
    /// <param name="graph">The primal program; its nodes keep their ids.</param>
    /// <param name="loss">The output that is differentiated: one number, shared by the batch.</param>
    /// <param name="leaves">Names and nodes of the leaves.</param>
    public static (TensorGraph Graph, EquatableArray<NodeFault> Faults) Of(TensorGraph graph, string loss, IReadOnlyList<(string Name, int Node)> leaves)
    {
        var builder = new GraphBuilder(graph);
        var active = Active(graph, leaves.Select(leaf => leaf.Node));
        var cotangents = new Value?[graph.Nodes.Count];
        var stopped = new bool[graph.Nodes.Count];              // gradients end here, on purpose or with a word already said
        var faults = new List<NodeFault>();

        var root = graph.OutputNode(loss);
        cotangents[root] = builder.Literal(1);
        for (var id = root; id >= 0; id--)
            if (active[id] && cotangents[id] is { } ct)
                Pull(id, ct);

        for (var id = root; id >= 0; id--)
            foreach (var input in graph[id].Inputs)
                stopped[input] |= stopped[id];
        foreach (var (name, node) in leaves)
            if (cotangents[node] is null && !stopped[node])
                faults.Add(new NodeFault(node, new Fault("NNG2001", $"{name} does not reach the loss, so it would never be trained; use it, or take it away")));
        var gradients = leaves.Select(leaf => ($"gradient:{leaf.Name}", cotangents[leaf.Node] ?? Broadcasting.To(builder.Literal(0), graph[leaf.Node].Type.Sizes, graph[leaf.Node].Type.Batched)));
        return (builder.Build([.. graph.Outputs.Select(o => (o.Name, builder.At(o.Node))), .. gradients]), faults.ToEquatableArray());

        void Pull(int id, Value ct)
        {
            var node = graph[id];
            var row = Primitives.Row(node.Op);
            if (node.Label.Length > 0)
                builder.Labelled(ct, "d_" + node.Label);
            if (row.DropsGradient)
                faults.Add(new NodeFault(id, new Fault("NNG2002", $"the gradient of {node.Op} is zero everywhere, so nothing before it would be trained; use a function with a slope (Sigmoid), or StopGradient to mean it")));
            if (row.DropsGradient || node.Inputs.Count == 0)
            {
                stopped[id] = row.DropsGradient;
                return;
            }
            var inputs = node.Inputs.Select(builder.At).ToEquatableArray();
            var application = new Application(node.Inputs.Select(input => graph[input].Type).ToEquatableArray(), node.Attributes, node.Type);
            var pulled = row.Vjp(new Pullback(inputs, builder.At(id), ct, application));
            for (var k = 0; k < inputs.Count; k++)
                if (pulled[k] is { } part && active[node.Inputs[k]])
                    Accumulate(node.Inputs[k], part);
                else if (active[node.Inputs[k]])
                    stopped[node.Inputs[k]] = true;
        }

        void Accumulate(int id, Value part)
        {
            if (part.IsUnknown)
                throw new InvalidOperationException($"the gradient rule of a consumer of %{id} {graph[id].Op} is faulty: {builder.Faults.LastOrDefault()}");
            var fitted = Broadcasting.To(part, graph[id].Type.Sizes, graph[id].Type.Batched);
            cotangents[id] = cotangents[id] is { } sum ? sum + fitted : fitted;
        }
    }

    // A node is active where a leaf's value reaches it; integers and truth values carry no gradient.
    private static bool[] Active(TensorGraph graph, IEnumerable<int> leaves)
    {
        var active = new bool[graph.Nodes.Count];
        foreach (var leaf in leaves)
            active[leaf] = true;
        for (var id = 0; id < active.Length; id++)
            active[id] |= graph[id].Type.Type == DType.F32 && graph[id].Inputs.Any(input => active[input]);
        return active;
    }
}
