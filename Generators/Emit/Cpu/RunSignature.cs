using NNGen.Generators.Graph;
using NNGen.Generators.Read;

namespace NNGen.Generators.Emit.Cpu;

/// <summary>The parameters of a program's `Run`, the same for every way to compute it: count, flat values, data, receivers of the outputs, workspace.</summary>
internal static class RunSignature
{
    public static IEnumerable<string> Of(TensorGraph graph, Names names, Specialisation specialisation, string real, IReadOnlyList<Destination> destinations) =>
    [
        "int count",
        $"ReadOnlySpan<{real}> parameters",
        $"ReadOnlySpan<{real}> buffers",
        .. specialisation.Inputs.Concat(specialisation.Targets).Select(data => $"ReadOnlySpan<{(data.IsLabels ? "int" : real)}> {Data(graph, names, data)}"),
        .. destinations.Select(d => d.Span).Distinct().Select(span => $"Span<{real}> {span}"),
        "Workspace w",
    ];

    private static string Data(TensorGraph graph, Names names, DataSpec data)
    {
        for (var id = 0; id < graph.Nodes.Count; id++)
            if (graph[id] is { Op: "input" or "target" } node && node.Attributes.Text == data.Name)
                return names[id];
        return names.Spare(data.Name);
    }
}
