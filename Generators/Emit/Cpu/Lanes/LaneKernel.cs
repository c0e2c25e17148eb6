using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>A nest's kernel as it is called.</summary>
/// <param name="Name">The kernel.</param>
/// <param name="Leading">The arguments before the operands that the nest decides: the number of samples, a slice of its loop.</param>
/// <param name="Operands">The stored values that it reads, in the order of its parameters; the result comes after them.</param>
internal sealed record LaneKernel(string Name, IReadOnlyList<string> Leading, IReadOnlyList<int> Operands)
{
    /// <summary>The kernel of a nest, printed into the table if it is new there.</summary>
    public static LaneKernel Of(LaneSchedule schedule, LaneNest scheduled, Names names, KernelTable kernels)
    {
        var (graph, nest) = (schedule.Program.Graph, scheduled.Nest);
        var operands = nest.Loads().ToArray();
        string Element(int id) => graph[id].Type.Type == DType.I32 ? "int" : "float";
        var whole = Body.Of(schedule, scheduled, scheduled.Tile, operands, LaneDialect.Whole);
        var name = kernels.Call(Names.Pascal(names[scheduled.Writes.First()]), [.. Formulas(schedule, scheduled, names), Describe(graph, scheduled, names)], whole.Parameters,
            [.. operands.Concat(scheduled.Results).Select(id => (Element(id), names[id]))], whole.Text,
            whole.Text.Contains(LaneDialect.Whole.Type) ? Halves : null);
        return new(name, whole.Arguments, operands);

        // Half a block at a time, with tiles for half as many registers. Slices that threads do are those of the whole tiles, and a total is summed in their order.
        string Halves()
        {
            var tiled = scheduled.Form is LaneForm.SampleSums or LaneForm.OuterProduct || scheduled.Total is not null ? scheduled : scheduled with { Tile = Tiling.Of(nest, scheduled.Lane, isHalf: true) };
            var text = Body.Of(schedule, tiled, scheduled.Tile, operands, LaneDialect.Halves).Text;
            if (!text.Contains(LaneDialect.Halves.At))
                return text;
            var turns = new SourceWriter();
            turns.Block($"for (nuint {LaneDialect.Halves.Half} = 0; {LaneDialect.Halves.Half} < {LaneSchedule.Lanes}; {LaneDialect.Halves.Half} += {LaneSchedule.Lanes / 2})", () => turns.Line(text.TrimEnd('\n')));
            return turns.ToString();
        }
    }

    /// <summary>What a nest computes.</summary>
    public static IEnumerable<string> Formulas(LaneSchedule schedule, LaneNest nest, Names names) =>
        new[] { nest.Maximum, nest.Nest, nest.Total }.OfType<Nest>().Select(own => Formula.Of(schedule.Program, own, names));

    /// <summary>A kernel's body in vectors of one width.</summary>
    /// <param name="Text">The body, in which operands are called <see cref="KernelTable.Operand"/>, the results last.</param>
    /// <param name="Parameters">The parameters before the operands.</param>
    /// <param name="Arguments">What a call gives for those that the nest decides.</param>
    private sealed record Body(string Text, IReadOnlyList<string> Parameters, IReadOnlyList<string> Arguments)
    {
        public static Body Of(LaneSchedule schedule, LaneNest scheduled, Tile wide, int[] operands, LaneDialect vectors)
        {
            var (graph, nest, result) = (schedule.Program.Graph, scheduled.Nest, scheduled.Nest.Node);
            int[] all = [.. operands, .. scheduled.Results];
            string NameOf(int id) => KernelTable.Operand(Array.IndexOf(all, id));
            var body = new SourceWriter();
            var scalars = new ScalarWriter(graph, Dialect.Float, NameOf, word => word is "count" or "valid" or "first" or "last" or "pitch" || word == LaneDialect.Halves.Half || Keywords.All.Contains(word));
            var (parameters, arguments) = (new List<string>(), new List<string>());
            if (scheduled.Form == LaneForm.OuterProduct || (scheduled.Form != LaneForm.SampleSums && Counts(nest.Body)))
                Leading("int count", "count");
            switch (scheduled.Form)
            {
                case LaneForm.OuterProduct:
                    var turns = OuterProductWriter.Write(body, graph, nest, vectors, LaneSchedule.Lanes, NameOf, NameOf(result), scalars);
                    Leading("int first", $"part * {turns} / {LaneSchedule.Slices}");
                    Leading("int last", $"(part + 1) * {turns} / {LaneSchedule.Slices}");
                    break;
                case LaneForm.Shared:
                    Shared(body, graph, nest, scalars, NameOf);
                    break;
                case LaneForm.Lanes:
                    if (scheduled.Total is not null)
                        parameters.Add("int valid");
                    var lanes = new LaneWriter(graph, vectors, NameOf, scalars, wide);
                    lanes.Outputs(new LaneScope(body, null, []), scheduled, nest.Body, (here, id, offset, value) =>
                        id == scheduled.Total?.Node ? SumOfLanes(lanes.Reference(here, NameOf(id), offset, 1), value) : vectors.Store(value, lanes.Reference(here, NameOf(id), offset, LaneSchedule.Lanes)));
                    break;
                case LaneForm.Sample:
                    ByChannel(nest.Body, isSliced: false);
                    break;
                case LaneForm.SampleShares:
                    ByChannel(OfOneSample(nest), isSliced: false);
                    break;
                case LaneForm.SampleSums:
                    Leading("int count", "count");
                    if (operands.Any(id => graph[id].Type.Batched && !schedule.IsRaw(id)))
                        Leading("int pitch", "BlockFloats");
                    var slices = ByChannel(nest.Body, isSliced: true);
                    Leading("int first", $"part * {slices} / {LaneSchedule.Slices}");
                    Leading("int last", $"(part + 1) * {slices} / {LaneSchedule.Slices}");
                    break;
                default:
                    parameters.Add("int valid");
                    LaneSums();
                    break;
            }
            return new(body.ToString(), parameters, arguments);

            int ByChannel(Scalar whole, bool isSliced)
            {
                var writer = new LaneWriter(graph, vectors, NameOf, scalars, wide, (scheduled, schedule));
                return writer.Outputs(new LaneScope(body, null, []), scheduled, whole, (here, id, offset, value) => writer.Reference(here, NameOf(id), offset, 1) is var place && scheduled.Lane is not null
                    ? vectors.Store(value, place) : $"{place} = {value.Code};", isSliced);
            }

            void LaneSums()
            {
                var lanes = new LaneWriter(graph, vectors, NameOf, scalars, wide);
                lanes.Outputs(new LaneScope(body, null, []), scheduled, OfOneSample(nest), (here, id, offset, value) => SumOfLanes(lanes.Reference(here, NameOf(id), offset, 1), value));
            }

            string SumOfLanes(string place, LaneText value) => vectors.Spread(value).Code is var sum && vectors.Half is not { } half ? $"{place} = LaneSums.SumLanes({sum}, valid);"
                : $"{place} = {half} == 0 ? LaneSums.SumLanes({sum}, valid) : {place} + LaneSums.SumLanes({sum}, valid - {LaneSchedule.Lanes / 2});";

            void Leading(string parameter, string argument)
            {
                parameters.Add(parameter);
                arguments.Add(argument);
            }
        }
    }

    private static bool Counts(Scalar scalar)
    {
        var found = false;
        scalar.Visit(part => found |= part is Scalar.Samples);
        return found;
    }

    // What is summed over the batch.
    private static Scalar OfOneSample(Nest nest) => nest.Body is Scalar.Reduce { Axes: var axes } sum && axes.Count > 1
        ? new Scalar.Reduce(Reducer.Sum, axes.Skip(1).ToEquatableArray(), sum.Body) : ((Scalar.Reduce)nest.Body).Body;

    private static void Shared(SourceWriter body, TensorGraph graph, Nest nest, ScalarWriter scalars, Func<int, string> nameOf)
    {
        var axes = nest.Axes.ToArray();
        string Element(string memory, string at) => at == "0" ? memory : $"Unsafe.Add(ref {memory}, {at})";
        scalars.Memory = (id, at) => Element(nameOf(id), at);
        scalars.Loops(body, axes, inner =>
        {
            var value = scalars.Write(inner, nest.Body);
            var at = scalars.Write(DenseLayout.Offset(graph[nest.Node].Type, new Point(null, axes.Select(axis => (Subscript)axis).ToEquatableArray())));
            inner.Line($"{Element(nameOf(nest.Node), at)} = {value};");
        });
    }

    private static string Describe(TensorGraph graph, LaneNest nest, Names names)
    {
        var form = nest.Form switch
        {
            LaneForm.Lanes => "batch in lanes",
            LaneForm.LaneSums => "batch in lanes, summed block by block",
            LaneForm.OuterProduct => "samples in rows, lanes along the last axis",
            LaneForm.Sample or LaneForm.SampleSums or LaneForm.SampleShares => (nest.Lane is { } lane ? $"lanes along {lane}" : ChannelLanes.Axes(graph, nest) is { Count: > 0 } across ? $"lanes along {string.Join(" and ", across)}, added up" : "number by number") + (nest.Form switch { LaneForm.SampleSums => ", over all samples", LaneForm.SampleShares => ", a sample's share", _ => "" }),
            _ => "plain",
        };
        var tile = nest.Tile is { OuterCount: 1, InnerCount: 1 } ? "" : $", tile {nest.Tile.OuterCount}{(nest.Tile.Outer is { } o ? " " + o.Name : "")} x {nest.Tile.InnerCount}{(nest.Tile.Inner is { } i ? " " + i.Name : "")}";
        var packed = nest.Packed is { Count: > 0 } operands ? $", {string.Join(" and ", operands.Keys.OrderBy(id => id).Select(id => names[id]))} in panels of {LaneSchedule.Lanes}" : "";
        return form + tile + packed;
    }
}
