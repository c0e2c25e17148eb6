using System.Globalization;
using System.Text;

namespace NNGen.Generators.Graph;

/// <summary>The graph as text, a line a node: what compiler tests read.</summary>
public static class Printer
{
    public static string Print(TensorGraph graph)
    {
        var text = new StringBuilder();
        for (var id = 0; id < graph.Nodes.Count; id++)
            text.Append(Line(id, graph[id])).Append('\n');
        foreach (var output in graph.Outputs)
            text.Append($"{output.Name} <- %{output.Node}\n");
        return text.ToString();
    }

    private static string Line(int id, Node node)
    {
        var attributes = node.Attributes.Integers.Select(i => i.ToString(CultureInfo.InvariantCulture))
            .Concat(node.Attributes.Reals.Take(4).Select(r => r.ToString("R", CultureInfo.InvariantCulture)))
            .Concat(node.Attributes.Reals.Count > 4 ? ["..."] : [])
            .Concat(node.Attributes.Text.Length > 0 ? ['"' + node.Attributes.Text + '"'] : []);
        var inside = string.Join(" ", attributes);
        var operands = string.Concat(node.Inputs.Select(input => " %" + input));
        var label = node.Label.Length > 0 ? $"  // {node.Label}" : "";
        return $"%{id} = {node.Op}{(inside.Length > 0 ? $"({inside})" : "")}{operands} : {node.Type}{label}";
    }
}
