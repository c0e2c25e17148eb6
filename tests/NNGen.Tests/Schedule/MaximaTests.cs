using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Tests.Support;

namespace NNGen.Tests.Schedule;

/// <summary>Maxima that are found with their positions.</summary>
public class MaximaTests
{
    [Theory, InlineData("Wide/WideMaps.cs", "Poolings", 2), InlineData("Wide/WideConvolutions.cs", "ValidConvolutions", 1), InlineData("NormedDigits.cs", "NormedDigits", 1)]
    public void Schedule_OfPooledMaps_FindsThemWithTheirPositionsWhereTheyAreFirstWanted(string file, string name, int pools)
    {
        var schedule = Lanes.Training(file, name);

        Assert.Equal(pools, schedule.Nests.Count(nest => nest.Maximum is not null));
        for (var i = 0; i < schedule.Nests.Count; i++)
            Assert.DoesNotContain(schedule.Nests.Take(i), reader => !reader.IsTotal && reader.Reads.Intersect(schedule.Nests[i].Writes).Any());
    }

    [Theory, InlineData(1, 1, 1), InlineData(1, 2, 0), InlineData(2, 2, 1)]
    public void Schedule_OfMaximaAndPositionsAlongAxes_JoinsThoseOfTheSameAxis(int maximum, int position, int joined)
    {
        var builder = new GraphBuilder();
        var x = builder.Leaf(Leaves.Input, "x", TensorType.Real([3, 4, 4], true));
        var graph = builder.Build(("most", builder.Apply(Reductions.Max, Attributes.Of(maximum), x)), ("at", builder.Apply(Reductions.ArgMax, Attributes.Of(position), x)));

        var schedule = LaneSchedule.Of(LaneSchedule.Fuse(graph, isDirect: false));

        Assert.Equal(joined, schedule.Nests.Count(nest => nest.Maximum is not null));
        Assert.Equal(2 - joined, schedule.Nests.Count);
    }
}
