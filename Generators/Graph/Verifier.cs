namespace NNGen.Generators.Graph;

/// <summary>
/// What must hold of every graph, whatever its ops are; it runs after each pass in tests and Debug. That types agree with the ops' rows is for the
/// type checker in Ops to say, since a graph knows no rows.
/// </summary>
public static class Verifier
{
    /// <summary>All violations, each naming its node; none of a good graph.</summary>
    public static IReadOnlyList<string> Check(TensorGraph graph) =>
        [.. Enumerable.Range(0, graph.Nodes.Count).SelectMany(id => Node(graph, id)), .. Leaves(graph), .. Outputs(graph)];

    private static IEnumerable<string> Node(TensorGraph graph, int id)
    {
        var (node, what) = (graph[id], $"%{id} {graph[id].Op}");
        foreach (var input in node.Inputs)
            if (input < 0 || input >= id)
                yield return $"{what} reads %{input}, which does not stand before it";
        if (node.Type.Sizes.Any(size => size < 1))
            yield return $"{what} : {node.Type} has a size below 1";
        else if (node.Type.Sizes.Aggregate(1L, (product, size) => product > int.MaxValue ? product : product * size) > int.MaxValue)
            yield return $"{what} : {node.Type} has more than 2^31 - 1 elements per sample";
    }

    // A leaf with a text is named by it: two of one op and one name would be two values that the user's program cannot tell apart.
    private static IEnumerable<string> Leaves(TensorGraph graph) =>
        graph.Nodes.Select((node, id) => (node, id)).Where(n => n.node.Inputs.Count == 0 && n.node.Attributes.Text.Length > 0)
            .GroupBy(n => (n.node.Op, n.node.Attributes.Text)).Where(same => same.Count() > 1)
            .Select(same => $"{string.Join(" and ", same.Select(n => $"%{n.id}"))} are both the {same.Key.Op} \"{same.Key.Text}\"");

    private static IEnumerable<string> Outputs(TensorGraph graph) =>
        graph.Outputs.Where(output => output.Node < 0 || output.Node >= graph.Nodes.Count).Select(output => $"output {output.Name} is %{output.Node}, which does not exist")
            .Concat(graph.Outputs.GroupBy(output => output.Name).Where(same => same.Count() > 1).Select(same => $"{same.Count()} outputs are named {same.Key}"));
}
