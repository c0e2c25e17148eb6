using System.Globalization;
using NNGen.Generators.Fuse;
using NNGen.Generators.Read;

namespace NNGen.Generators.Emit;

/// <summary>The table at the head of a generated class: a line for each stored value of the inference program, with shape, parameters that enter, arithmetic and memory.</summary>
internal static class NetworkTable
{
    public static IReadOnlyList<string> Lines(NetworkSpec spec, LoopProgram inference, Names names)
    {
        var graph = inference.Graph;
        var counts = spec.Parameters.ToDictionary(p => p.Name, p => p.Shape.Aggregate(1L, (product, size) => product * size));
        var counted = new HashSet<string>();
        var rows = new List<string[]> { new[] { "value", "shape", "parameters", "FLOPs", "bytes" } };
        foreach (var nest in inference.Nests)
        {
            var type = graph[nest.Node].Type;
            var parameters = nest.Fused.SelectMany(id => graph[id].Inputs).Distinct().Where(id => graph[id].Op == "parameter" && counted.Add(graph[id].Attributes.Text))
                .Sum(id => counts[graph[id].Attributes.Text]);
            rows.Add([names[nest.Node], type.Sizes.ToString(), Number(parameters), Number(Work.Flops(nest)), Number(4L * type.Elements)]);
        }
        rows.Add(["total", "", Number(counts.Values.Sum()), Number(inference.Nests.Sum(Work.Flops)), Number(inference.Nests.Sum(n => 4L * graph[n.Node].Type.Elements))]);
        var widths = Enumerable.Range(0, 5).Select(column => rows.Max(row => row[column].Length)).ToArray();
        return [.. rows.Select(row => string.Join("  ", row.Select((cell, column) => column < 2 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))).TrimEnd())];
    }

    private static string Number(long value) => value == 0 ? "" : value.ToString("#,0", CultureInfo.InvariantCulture);
}
