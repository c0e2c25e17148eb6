using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Tests.Support;

namespace NNGen.Tests.Schedule;

/// <summary>Sums over maps that are taken where the maps are computed.</summary>
public class TotalsTests
{
    [Theory, InlineData("Wide/WideConvolutions.cs", "ValidConvolutions"), InlineData("NormedDigits.cs", "NormedDigits")]
    public void Schedule_OfCotangentsThatAreComputedNumberByNumber_TakesTheBiasesGradientsThere(string file, string name)
    {
        var schedule = Lanes.Training(file, name);

        var taken = schedule.Nests.Where(nest => nest.Total is not null).ToArray();
        Assert.NotEmpty(taken);
        Assert.Equal(taken.Select(nest => nest.Total!.Node).Order(), schedule.Nests.Where(nest => nest.IsTotal).Select(nest => nest.Nest.Node).Order());
    }

    // A map [3, 4, 5] is summed along some of its axes, then over the batch, so that what is left are its outermost axes, or others.
    [Theory, InlineData(true, 1, 1), InlineData(true, 2), InlineData(false, 0), InlineData(false, 1)]
    public void Schedule_OfASumOverAMap_IsTakenThereWhereTheOutermostAxesAreLeft(bool isTaken, params int[] summed)
    {
        var builder = new GraphBuilder();
        var x = builder.Leaf(Leaves.Input, "x", TensorType.Real([3, 4, 5], true));
        var map = builder.Apply(Elementwise.Exp, x);
        var sum = summed.Aggregate(map, (value, axis) => builder.Apply(Reductions.Sum, Attributes.Of(axis), value));
        var graph = builder.Build(("map", map), ("sum", builder.Apply(Reductions.BatchSum, sum)));

        var schedule = LaneSchedule.Of(LaneSchedule.Fuse(graph, isDirect: false));

        Assert.Equal(isTaken ? 1 : 0, schedule.Nests.Count(nest => nest.Total is not null));
    }
}
