using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>The verifier's second half: each node's op is a row of the table, and its type what the row's shape rule says of its operands.</summary>
public static class TypeChecker
{
    /// <summary>All violations of the graph and of its types, each naming its node; none of a good graph.</summary>
    public static IReadOnlyList<string> Check(TensorGraph graph) => Verifier.Check(graph) is { Count: > 0 } broken ? broken
        : [.. Enumerable.Range(0, graph.Nodes.Count).Select(id => Node(graph, id)).OfType<string>()];

    private static string? Node(TensorGraph graph, int id)
    {
        var (node, what) = (graph[id], $"%{id} {graph[id].Op}");
        if (!Primitives.Has(node.Op))
            return $"{what} is no row of the table of primitives";
        if (Leaves.IsStored(node.Op))
            return node.Inputs.Count > 0 ? $"{what} is a leaf and has inputs" : node.Attributes.Text.Length == 0 ? $"{what} has no name" : null;
        var inputs = node.Inputs.Select(input => graph[input].Type).ToEquatableArray();
        try
        {
            var shaped = Primitives.Row(node.Op).Shape(inputs, node.Attributes);
            return shaped.Fault is { } fault ? $"{what} of {inputs}: {fault}"
                : shaped.Type != node.Type ? $"{what} of {inputs} has type {node.Type}, and its row says {shaped.Type}" : null;
        }
        catch (IndexOutOfRangeException)
        {
            return $"{what} lacks operands: it has {inputs}";           // rows take what is theirs from the list of operands, which a broken pass may have cut
        }
    }
}
