using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Read;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>Prints a scheduled program: `Run` brings the data into lane blocks, walks the stages block by block, and brings the outputs back; a method for each nest.</summary>
internal sealed class LaneProgramWriter(string name, string summary, NetworkSpec spec, LaneSchedule schedule, IReadOnlyList<Destination> destinations)
{
    private static readonly LaneDialect Dialect = new("Vector512");

    private readonly LoopProgram program = schedule.Program;
    private readonly TensorGraph graph = schedule.Program.Graph;
    private readonly Names names = new(schedule.Program, ["count", "block", "blocks", "valid", "parameters", "buffers", "w", "gradient", "nextBuffers", "results", "result", name, "Workspace", "Run", .. Keywords.All]);
    private readonly HashSet<int> rows = [.. schedule.Rows];
    private readonly Dictionary<int, Destination> destinationOf = destinations.Where(d => d.Output is not null)
        .GroupBy(d => schedule.Program.Graph.OutputNode(d.Output!)).ToDictionary(group => group.Key, group => group.First());

    public Names Names => names;

    public void Write(SourceWriter writer, IEnumerable<string> signature)
    {
        writer.Line($"/// <summary>{summary}</summary>");
        writer.Block($"private static class {name}", () =>
        {
            Run(writer, signature);
            foreach (var nest in schedule.Nests)
                Method(writer.Line(), nest);
            Workspace(writer.Line());
            foreach (var (node, id) in graph.Nodes.Select((node, id) => (node, id)).Where(n => n.node.Op == "constant"))
                writer.Line().Line($"private static ReadOnlySpan<float> {names[id]} => [{string.Join(", ", node.Attributes.Reals.Select(Emit.Dialect.Float.Number))}];");
        });
    }

    private IEnumerable<int> BatchedLeaves => Enumerable.Range(0, graph.Nodes.Count)
        .Where(id => graph[id].Op is "input" or "target" && schedule.Nests.Any(nest => nest.Form != LaneForm.OuterProduct && nest.Nest.Loads().Contains(id)));

    private void Run(SourceWriter writer, IEnumerable<string> signature) => writer.Block($"public static void Run({string.Join(", ", signature)})", () =>
    {
        writer.Line($"var blocks = (count + {LaneSchedule.Lanes - 1}) / {LaneSchedule.Lanes};");
        Slices(writer, "parameter", "parameters", spec.Parameters.Select(p => (p.Name, p.Shape)));
        Slices(writer, "buffer", "buffers", spec.Buffers.Select(b => (b.Name, b.Shape)));
        foreach (var id in BatchedLeaves)
            writer.Line($"LaneBlocks.ToLanes({names[id]}, count, {graph[id].Type.Elements}, w.{Field(id)});");
        for (var stage = 0; stage < schedule.Stages; stage++)
            Stage(writer, [.. schedule.Nests.Where(nest => nest.Stage == stage)]);
        foreach (var (node, destination) in destinationOf.Where(pair => graph[pair.Key].Type.Batched).Select(pair => (pair.Key, pair.Value)))
            writer.Line($"LaneBlocks.ToRows(w.{Field(node)}, count, {graph[node].Type.Elements}, {destination.Part});");
        foreach (var destination in destinations.Where(d => d.Output is null))
            writer.Line($"{destination.Part}.Clear();");
        foreach (var destination in destinations.Where(d => d.Output is { } output && destinationOf[graph.OutputNode(output)] != d))
            writer.Line($"{destinationOf[graph.OutputNode(destination.Output!)].Part}.CopyTo({destination.Part});");
    });

    private void Stage(SourceWriter writer, IReadOnlyList<LaneNest> nests)
    {
        foreach (var nest in nests.Where(nest => nest.Form == LaneForm.Shared))
            writer.Line(Call(nest, ["count"]));
        var blocks = nests.Where(nest => nest.Form is LaneForm.Lanes or LaneForm.LaneSums).ToArray();
        if (blocks.Length > 0)
            writer.Block("for (var block = 0; block < blocks; block++)", () =>
            {
                if (blocks.Any(nest => nest.Form == LaneForm.LaneSums))
                    writer.Line($"var valid = Math.Min({LaneSchedule.Lanes}, count - block * {LaneSchedule.Lanes});");
                foreach (var nest in blocks)
                    writer.Line(Call(nest, nest.Form == LaneForm.LaneSums ? ["count", "block", "valid"] : ["count", "block"]));
            });
        foreach (var nest in blocks.Where(nest => rows.Contains(nest.Nest.Node)))
            writer.Line($"LaneBlocks.ToRows(w.{Field(nest.Nest.Node)}, count, {graph[nest.Nest.Node].Type.Elements}, w.{Field(nest.Nest.Node)}Rows);");
        foreach (var nest in nests.Where(nest => nest.Form == LaneForm.OuterProduct))
            writer.Line(Call(nest, ["count"]));
        foreach (var nest in blocks.Where(nest => nest.Form == LaneForm.LaneSums))
            writer.Line($"BlockSums.Add(w.{Field(nest.Nest.Node)}Blocks, blocks, {graph[nest.Nest.Node].Type.Elements}, {SharedSpan(nest.Nest.Node)});");
    }

    private string Call(LaneNest nest, IEnumerable<string> leading) =>
        $"{Names.Pascal(names[nest.Nest.Node])}({string.Join(", ", leading.Concat(Operands(nest).Select(id => "ref " + Place(id, nest.Form))).Concat(["ref " + Target(nest)]))});";

    private IEnumerable<int> Operands(LaneNest nest) => nest.Nest.Loads();

    // The first element of a value, as a reference.
    private string Place(int id, LaneForm reader) => (graph[id].Op, graph[id].Type.Batched) switch
    {
        ("constant", _) => $"MemoryMarshal.GetReference({names[id]})",
        ("parameter" or "buffer", _) => names[id],
        ("input" or "target", _) when reader == LaneForm.OuterProduct => $"MemoryMarshal.GetReference({names[id]})",
        ("input" or "target", true) => $"w.{Field(id)}[0]",
        ("input" or "target", false) => $"MemoryMarshal.GetReference({names[id]})",
        (_, true) => reader == LaneForm.OuterProduct ? $"w.{Field(id)}Rows[0]" : $"w.{Field(id)}[0]",
        _ => destinationOf.TryGetValue(id, out var destination) ? $"{destination.Part}[0]" : $"w.{Field(id)}[0]",
    };

    private string Target(LaneNest nest) => nest.Form switch
    {
        LaneForm.LaneSums => $"w.{Field(nest.Nest.Node)}Blocks[0]",
        _ => Place(nest.Nest.Node, LaneForm.Lanes),
    };

    private string SharedSpan(int id) => destinationOf.TryGetValue(id, out var destination) ? destination.Part : $"w.{Field(id)}";

    private void Slices(SourceWriter writer, string leaf, string flat, IEnumerable<(string Name, EquatableArray<int> Shape)> tensors)
    {
        var read = new HashSet<int>(schedule.Nests.SelectMany(nest => nest.Nest.Loads()));
        var leaves = Enumerable.Range(0, graph.Nodes.Count).Where(id => graph[id].Op == leaf && read.Contains(id)).ToDictionary(id => graph[id].Attributes.Text);
        var offset = 0;
        foreach (var (tensor, shape) in tensors)
        {
            if (leaves.TryGetValue(tensor, out var id))
                writer.Line($"ref var {names[id]} = ref Unsafe.Add(ref MemoryMarshal.GetReference({flat}), {offset});");
            offset += shape.Aggregate(1, (product, size) => product * size);
        }
    }

    private void Method(SourceWriter writer, LaneNest scheduled)
    {
        var (nest, node) = (scheduled.Nest, scheduled.Nest.Node);
        var type = graph[node].Type;
        var leading = scheduled.Form switch { LaneForm.Lanes => "int count, int block", LaneForm.LaneSums => "int count, int block, int valid", _ => "int count" };
        var operands = Operands(scheduled).ToArray();
        writer.Line($"// {Formula.Of(program, nest, names)}");
        writer.Line($"// {Describe(scheduled)}");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        var parameters = operands.Select(id => $"ref {Element(id)} {names[id]}").Concat([$"ref {Element(node)} {names[node]}"]);
        writer.Block($"private static void {Names.Pascal(names[node])}({leading}, {string.Join(", ", parameters)})", () =>
        {
            var scalars = new ScalarWriter(graph, Emit.Dialect.Float, id => names[id], word => word is "count" or "block" or "valid" || names.Has(word) || Keywords.All.Contains(word));
            switch (scheduled.Form)
            {
                case LaneForm.OuterProduct:
                    OuterProductWriter.Write(writer, graph, nest, Dialect, LaneSchedule.Lanes, id => names[id], names[node], scalars);
                    break;
                case LaneForm.Shared:
                    Shared(writer, nest, scalars);
                    break;
                default:
                    foreach (var id in operands.Where(id => graph[id].Type.Batched).Concat(scheduled.Form == LaneForm.Lanes ? [node] : Array.Empty<int>()))
                        writer.Line($"{names[id]} = ref Unsafe.Add(ref {names[id]}, block * {graph[id].Type.Elements * LaneSchedule.Lanes});");
                    if (scheduled.Form == LaneForm.LaneSums)
                        writer.Line($"{names[node]} = ref Unsafe.Add(ref {names[node]}, block * {type.Elements});");
                    Lanes(writer, scheduled, scalars);
                    break;
            }
        });
    }

    private void Lanes(SourceWriter writer, LaneNest scheduled, ScalarWriter scalars)
    {
        var lanes = new LaneWriter(graph, Dialect, id => names[id], scalars);
        var scope = new LaneScope(writer, null, []);
        var result = names[scheduled.Nest.Node];
        if (scheduled.Form == LaneForm.Lanes)
            lanes.Outputs(scope, scheduled, scheduled.Nest.Body, (here, offset, value) =>
                $"{Dialect.Spread(value).Inside}.StoreUnsafe(ref {lanes.Reference(here, result, offset, LaneSchedule.Lanes)});");
        else
        {
            var sum = (Scalar.Reduce)scheduled.Nest.Body;
            var inside = sum.Axes.Count == 1 ? sum.Body : new Scalar.Reduce(Reducer.Sum, sum.Axes.Skip(1).ToEquatableArray(), sum.Body);
            lanes.Outputs(scope, scheduled, inside, (here, offset, value) =>
                $"{lanes.Reference(here, result, offset, 1)} = LaneSums.SumLanes({Dialect.Spread(value).Code}, valid);");
        }
    }

    private void Shared(SourceWriter writer, Nest nest, ScalarWriter scalars)
    {
        var axes = nest.Axes.ToArray();
        string Element(string memory, string at) => at == "0" ? memory : $"Unsafe.Add(ref {memory}, {at})";
        scalars.Memory = (id, at) => Element(names[id], at);
        scalars.Loops(writer, axes, inner =>
        {
            var value = scalars.Write(inner, nest.Body);
            var at = scalars.Write(DenseLayout.Offset(graph[nest.Node].Type, new Point(null, axes.Select(axis => (Subscript)axis).ToEquatableArray())));
            inner.Line($"{Element(names[nest.Node], at)} = {value};");
        });
    }

    private void Workspace(SourceWriter writer)
    {
        writer.Line("/// <summary>The values that one run keeps, for a number of samples; values per sample stand in blocks of 16 samples, sums over the batch once for each block.</summary>");
        writer.Block("public sealed class Workspace(int capacity) : IWorkspace", () =>
        {
            writer.Line($"private readonly int blocks = (capacity + {LaneSchedule.Lanes - 1}) / {LaneSchedule.Lanes};").Line();
            var fields = new List<(string Type, string Name, string Length)>();
            foreach (var id in BatchedLeaves.Where(id => graph[id].Type.Batched))
                fields.Add((Element(id), Field(id), Blocks(id)));
            foreach (var nest in schedule.Nests)
            {
                var (id, type) = (nest.Nest.Node, graph[nest.Nest.Node].Type);
                if (type.Batched)
                    fields.Add((Element(id), Field(id), Blocks(id)));
                else if (!destinationOf.ContainsKey(id))
                    fields.Add((Element(id), Field(id), $"{type.Elements}"));
                if (nest.Form == LaneForm.LaneSums)
                    fields.Add((Element(id), Field(id) + "Blocks", $"Blocks(capacity) * {type.Elements}"));
                if (rows.Contains(id))
                    fields.Add((Element(id), Field(id) + "Rows", $"capacity * {type.Elements}"));
            }
            foreach (var (type, field, length) in fields)
                writer.Line($"public readonly {type}[] {field} = new {type}[{length}];");
            writer.Line().Line("public int Capacity => blocks * 16;").Line();
            writer.Line($"private static int Blocks(int samples) => (samples + {LaneSchedule.Lanes - 1}) / {LaneSchedule.Lanes};");
        });
    }

    private string Blocks(int id) => $"Blocks(capacity) * {graph[id].Type.Elements * LaneSchedule.Lanes}";

    private static string Describe(LaneNest nest)
    {
        var form = nest.Form switch
        {
            LaneForm.Lanes => "batch in lanes",
            LaneForm.LaneSums => "batch in lanes, summed block by block",
            LaneForm.OuterProduct => "samples in rows, lanes along the last axis",
            _ => "plain",
        };
        var tile = nest.Tile is { OuterCount: 1, InnerCount: 1 } ? "" : $", tile {nest.Tile.OuterCount}{(nest.Tile.Outer is { } o ? " " + o.Name : "")} x {nest.Tile.InnerCount}{(nest.Tile.Inner is { } i ? " " + i.Name : "")}";
        return form + tile;
    }

    private string Field(int id) => Names.Pascal(names[id]);

    private string Element(int id) => graph[id].Type.Type == DType.I32 ? "int" : "float";
}
