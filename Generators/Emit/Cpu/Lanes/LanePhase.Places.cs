using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Plan.Cpu;
using NNGen.Generators.Read;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

// Where values lie: references that are declared just before the call that is the first to name them.
internal sealed partial class LanePhase
{
    private string Span(int id, int elements)
    {
        if (destinationOf(id) is not { } destination)
            return $"memory.AsSpan({plan[id].Offset}, {elements})";
        Data.Add(destination.Span);
        return destination.Part;
    }

    // The first element of a value, as a reference.
    private string Place(int id, LaneForm reader)
    {
        var (node, type) = (graph[id], graph[id].Type);
        switch (node.Op)
        {
            case "constant":
                return $"MemoryMarshal.GetReference({names[id]})";
            case "parameter" or "buffer":
                var flat = node.Op == "parameter" ? "parameters" : "buffers";
                Data.Add(flat);
                Once(names[id], $"ref var {names[id]} = ref Unsafe.Add(ref MemoryMarshal.GetReference({flat}), {Offset(node)});");
                return names[id];
            case "input" or "target" when schedule.IsRaw(id):
                Data.Add(names[id]);
                if (IsOverSamples(reader))
                    return $"MemoryMarshal.GetReference({names[id]})";
                Once(names[id] + "Here", $"ref var {names[id]}Here = ref Unsafe.Add(ref MemoryMarshal.GetReference({names[id]}), block * {type.Elements});");
                return names[id] + "Here";
            case "input" or "target" when !type.Batched || IsInRows(reader):
                Data.Add(names[id]);
                return $"MemoryMarshal.GetReference({names[id]})";
            case "input" or "target":
                var lanes = names[id] + "Lanes";
                if (known.Contains(lanes))
                    return lanes;
                if (schedule.ByChannel && IsOverSamples(reader))
                    return OfFirstSample(id);
                Known(lanes, type.Type, Region(plan[id]));
                return lanes;
        }
        if (type.Batched)
        {
            if (IsInRows(reader))
                return $"memory[{RowsStart(id)}]";
            if (schedule.ByChannel && IsOverSamples(reader))
                return OfFirstSample(id);
            Known(names[id], type.Type, Region(plan[id]));
            return names[id];
        }
        if (destinationOf(id) is { } destination)
        {
            Data.Add(destination.Span);
            Once(names[id], $"ref var {names[id]} = ref {destination.Part}[0];");
            return names[id];
        }
        Known(names[id], type.Type, Region(plan[id]));
        return names[id];
    }

    private string Target(LaneNest nest)
    {
        if (nest is { IsTurned: true, IsSummed: false } || nest is { IsSliced: true, Convolution.IsWeights: true })
        {
            Known(names[nest.Nest.Node] + "Turned", DType.F32, Region(plan.Turned(nest.Nest.Node)));
            return names[nest.Nest.Node] + "Turned";
        }
        return nest.IsSummed ? Share(nest.Nest.Node) : Place(nest.Nest.Node, LaneForm.Lanes);
    }

    private string Share(int id)
    {
        Known(names[id] + "Share", DType.F32, Region(plan.Partial(id)));
        return names[id] + "Share";
    }

    private static bool IsInRows(LaneForm reader) => reader is LaneForm.OuterProduct or LaneForm.DenseWeights;

    private static bool IsOverSamples(LaneForm reader) => reader is LaneForm.SampleSums or LaneForm.WinogradWeights;

    private string Region(Home place)
    {
        switch (place.Region)
        {
            case Plan.Cpu.Region.Run:
                Once("run", "ref var run = ref memory.First;");
                return $"ref Unsafe.Add(ref run, {place.Offset})";
            case Plan.Cpu.Region.Worker:
                Once("own", "ref var own = ref workers[worker].First;");
                return $"ref Unsafe.Add(ref own, {place.Offset})";
            default:
                Once("here", "ref var here = ref Unsafe.Add(ref memory.First, RunFloats + block * BlockFloats);");
                return $"ref Unsafe.Add(ref here, {place.Offset})";
        }
    }

    private void Valid() => Once("valid", $"var valid = Math.Min({Lanes}, count - block * {Lanes});");

    private void Known(string value, DType type, string reference) =>
        Once(value, type == DType.I32 ? $"ref var {value} = ref Unsafe.As<float, int>({reference});" : $"ref var {value} = {reference};");

    private void Once(string declared, string line)
    {
        if (known.Add(declared))
            Body.Line(line);
    }

    private string RowsStart(int id) => $"RunFloats + blocks * (BlockFloats + {plan.Rows(id).Offset * Lanes})";

    private int Offset(Node node)
    {
        var offset = 0;
        foreach (var (tensor, shape) in node.Op == "parameter" ? spec.Parameters.Select(p => (p.Name, p.Shape)) : spec.Buffers.Select(b => (b.Name, b.Shape)))
        {
            if (tensor == node.Attributes.Text)
                return offset;
            offset += shape.Aggregate(1, (product, size) => product * size);
        }
        throw new InvalidOperationException($"no tensor {node.Attributes.Text}");
    }
}
