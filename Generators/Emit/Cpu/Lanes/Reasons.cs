using System.Globalization;
using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Schedule.Cpu;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>Says at the head of a program how each of its sums of products runs, and why.</summary>
internal static class Reasons
{
    /// <param name="schedule">The program.</param>
    /// <param name="names">The identifiers of its values.</param>
    /// <param name="isDirect">Whether minimal filtering is declined.</param>
    /// <param name="most">How many samples it is meant for, if not for any number.</param>
    /// <param name="part">The part of its multiplications that lanes were chosen by.</param>
    public static IEnumerable<string> Of(LaneSchedule schedule, Names names, bool isDirect, int most, double part)
    {
        var graph = schedule.Program.Graph;
        yield return most < int.MaxValue ? $"Channels in lanes, made up to whole vectors, or rows: up to {most} samples take less time one by one than a block of {LaneSchedule.Lanes} does."
            : schedule.ByChannel ? $"Channels in lanes: {Percent(part)} of the multiplications are in convolutions whose channels fill vectors."
            : part == 0 ? "Batch in lanes: there is no convolution whose channels fill vectors."
            : $"Batch in lanes: {Percent(part)} of the multiplications are in convolutions whose channels fill vectors, and channels in lanes want more than {Percent(Slots.InChannels)}.";
        foreach (var nest in schedule.Nests)
            if (nest.Convolution is { } convolution)
                yield return $"{names[nest.Nest.Node]}: {convolution.Name} in {Percent(convolution.PartOfDirect)} of the direct sum's time, "
                    + $"{Kilobytes(convolution.IsWeights ? convolution.GradientFloats : convolution.KernelFloats)} of {(convolution.IsWeights ? "points" : "kernels")}, {convolution.Strip} {(convolution.IsAlongRows ? "rows" : "tiles")} at a time, {Region(nest)}";
            else if (nest.Layer is { } layer)
                yield return $"{names[nest.Nest.Node]}: {Kilobytes(layer.Weights)} of weights, fetched once for all samples{(layer.IsWeights ? "" : $", in {LaneSchedule.Slices} slices")}";
            else if (nest.Nest.Fused.Any(IsContraction))
                yield return $"{names[nest.Nest.Node]}: direct, {Lane(nest)}{Tile(nest)}{Region(nest)}{Declined(nest)}";

        foreach (var view in schedule.Placements.Views)
            yield return $"{names[view]}: {(schedule.Placements.IsJoin(view) ? Listed(schedule.Placements.Sources(view)) + " written where it lies" : $"read where {names[schedule.Placements.Host(view)]} lies")}";
        foreach (var nest in schedule.Nests.Where(nest => schedule.Placements.IsCopy(nest.Nest)))
            yield return $"{names[nest.Nest.Node]}: copied into its part of {names[schedule.Placements.Host(nest.Nest.Node)]}, since {names[nest.Nest.Loads()[0]]} {Elsewhere(nest.Nest.Loads()[0])}";
        foreach (var nest in schedule.Nests.Where(nest => schedule.Placements.IsCopiedJoin(nest.Nest)))
            yield return $"{names[nest.Nest.Node]}: copied from {string.Join(", ", nest.Nest.Loads().Select(load => names[load]))}, {(schedule.ByChannel ? "of which one has no rows of channels, or is an output" : "which do not lie one behind the other in it")}";

        string Elsewhere(int id) => graph[id].Inputs.Count == 0 ? "is the caller's" : !graph[id].Type.Batched ? "belongs to no sample"
            : schedule.Placements.Root(id) != id ? $"lies in {names[schedule.Placements.Host(id)]}" : "lives in other stages, and all of it would be far from the core with it";

        string Listed(IReadOnlyList<int> parts) => parts.Count == 1 ? $"{names[parts[0]]} is" : $"{string.Join(", ", parts.Take(parts.Count - 1).Select(part => names[part]))} and {names[parts[^1]]} are";

        bool IsContraction(int id) => Primitives.Row(graph[id].Op).Kind == OpKind.Contraction;

        // What lies in lanes of a sample, and how full they are.
        string Lane(LaneNest nest) => !schedule.ByChannel ? ""
            : nest.Lane is { } lane ? $"lanes along {lane}{(nest.Form == LaneForm.Sample && lane.Size % LaneSchedule.Lanes != 0 ? $", {Percent(lane.Size / (double)(ChannelLanes.Vectors(lane) * LaneSchedule.Lanes))} full" : "")}, "
            : ChannelLanes.Axes(graph, nest) is { Count: > 0 } across ? $"lanes along {string.Join(" and ", across)}, added up, " : "number by number, ";

        string Region(LaneNest nest) => nest.IsSliced ? "over all samples, " + (nest.Convolution is { IsWeights: true } ? "a slice of channels for each thread" : $"in {LaneSchedule.Slices} slices")
            : (schedule.ByChannel ? "sample by sample" : "block by block") + (nest.IsSummed ? ", a share each" : "");

        string Declined(LaneNest nest) => (schedule.ByChannel ? WinogradConvolution.OfRows(graph, nest.Nest) : WinogradConvolution.Of(graph, nest.Nest)) is not { } found ? ""
            : isDirect ? "; minimal filtering is declined" : $"; minimal filtering would take {Percent(found.PartOfDirect)} of its time";
    }

    private static string Tile(LaneNest nest) => nest.Tile switch
    {
        { OuterCount: 1, InnerCount: 1 } => "",
        { Outer: { } outer, Inner: { } inner } tile => $"tile {tile.OuterCount} {outer} x {tile.InnerCount} {inner}, ",
        { Outer: { } outer } tile => $"tile {tile.OuterCount} {outer}, ",
        var tile => $"tile {tile.InnerCount} {tile.Inner}, ",
    };

    private static string Percent(double part) => (part * 100).ToString("0", CultureInfo.InvariantCulture) + " %";

    private static string Kilobytes(int floats) => ((floats + 255) / 256).ToString(CultureInfo.InvariantCulture) + " KB";
}
