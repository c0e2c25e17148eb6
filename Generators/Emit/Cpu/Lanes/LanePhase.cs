using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Plan.Cpu;
using NNGen.Generators.Read;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>A method of a scheduled program: one kernel call after the other, each under its formula, and before it the places of the values that it is the first to name.</summary>
/// <param name="name">The method.</param>
/// <param name="parts">How many independent calls of it do the work; null for one that runs once.</param>
/// <param name="leading">Its parameters before the data.</param>
internal sealed partial class LanePhase(string name, string? parts, IReadOnlyList<string> leading, NetworkSpec spec, LaneSchedule schedule, LanePlan plan, Names names, KernelTable kernels, Func<int, Destination?> destinationOf)
{
    private const int Slices = LaneSchedule.Slices;

    private const int Lanes = LaneSchedule.Lanes;

    private readonly TensorGraph graph = schedule.Program.Graph;
    private readonly HashSet<string> known = [];

    public string Name => name;

    public string? Parts => parts;

    public IReadOnlyList<string> Leading => leading;

    /// <summary>The data that the method reads or writes.</summary>
    public HashSet<string> Data { get; } = [];

    public SourceWriter Body { get; } = new();

    /// <summary>Calls a nest's kernel.</summary>
    public void Call(LaneNest nest, IReadOnlyList<string> arguments)
    {
        var id = nest.Nest.Node;
        if (IsTurn(nest, out var source))
        {
            Turn(source, id);
            return;
        }
        var kernel = LaneKernel.Of(schedule, nest, names, kernels);
        var operands = kernel.Operands.Select(operand => nest.Packed is { } packed && packed.TryGetValue(operand, out var along) ? Packed(operand, along) : Place(operand, nest.Form))
            .Concat(nest.Results.Select(own => own == id ? Target(nest) : own == nest.Total?.Node ? Share(own) : Place(own, nest.Form))).Select(place => "ref " + place).ToArray();
        if (arguments.Contains("valid"))
            Valid();
        foreach (var formula in LaneKernel.Formulas(schedule, nest, names))
            Body.Line($"// {formula}");
        Body.Line($"Kernels.{kernel.Name}({string.Join(", ", kernel.Leading.Concat(arguments).Concat(operands))});");
        if (nest.Form is LaneForm.Lanes or LaneForm.Sample)
            foreach (var own in nest.Writes)
                Finished(own);
    }

    // With channels in lanes, a map that is only read in another order of its numbers: flattened, given its channels back, or brought into rows.
    private bool IsTurn(LaneNest nest, out int source)
    {
        source = nest.Nest.Body is Scalar.Load load ? load.Node : -1;
        if (nest.Form != LaneForm.Sample || nest.Lane is not null || source < 0 || !graph[source].Type.Batched || !ChannelLanes.IsTurned(graph[source].Type)
            || !schedule.Placements.IsDense(source) || !schedule.Placements.IsDense(nest.Nest.Node))
            return false;
        var own = DenseLayout.Offset(graph[nest.Nest.Node].Type with { Batched = false }, new Point(null, nest.Nest.Axes.Where(axis => !axis.IsBatch).Select(axis => (Subscript)axis).ToEquatableArray()));
        return DenseLayout.Offset(graph[source].Type with { Batched = false }, ((Scalar.Load)nest.Nest.Body).At) == own && (graph[source].Type.Rank == 1 || graph[nest.Nest.Node].Type.Rank == 1 || LaneAxes.IsBrought(graph, nest.Nest.Node));
    }

    private void Turn(int source, int id)
    {
        var (from, to, map) = (Place(source, LaneForm.Sample), Place(id, LaneForm.Sample), graph[graph[source].Type.Rank > 1 ? source : id].Type);
        var (channels, places) = (map.Sizes[0], map.Elements / map.Sizes[0]);
        Body.Line($"// {Formula.Of(schedule.Program, schedule.Program.Nests.First(nest => nest.Node == id), names)}");
        Body.Line($"Turns.Last(ref {from}, ref {to}, 1, {(graph[source].Type.Rank > 1 ? $"{places}, {channels}" : $"{channels}, {places}")});");
        Finished(id);
    }

    /// <summary>Brings those unbatched operands of a nest that are wanted into the order that its lanes want, once.</summary>
    public void Pack(LaneNest nest, Func<int, bool> isWanted)
    {
        foreach (var pair in nest.Packed!.Where(pair => isWanted(pair.Key)))
        {
            var (id, along) = (pair.Key, pair.Value);
            if (known.Contains(PackedName(id, along)))
                continue;
            var (from, sizes) = (Place(id, LaneForm.Shared), graph[id].Type.Sizes);
            Body.Line($"Turns.Panels(ref {from}, ref {Packed(id, along)}, {Product(sizes.Take(along))}, {sizes[along]}, {Product(sizes.Skip(along + 1))});");
        }
    }

    private string Packed(int id, int along)
    {
        Known(PackedName(id, along), DType.F32, Region(plan.Packed(id, along)));
        return PackedName(id, along);
    }

    private string PackedName(int id, int along) => $"{names[id]}By{along}";

    private static int Product(IEnumerable<int> sizes) => sizes.Aggregate(1, (product, size) => product * size);

    /// <summary>Brings a block's or a sample's data into the order that lanes want.</summary>
    public void Bring(int id)
    {
        var (type, lanes) = (graph[id].Type, Place(id, LaneForm.Lanes));
        Data.Add(names[id]);
        string Floats(string reference) => type.Type == DType.I32 ? $"ref Unsafe.As<int, float>(ref {reference})" : $"ref {reference}";
        Body.Line(schedule.ByChannel && !ChannelLanes.IsTurned(type) ? $"{names[id]}.Slice(block * {type.Elements}, {type.Elements}).CopyTo(MemoryMarshal.CreateSpan(ref {lanes}, {type.Elements}));"
            : schedule.ByChannel
            ? $"Turns.Last({Floats($"Unsafe.AsRef(in {names[id]}[block * {type.Elements}])")}, {Floats(lanes)}, 1, {type.Sizes[0]}, {type.Elements / type.Sizes[0]});"
            : $"LaneBlocks.BlockToLanes({names[id]}, count, {type.Elements}, block, MemoryMarshal.CreateSpan(ref {lanes}, {type.Elements * Lanes}));");
    }

    /// <summary>An output that was computed over all samples at once, brought into its own order.</summary>
    public void Output(int id)
    {
        var (destination, type) = (destinationOf(id)!, graph[id].Type);
        Data.Add(destination.Span);
        Body.Block("for (var sample = 0; sample < count; sample++)", () =>
            Body.Line($"Turns.Last(ref memory[RunFloats + sample * BlockFloats + {plan[id].Offset}], ref {destination.Part}[sample * {type.Elements}], 1, {type.Elements / type.Sizes[0]}, {type.Sizes[0]});"));
    }

    /// <summary>Transforms the kernels of a convolution by minimal filtering, once for all blocks: all, or the method's part of them.</summary>
    public void Transform(LaneNest nest)
    {
        var (id, convolution) = (nest.Nest.Node, nest.Convolution!);
        var (weights, kernels) = (Place(convolution.Other, LaneForm.Shared), names[id] + "Kernels");
        Known(kernels, DType.F32, Region(plan.Kernels(id)));
        var sizes = $"ref {weights}, ref {kernels}, {convolution.Outputs}, {convolution.Inputs}, isAdjoint: {(convolution.IsAdjoint ? "true" : "false")}";
        Body.Line(convolution.IsAlongRows ? $"{Class(convolution)}.LineKernels({sizes});" : $"{Class(convolution)}.Kernels({sizes}, isRows: {(convolution.IsRows ? "true" : "false")}{Part});");
    }

    // Each thread does one part: the fewer there are, the longer the pieces of memory that it walks.
    private string Part => parts is null ? "" : $", part, {Slice}";

    private static string Slice => $"Math.Min(Threads, {Slices})";

    /// <summary>A convolution, or its weights' gradient, by minimal filtering.</summary>
    public void Filter(LaneNest nest)
    {
        var (id, c) = (nest.Nest.Node, nest.Convolution!);
        var all = c.IsOverSamples;
        var data = all ? OfFirstSample(c.Data) : Place(c.Data, LaneForm.Lanes);
        var other = !c.IsWeights ? names[id] + "Kernels" : all ? OfFirstSample(c.Other) : Place(c.Other, LaneForm.Lanes);
        var target = all && !c.IsWeights ? OfFirstSample(id) : Target(nest);
        var scratch = names[id] + "Scratch";
        Known(scratch, DType.F32, Region(plan.Scratch(id)));
        string Operand(int operand) => all && graph[operand].Type.Batched ? OfFirstSample(operand) : Place(operand, LaneForm.Lanes);
        string IsFar(int map) => all || schedule.IsFar(map, nest.Stage) ? "true" : "false";
        var (prologue, epilogue) = (Riders.Prologue(schedule, nest, names, kernels, Operand), Riders.Epilogue(schedule, nest, names, kernels, Operand));
        if (!c.IsWeights)
            Known(other, DType.F32, Region(plan.Kernels(id)));
        else if (!c.IsRows)
            Valid();
        Body.Line($"// {Formula.Of(schedule.Program, nest.Nest, names)}").Line($"// minimal filtering {c.Name}, {(c.IsRows ? "channels" : "batch")} in lanes, {c.Strip} {(c.IsAlongRows ? "rows" : "tiles")} at a time{(all ? ", over all samples" : "")}");
        var sizes = $"{c.Inputs}, {c.Outputs}, {c.Height}, {c.Width}, {c.Rows}, {c.Columns}, {c.Top}, {c.Left}, {c.Strip}";
        var (input, cotangent) = ("ref " + data, "ref " + other);
        Body.Line((c.IsWeights, c.IsRows) switch
        {
            (false, false) when c.IsAlongRows => $"{Class(c)}.ConvolveLines({input}, ref {other}, ref {target}, ref {scratch}, {sizes}, {epilogue});",
            (true, false) when c.IsAlongRows => $"{Class(c)}.GradientLines({input}, {cotangent}, ref {target}, ref {scratch}, valid, {sizes});",
            (false, false) => $"{Class(c)}.Convolve({input}, ref {other}, ref {target}, ref {scratch}, {sizes}, {epilogue});",
            (true, false) => $"{Class(c)}.Gradient({input}, {cotangent}, ref {target}, ref {scratch}, valid, {sizes}, isTurned: {(c.IsTurned ? "true" : "false")});",
            (false, true) => $"{Class(c)}.ConvolveRows({input}, BlockFloats, {Column(c.Data)}, ref {other}, ref {target}, BlockFloats, {Column(id)}, {(all ? "count" : "1")}, ref {scratch}, {sizes}, {(all ? $"part, {Slices}" : "0, 1")}, isFar: {IsFar(c.Data)}, {prologue}, {epilogue});",
            (true, true) => $"{Class(c)}.GradientRows({input}, BlockFloats, {Column(c.Data)}, {cotangent}, BlockFloats, {Column(c.Other)}, {(all ? "count" : "1")}, ref {target}, ref {scratch}, {sizes}, {(all ? $"part, {Slice}" : "0, 1")}, isFar: {IsFar(c.Data)}, isCotangentFar: {IsFar(c.Other)}, {prologue});",
        });
        if (!c.IsWeights && !all)
            Finished(id);
    }

    /// <summary>A dense layer of all blocks, or its weights' gradient: a slice of it.</summary>
    public void Multiply(LaneNest nest)
    {
        var (id, layer) = (nest.Nest.Node, nest.Layer!);
        var scratch = names[id] + "Scratch";
        if (layer.Scratch > 0)
            Known(scratch, DType.F32, Region(plan.Scratch(id)));
        if (layer.IsWeights)
        {
            var (data, gradient) = (Place(layer.Data, nest.Form), Target(nest));
            Body.Line($"// {Formula.Of(schedule.Program, nest.Nest, names)}");
            Body.Line($"DenseLayers.Gradient(ref {data}, ref {OfFirstSample(layer.Other)}, BlockFloats, ref {gradient}, ref {scratch}, count, {layer.Inputs}, {layer.Outputs}, part, {Slices});");
            return;
        }
        var weights = Place(layer.Other, LaneForm.Shared);
        var epilogue = Riders.Epilogue(schedule, nest, names, kernels, operand => graph[operand].Type.Batched ? OfFirstSample(operand) : Place(operand, LaneForm.Lanes));
        var maps = $"ref {OfFirstSample(layer.Data)}, BlockFloats, ref {OfFirstSample(id)}, BlockFloats";
        Body.Line($"// {Formula.Of(schedule.Program, nest.Nest, names)}");
        Body.Line(layer.IsTransposed
            ? $"DenseLayers.MultiplyTransposed(ref {weights}, {maps}, ref {scratch}, LaneBlocks.Count(count), {layer.Inputs}, {layer.Outputs}, part, {Slices}, {epilogue});"
            : $"DenseLayers.Multiply(ref {weights}, {maps}, LaneBlocks.Count(count), {layer.Inputs}, {layer.Outputs}, part, {Slices}, {epilogue});");
    }

    /// <summary>Whether a value is wanted row by row when it is complete.</summary>
    public static bool IsWantedInRows(LaneSchedule schedule, Func<int, bool> isOutput, int id) => schedule.Completed(id).Append(id).Any(value => schedule.Rows.Contains(value) || isOutput(value));

    /// <summary>Brings a block of a value that all blocks computed at once where it is wanted row by row.</summary>
    public void TakeRows(LaneNest nest)
    {
        Place(nest.Nest.Node, LaneForm.Lanes);
        Finished(nest.Nest.Node);
    }

    private static string Class(WinogradConvolution convolution) => $"Winograd<{(convolution.Taps == 3 ? "ThreeTaps" : "FiveTaps")}>";

    private int Column(int id) => schedule.Placements.Pitch(id);

    private string OfFirstSample(int id) => $"memory[RunFloats + {plan[id].Offset}]";

    // A value, and what consists of it or is a part of it and is complete with it.
    private void Finished(int id)
    {
        Rows(id);
        foreach (var view in schedule.Completed(id).Where(view => schedule.Rows.Contains(view) || destinationOf(view) is not null))
        {
            Place(view, LaneForm.Lanes);
            Rows(view);
        }
    }

    // What is wanted row by row, as an output or for outer products, leaves the lanes at once.
    private void Rows(int id)
    {
        var elements = graph[id].Type.Elements;
        if (schedule.ByChannel)
        {
            if (destinationOf(id) is { } to)
            {
                Data.Add(to.Span);
                var own = $"MemoryMarshal.CreateReadOnlySpan(ref {names[id]}, {elements})";
                var there = $"{to.Part}.Slice(block * {elements}, {elements})";
                Body.Line(ChannelLanes.IsTurned(graph[id].Type) && graph[id].Type.Rank > 1
                    ? $"Turns.Last(ref {names[id]}, ref MemoryMarshal.GetReference({there}), 1, {elements / graph[id].Type.Sizes[0]}, {graph[id].Type.Sizes[0]});"
                    : $"{own}.CopyTo({there});");
            }
            return;
        }
        if (schedule.Rows.Contains(id))
            Body.Line($"LaneBlocks.BlockToRows(MemoryMarshal.CreateReadOnlySpan(ref {names[id]}, {elements * Lanes}), count, {elements}, block, memory.AsSpan({RowsStart(id)}, count * {elements}));");
        if (destinationOf(id) is { } destination)
        {
            Data.Add(destination.Span);
            Body.Line($"LaneBlocks.BlockToRows(MemoryMarshal.CreateReadOnlySpan(ref {names[id]}, {elements * Lanes}), count, {elements}, block, {destination.Part});");
        }
    }

    private string Blocks => schedule.ByChannel ? "count" : "LaneBlocks.Count(count)";

    /// <summary>Completes a sum over the batch, or the method's part of it: adds the blocks' shares, and brings the result into its own order.</summary>
    public void Sum(LaneNest nest)
    {
        var id = nest.Nest.Node;
        var elements = graph[id].Type.Elements;
        if (nest.IsSummed && nest.Convolution is null)
            Body.Line($"BlockSums.Add(memory.AsSpan(RunFloats + {plan.Partial(id).Offset}), {Blocks}, BlockFloats, {(nest.IsTurned ? $"memory.AsSpan({plan.Turned(id).Offset}, {elements})" : Span(id, elements))});");
        if (nest.Convolution is { } convolution)
        {
            var shares = nest.IsSummed ? $"memory.AsSpan(RunFloats + {plan.Partial(id).Offset}), {Blocks}, BlockFloats" : $"memory.AsSpan({plan.Turned(id).Offset}), 1, 0";
            var sizes = $"ref {Span(id, elements)}[0], {convolution.Outputs}, {convolution.Inputs}";
            Body.Line(convolution.IsAlongRows ? $"{Class(convolution)}.LineWeights({shares}, {sizes});" : $"{Class(convolution)}.Weights({shares}, {sizes}, isRows: {(convolution.IsRows ? "true" : "false")}{Part});");
        }
        else if (nest.IsTurned)
        {
            var sizes = graph[id].Type.Sizes;
            Body.Line($"Turns.Last(ref memory[{plan.Turned(id).Offset}], ref {Span(id, elements)}[0], {Product(sizes.Take(nest.LaneIndex))}, {Product(sizes.Skip(nest.LaneIndex + 1))}, {sizes[nest.LaneIndex]});");
        }
    }
}
