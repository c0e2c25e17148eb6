using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Read;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu;

/// <summary>
/// Prints a program as a static class: `Run`, which is its nests in order, a method of plain loops for each nest, and the workspace that holds the values between
/// them. Nothing is scheduled: this form is the oracle of every faster one.
/// </summary>
/// <param name="name">The class's name, such as `Inference`.</param>
/// <param name="summary">What it computes, for its documentation.</param>
/// <param name="spec">The network: where parameters and buffers lie.</param>
/// <param name="specialisation">The data.</param>
/// <param name="program">The nests.</param>
/// <param name="dialect">The real type.</param>
/// <param name="destinations">Where the outputs go.</param>
internal sealed class ProgramWriter(string name, string summary, NetworkSpec spec, Specialisation specialisation, LoopProgram program, Dialect dialect,
    IReadOnlyList<Destination> destinations)
{
    private readonly TensorGraph graph = program.Graph;
    private readonly Names names = new(program, ["count", "parameters", "buffers", "w", "gradient", "nextBuffers", "results", "result", name, "Workspace", "Run", .. Keywords.All]);

    private readonly Dictionary<int, Destination> destinationOf = destinations.Where(d => d.Output is not null)
        .GroupBy(d => program.Graph.OutputNode(d.Output!)).ToDictionary(group => group.Key, group => group.First());
    private readonly Dictionary<int, IReadOnlyList<int>> loads = program.Nests.ToDictionary(nest => nest.Node, nest => nest.Loads());

    public Names Names => names;

    public void Write(SourceWriter writer)
    {
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Block($"private static class {name}", () =>
        {
            Run(writer);
            foreach (var nest in program.Nests)
                Method(writer.Line(), nest);
            Workspace(writer.Line());
            foreach (var (node, id) in graph.Nodes.Select((node, id) => (node, id)).Where(n => n.node.Op == "constant"))
                writer.Line().Line($"private static ReadOnlySpan<{dialect.Real}> {names[id]} => [{string.Join(", ", node.Attributes.Reals.Select(dialect.Number))}];");
        });
    }

    private void Run(SourceWriter writer)
    {
        writer.Block($"public static void Run(int count, {string.Join(", ", RunSignature.Of(graph, names, specialisation, dialect.Real, destinations).Select(data => data.Span))}, Workspace w)", () =>
        {
            Slices(writer, "parameter", "parameters", spec.Parameters.Select(p => (p.Name, p.Shape)));
            Slices(writer, "buffer", "buffers", spec.Buffers.Select(b => (b.Name, b.Shape)));
            foreach (var nest in program.Nests)
            {
                var arguments = loads[nest.Node].Where(id => graph[id].Op != "constant").Select(Source).Concat([Target(nest.Node)]);
                writer.Line($"{Names.Pascal(names[nest.Node])}({string.Join(", ", (NeedsCount(nest) ? new[] { "count" } : []).Concat(arguments))});");
            }
            foreach (var destination in destinations.Where(d => d.Output is null))
                writer.Line($"{destination.Part}.Clear();");
            // An output that is another one's value as well.
            foreach (var destination in destinations.Where(d => d.Output is { } output && First(graph.OutputNode(output)) != d))
                writer.Line($"{Source(graph.OutputNode(destination.Output!))}.CopyTo({destination.Part});");
        });
    }

    private void Slices(SourceWriter writer, string leaf, string flat, IEnumerable<(string Name, EquatableArray<int> Shape)> tensors)
    {
        var read = new HashSet<int>(loads.Values.SelectMany(ids => ids));
        var leaves = Enumerable.Range(0, graph.Nodes.Count).Where(id => graph[id].Op == leaf && read.Contains(id)).ToDictionary(id => graph[id].Attributes.Text);
        var offset = 0;
        foreach (var (tensor, shape) in tensors)
        {
            var count = shape.Aggregate(1, (product, size) => product * size);
            if (leaves.TryGetValue(tensor, out var id))
                writer.Line($"var {names[id]} = {flat}.Slice({offset}, {count});");
            offset += count;
        }
    }

    private void Method(SourceWriter writer, Nest nest)
    {
        string[] parameters =
        [
            .. NeedsCount(nest) ? new[] { "int count" } : [],
            .. loads[nest.Node].Where(id => graph[id].Op != "constant").Select(id => $"ReadOnlySpan<{Element(id)}> {names[id]}"),
            $"Span<{Element(nest.Node)}> {names[nest.Node]}",
        ];
        writer.Line($"// {Formula.Of(program, nest, names)}");
        writer.Block($"private static void {Names.Pascal(names[nest.Node])}({string.Join(", ", parameters)})", () =>
        {
            var scalars = new ScalarWriter(graph, dialect, id => names[id], word => word == "count" || names.Has(word) || Keywords.All.Contains(word));
            var type = graph[nest.Node].Type;
            var axes = nest.Axes.ToArray();
            var sizes = axes.Skip(type.Batched ? 1 : 0).Select(axis => (Subscript)axis).ToEquatableArray();
            scalars.Loops(writer, axes, inner =>
            {
                var value = scalars.Write(inner, nest.Body);
                inner.Line($"{names[nest.Node]}[{scalars.Write(DenseLayout.Offset(type, new Point(type.Batched ? (Subscript)axes[0] : null, sizes)))}] = {value};");
            });
        });
    }

    private void Workspace(SourceWriter writer)
    {
        var kept = program.Nests.Where(nest => First(nest.Node) is null).ToArray();
        writer.Line("/// <summary>The values that one run keeps between its loops, for a number of samples.</summary>");
        writer.Block("public sealed class Workspace(int capacity)", () =>
        {
            writer.Line("public int Capacity => capacity;");
            foreach (var nest in kept)
                writer.Line($"public readonly {Element(nest.Node)}[] {Names.Pascal(names[nest.Node])} = new {Element(nest.Node)}[{Length(graph[nest.Node].Type)}];");
        });
    }

    private static string Length(TensorType type) => type.Batched ? type.Elements == 1 ? "capacity" : $"capacity * {type.Elements}" : $"{type.Elements}";

    private string Element(int id) => graph[id].Type.Type switch { DType.I32 => "int", DType.Bool => "bool", _ => dialect.Real };

    private Destination? First(int node) => destinationOf.TryGetValue(node, out var destination) ? destination : null;

    private string Target(int node) => First(node) is { } destination ? destination.Part : $"w.{Names.Pascal(names[node])}";

    private string Source(int id) => loads.ContainsKey(id) ? Target(id) : names[id];

    private bool NeedsCount(Nest nest) => nest.Axes.Any(axis => axis.IsBatch) || ReadsBatch(nest.Body);

    private static bool ReadsBatch(Scalar scalar)
    {
        var reads = false;
        scalar.Visit(part => reads |= part is Scalar.Samples || (part is Scalar.Reduce reduce && reduce.Axes.Any(axis => axis.IsBatch)));
        return reads;
    }
}

/// <summary>Where an output goes: the span parameter of `Run`, and the part of it as an expression. Without an output the part is set to zero.</summary>
internal sealed record Destination(string? Output, string Span, string Part);
