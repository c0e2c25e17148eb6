using NNGen.Generators.Graph;
using NNGen.Generators.Read;

namespace NNGen.Generators.Emit.Cpu;

/// <summary>Data that a program is run on: an array's worth of numbers that the caller owns.</summary>
/// <param name="Element">`float`, `double` or `int`.</param>
/// <param name="IsResult">Whether the program writes it.</param>
/// <param name="Name">The parameter.</param>
internal sealed record RunData(string Element, bool IsResult, string Name)
{
    public string Span => $"{(IsResult ? "Span" : "ReadOnlySpan")}<{Element}> {Name}";

    public string Memory => $"{(IsResult ? "Memory" : "ReadOnlyMemory")}<{Element}> {Name}";
}

/// <summary>The parameters of a program's `Run`, the same for every way to compute it: flat values, data, receivers of the outputs.</summary>
internal static class RunSignature
{
    public static IReadOnlyList<RunData> Of(TensorGraph graph, Names names, Specialisation specialisation, string real, IReadOnlyList<Destination> destinations) =>
    [
        new(real, false, "parameters"),
        new(real, false, "buffers"),
        .. specialisation.Inputs.Concat(specialisation.Targets).Select(data => new RunData(data.IsLabels ? "int" : real, false, Data(graph, names, data))),
        .. destinations.Select(d => d.Span).Distinct().Select(span => new RunData(real, true, span)),
    ];

    private static string Data(TensorGraph graph, Names names, DataSpec data)
    {
        for (var id = 0; id < graph.Nodes.Count; id++)
            if (graph[id] is { Op: "input" or "target" } node && node.Attributes.Text == data.Name)
                return names[id];
        return names.Spare(data.Name);
    }
}
