using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>How many samples are better done one by one, with channels in lanes, than as a block of sixteen of which most are not there.</summary>
internal static class FewSamples
{
    /// <summary>The most such samples; none where a block takes about as long as one of them.</summary>
    /// <param name="block">The program with the batch in lanes.</param>
    /// <param name="sample">The same program with channels in lanes.</param>
    /// <param name="keeps">Whether what parameters and buffers alone decide is kept from run to run.</param>
    public static int Most(LaneSchedule block, LaneSchedule sample, bool keeps)
    {
        var most = (int)Math.Min(Slots.MostOneByOne, (Block(block) + Once(block, keeps) - Once(sample, keeps)) / Block(sample));
        return most >= Slots.FewestOneByOne ? most : 0;
    }

    /// <summary>Slots of a block, or of a sample where channels are in lanes.</summary>
    public static double Block(LaneSchedule schedule) => schedule.Nests.Where(nest => nest.Form != LaneForm.Shared).Sum(nest => Time(schedule, nest));

    // Slots of what no sample has its own of.
    private static double Once(LaneSchedule schedule, bool keeps) => schedule.Nests.Sum(nest => nest.Form == LaneForm.Shared && !(keeps && schedule.IsFixed(nest.Nest.Node))
        ? schedule.Program.Graph[nest.Nest.Node].Type.Elements * (Products(nest.Nest.Body) * Slots.Single + Cost.Of(nest.Nest) % Cost.Reduction + Slots.Copy) : 0);

    private static double Time(LaneSchedule schedule, LaneNest nest)
    {
        double elements = schedule.Program.Graph[nest.Nest.Node].Type.Elements;
        if (nest.Convolution is { } convolution)
            return (schedule.ByChannel ? 1.0 / LaneSchedule.Lanes : 1) * convolution.Outputs * convolution.Rows * convolution.Columns
                * ((convolution.PartOfDirect * Slots.Direct * convolution.Taps * convolution.Taps * convolution.Inputs) + Cost.Of(nest.Nest) % Cost.Reduction);
        if (nest.Layer is { } layer)
            return layer.Weights * Slots.Product;
        var (products, own) = (Products(nest.Nest.Body), Cost.Of(nest.Nest) % Cost.Reduction);
        if (!schedule.ByChannel)
            return elements * (products * Slots.Direct + own);
        // A kernel of whole vectors is read once for each sample: beside a map of few places that takes longer than to multiply it.
        return nest.Lane is { } lane ? elements / lane.Size * ChannelLanes.Vectors(lane) * (products * Slots.Direct + own) + Fetched(schedule.Program.Graph, nest.Nest) * Slots.Fetch
            : Tiling.Products(nest.Nest.Body) is { } sum && ChannelLanes.Across(schedule.Program.Graph, sum) is not null ? elements * (products * Slots.Direct / LaneSchedule.Lanes + Slots.SumOfLanes + own)
            : elements * (products * Slots.Single + own);
    }

    // Vectors of weights.
    private static double Fetched(TensorGraph graph, Nest nest) =>
        nest.Loads().Where(load => !graph[load].Type.Batched).Sum(load => (double)graph[load].Type.Elements) / LaneSchedule.Lanes;

    private static double Products(Scalar scalar) => scalar switch
    {
        Scalar.Reduce reduce => reduce.Axes.Where(axis => !axis.IsBatch).Aggregate(1.0, (product, axis) => product * axis.Size) * Math.Max(1, Products(reduce.Body)),
        Scalar.Apply apply => apply.Arguments.Select(Products).DefaultIfEmpty(0).Max(),
        Scalar.Guard guard => Math.Max(Products(guard.Inside), Products(guard.Outside)),
        _ => 0,
    };
}
