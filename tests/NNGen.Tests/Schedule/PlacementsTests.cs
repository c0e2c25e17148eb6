using NNGen.Generators;
using NNGen.Generators.Emit;
using NNGen.Generators.Plan.Cpu;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Tests.Support;

namespace NNGen.Tests.Schedule;

/// <summary>Which values lie in others' memory, and where. Maps are 6 x 6, of 8 channels with the batch in lanes, of 16 with channels in lanes.</summary>
public class PlacementsTests
{
    const string Parts = "var a = x | Conv(C, 3, padding: 1) | Relu; var b = x | Conv(C, 3, padding: 1) | Relu; ";

    [Theory, InlineData(8), InlineData(16)]
    public void PartsOfAConcat_ThatAreComputed_HaveNoMemoryOfTheirOwn(int channels)
    {
        var program = Inference(channels, Parts + "var both = Concat(a, b); return both | Conv(C, 3, padding: 1);");

        Assert.Equal([("a", "both", 0), ("b", "both", program.Part(channels)), ("both", "both", 0)], program.Places("a", "b", "both"));
        Assert.DoesNotContain("both", program.Computed);
        Assert.Equal(program.Part(2 * channels), program.Size("both"));
    }

    [Theory, InlineData(8), InlineData(16)]
    public void ConcatInAConcat_SharesItsMemory(int channels)
    {
        var program = Inference(channels, Parts + "var inner = Concat(a, b); var c = inner | Conv(C, 3, padding: 1) | Relu; var outer = Concat(c, inner); return outer | Conv(C, 3, padding: 1);");

        Assert.Equal([("a", "outer", program.Part(channels)), ("b", "outer", program.Part(2 * channels)), ("c", "outer", 0), ("inner", "outer", program.Part(channels))], program.Places("a", "b", "c", "inner"));
        Assert.All(["a", "inner", "outer"], name => Assert.Equal(program.Pitch("outer"), program.Pitch(name)));
    }

    [Theory, InlineData(8), InlineData(16)]
    public void ConcatOfAShorterList_LiesInThatOfTheLongerOne(int channels)
    {
        var program = Inference(channels, Parts + "var two = Concat(a, b); var c = two | Conv(C, 3, padding: 1) | Relu; var three = Concat(a, b, c); return three | Conv(C, 3, padding: 1);");

        Assert.Equal([("two", "three", 0), ("c", "three", program.Part(2 * channels))], program.Places("two", "c"));
        Assert.DoesNotContain(program.Computed, name => name.Contains("Copy", StringComparison.Ordinal));
    }

    [Theory, InlineData(8), InlineData(16)]
    public void PartOfAConcat_WithOtherReaders_IsReadThere(int channels)
    {
        var program = Inference(channels, Parts + "var both = Concat(a, b); return (both | Conv(C, 3, padding: 1)) + (a | Conv(C, 3, padding: 1));");

        Assert.Equal([("a", "both", 0)], program.Places("a"));
        Assert.Equal(["a", "both"], program.Schedule.Nests.SelectMany(nest => nest.Reads).Select(read => program.Names[read]).Where(name => name is "a" or "both").Distinct().Order());
    }

    [Theory, InlineData(8), InlineData(16)]
    public void PartOfAConcat_ThatStandsThereTwice_IsCopiedOnce(int channels)
    {
        var program = Inference(channels, Parts + "var both = Concat(a, b, a); return both | Conv(C, 3, padding: 1);");

        Assert.Equal([("a", "both", 0), ("aCopy", "both", program.Part(2 * channels))], program.Places("a", "aCopy"));
        Assert.Equal(["aCopy"], program.Computed.Where(name => name.Contains("Copy", StringComparison.Ordinal)));
    }

    [Theory, InlineData(8), InlineData(16)]
    public void PartOfAConcat_ThatIsAnInput_IsCopied(int channels)
    {
        var program = Inference(channels, "var a = x | Conv(C, 3, padding: 1) | Relu; var both = Concat(a, x); return both | Conv(C, 3, padding: 1);");

        Assert.Equal([("a", "both", 0), ("xCopy", "both", program.Part(channels))], program.Places("a", "xCopy"));
        Assert.Contains("xCopy", program.Computed);
    }

    [Theory, InlineData(8), InlineData(16)]
    public void PartOfAConcat_ThatIsAParameter_IsCopied(int channels)
    {
        var program = Inference(channels, "var a = x | Conv(C, 3, padding: 1) | Relu; var p = Parameter([C, 6, 6]); var both = Concat(a, p); return both | Conv(C, 3, padding: 1);");

        var copy = program.Computed.Single(name => name.EndsWith("Copy", StringComparison.Ordinal));
        Assert.Equal([("a", "both", 0), (copy, "both", program.Part(channels))], program.Places("a", copy));
    }

    [Fact]
    public void SliceOfASlice_IsReadWhereTheWholeLies()
    {
        var program = Inference(16, "var a = x | Conv(64, 3, padding: 1) | Relu; var half = a | Slice(0, 8, 48); var part = half | Slice(0, 4, 16); return (a | Conv(C, 3, padding: 1)) + (half | Conv(C, 3, padding: 1)) + (part | Conv(C, 3, padding: 1));");

        Assert.Equal([("half", "a", 8), ("part", "a", 12)], program.Places("half", "part"));
        Assert.Equal([64, 64], [program.Pitch("half"), program.Pitch("part")]);
    }

    [Fact]
    public void ConcatAlongRows_WithChannelsInLanes_IsOneMapBehindTheOther()
    {
        var program = Inference(16, Parts + "var tall = ConcatAlong(1, a, b); var wide = ConcatAlong(2, a | Conv(C, 3, padding: 1), b); return (tall | Conv(C, 3, padding: 1) | GlobalAveragePool) + (wide | Conv(C, 3, padding: 1) | GlobalAveragePool);");

        Assert.Equal([("a", "tall", 0)], program.Places("a"));
        // The columns of one do not follow each other in the other.
        Assert.Contains("wide", program.Computed);
    }

    [Fact]
    public void OutputOfAConcat_WithTheBatchInLanes_LeavesItWhenItsLastPartIsThere()
    {
        var program = Inference(8, Parts + "return Concat(a, b);");

        var output = program.Schedule.Program.Graph.Outputs[0].Node;
        Assert.True(program.Schedule.Placements.IsView(output));
        Assert.Equal([output], program.Schedule.Completed(program.Schedule.Nests[^1].Nest.Node));
    }

    [Fact]
    public void OutputOfAConcat_WithChannelsInLanes_IsCopied()
    {
        var program = Inference(16, Parts + "return Concat(a, b);");

        Assert.Empty(program.Schedule.Placements.Views);
    }

    // All samples meet between the parts, and the whole is needed only after that.
    [Theory, InlineData(8), InlineData(16)]
    public void PartOfAConcat_ThatLivesInOtherStages_DoesNotTakeItFarFromTheCore(int channels)
    {
        var program = Inference(channels, "var a = x | Conv(C, 3, padding: 1) | Relu; var b = a - BatchMean(a) | Conv(C, 3, padding: 1) | Relu; var both = Concat(a, b); return both | Conv(C, 3, padding: 1);");

        Assert.Equal([("a", "a", 0), ("aCopy", "both", 0), ("b", "both", program.Part(channels))], program.Places("a", "aCopy", "b"));
        Assert.Equal([Region.Block, Region.Worker], program.Regions("a", "both"));
    }

    [Theory, InlineData(8), InlineData(16)]
    public void MemoryOfAConcat_FromItsFirstPartToItsLastReader_IsNoOthers(int channels)
    {
        var program = Inference(channels, Parts + "var both = Concat(a, b | Conv(C, 3, padding: 1) | Conv(C, 3, padding: 1)); return (both | Conv(C, 3, padding: 1) | Conv(C, 3, padding: 1)) * (both | Conv(C, 3, padding: 1));");

        var placements = program.Schedule.Placements;
        int[] Times(int root) => [.. program.Schedule.Nests.Select((nest, time) => (nest, time)).Where(pair => pair.nest.Reads.Append(pair.nest.Nest.Node).Any(id => placements.Root(id) == root)).Select(pair => pair.time)];
        var roots = program.Schedule.Nests.Select(nest => placements.Root(nest.Nest.Node)).Distinct().ToArray();
        foreach (var (first, second) in from a in roots from b in roots where a < b && program.Plan[a].Region == program.Plan[b].Region select (a, b))
            if (Times(first).Max() >= Times(second).Min() && Times(second).Max() >= Times(first).Min())
                Assert.True(program.Plan[first].Offset + program.Elements(first) <= program.Plan[second].Offset || program.Plan[second].Offset + program.Elements(second) <= program.Plan[first].Offset, $"{program.Names[first]}, {program.Names[second]}");
    }

    static Scheduled Inference(int channels, string body)
    {
        var spec = TestCompiler.Spec(TestCompiler.Forward(body.Replace("C,", channels + ","), $"[Shape({channels}, 6, 6)] Tensor x"));
        var schedule = LaneSchedule.Of(LaneSchedule.Fuse(Compiler.InferenceGraph(spec.Specialisations[0]), isDirect: false));
        Assert.Equal(channels >= 16, schedule.ByChannel);
        return new(schedule, new Names(schedule.Program, []), new LanePlan(schedule, _ => false));
    }

    sealed record Scheduled(LaneSchedule Schedule, Names Names, LanePlan Plan)
    {
        public IEnumerable<string> Computed => Schedule.Nests.Select(nest => Names[nest.Nest.Node]);

        public IEnumerable<(string Value, string Root, int Offset)> Places(params string[] names) => names.Select(name => (name, Names[Schedule.Placements.Root(Id(name))], Schedule.Placements.Offset(Id(name))));

        public IEnumerable<Region> Regions(params string[] names) => names.Select(name => Plan[Id(name)].Region);

        public int Pitch(string name) => Schedule.Placements.Pitch(Id(name));

        /// <summary>What so many channels are before the next: beside each other at one place, or whole maps.</summary>
        public int Part(int channels) => Schedule.ByChannel ? channels : channels * 36;

        public int Size(string name) => Schedule.ByChannel ? Pitch(name) : Schedule.Program.Graph[Id(name)].Type.Elements;

        public int Elements(int id) => Schedule.Program.Graph[id].Type.Elements * (Schedule.ByChannel ? 1 : LaneSchedule.Lanes);

        int Id(string name) => Schedule.Program.Nests.Select(nest => nest.Node).Single(id => Names[id] == name);
    }
}
