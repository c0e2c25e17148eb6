using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Plan.Gpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Gpu;

/// <summary>
/// Prints a program as a static class: the list of its nests, and for each a kernel in which one thread computes one element. Nothing is tiled, and every sum runs in
/// the order of the plain loops.
/// </summary>
/// <param name="name">The class's name, such as `Inference`.</param>
/// <param name="summary">What it computes.</param>
/// <param name="program">The nests.</param>
/// <param name="plan">Where the values lie.</param>
/// <param name="printed">The kernels that the network's other programs have printed, text to name: the same computation at the same places is not printed again.</param>
internal sealed class KernelWriter(string name, string summary, LoopProgram program, ArenaPlan plan, Dictionary<string, string> printed)
{
    private static readonly Dialect Spelling = new("float", "GpuMath");

    private readonly TensorGraph graph = program.Graph;
    private readonly Names names = new(program, [.. Reserved, .. Keywords.All, name]);

    /// <summary>The constants that the host uploads once: where to, and the property that holds them.</summary>
    public IEnumerable<(Address Address, string Values)> Constants => ConstantNodes.Select(id => (plan[id], $"{name}.{Names.Pascal(names[id])}"));

    private static readonly string[] Reserved = ["index", "element", "arena", "count", "Nests", "GpuMath", "GpuArena", "GpuNest", "ReadOnlySpan", "Index1D"];

    private IEnumerable<int> ConstantNodes => Enumerable.Range(0, graph.Nodes.Count).Where(id => graph[id].Op == "constant");

    public void Write(SourceWriter writer)
    {
        var kernels = new SourceWriter(writer.Level + 1);
        var nests = program.Nests.Select(nest => $"new({Print(kernels, nest)}, Elements: {Type(nest).Elements}, Batched: {(Type(nest).Batched ? "true" : "false")}),").ToArray();
        writer.Line($"// {summary}");
        writer.Block($"private static class {name}", () =>
        {
            writer.Line("public static ImmutableArray<GpuNest> Nests =>").Line("[");
            writer.Indented(() => writer.Line(string.Join("\n", nests)));
            writer.Line("];");
            foreach (var id in ConstantNodes)
                writer.Line().Line($"public static ReadOnlySpan<float> {Names.Pascal(names[id])} => [{string.Join(", ", graph[id].Attributes.Reals.Select(Spelling.Number))}];");
            writer.Append(kernels);
        });
    }

    // The kernel's name; its text, unless it is there already.
    private string Print(SourceWriter writer, Nest nest)
    {
        var own = Kernel(nest);
        var text = new SourceWriter(writer.Level);
        Write(text, nest);
        if (printed.TryGetValue(text.ToString(), out var known))
            return known;
        printed[text.ToString()] = $"{name}.{own}";
        writer.Line().Append(text);
        return own;
    }

    private void Write(SourceWriter writer, Nest nest)
    {
        var type = Type(nest);
        var reads = Reads.Of(nest.Body);
        writer.Line($"// {Formula.Of(program, nest, names)}");
        writer.Line($"// A thread for each element of {type}.");
        writer.Block($"public static void {Kernel(nest)}(Index1D index, GpuArena arena)", () =>
        {
            foreach (var id in reads.Loads)
                writer.Line($"var {names[id]} = {View(plan[id])};");
            writer.Line($"var {names[nest.Node]} = {View(plan[nest.Node])};");
            if (reads.Batch)
                writer.Line("var count = arena.Samples;");
            writer.Line("var element = index.X;");
            var scalars = new ScalarWriter(graph, Spelling, id => names[id], word => names.Has(word) || Reserved.Contains(word) || Keywords.All.Contains(word));
            foreach (var (axis, position) in Positions(nest.Axes))
                if (reads.Axes.Contains(axis))
                    writer.Line($"var {scalars.Name(axis)} = {position};");
            var value = scalars.Write(writer, nest.Body);
            writer.Line($"{names[nest.Node]}[element] = {value};");
        });
    }

    private TensorType Type(Nest nest) => graph[nest.Node].Type;

    // Only the first letter: names differ by more than that, and might not without their other signs (`conv2`, `conv_2`).
    public string Kernel(Nest nest) => char.ToUpperInvariant(names[nest.Node][0]) + names[nest.Node].Substring(1);

    // Each axis's position from the element's, row by row: element / stride % size, without the remainder on the outermost and the division on the innermost axis.
    private static IEnumerable<(Axis Axis, string Position)> Positions(IReadOnlyList<Axis> axes)
    {
        var (stride, positions) = (1L, new List<(Axis, string)>());
        foreach (var axis in axes.Where(axis => axis.Size != 1).Reverse())
        {
            var outermost = axis == axes.First(other => other.Size != 1);
            positions.Insert(0, (axis, "element" + (stride == 1 ? "" : $" / {stride}") + (outermost ? "" : $" % {axis.Size}")));
            stride *= axis.Size;
        }
        return positions;
    }

    private static string View(Address place) => place switch
    {
        (var region, 0) => $"arena.{region}",
        (Region.Shared or Region.SharedIntegers, var offset) => $"arena.{place.Region}.SubView({offset}L)",
        (_, var offset) => $"arena.{place.Region}.SubView({offset}L * arena.Capacity)",
    };
}
