namespace NNGen.Tests.Core;

public class InitializationTests
{
    private static readonly NetworkLayout wide = new(
        "Wide",
        [
            new("conv1.weight", [64, 32, 3, 3], 0, Initializer.FanIn, 288, 576), new("conv1.bias", [64], 18432, Initializer.FanIn, 288, 576),
            new("norm.weight", [64], 18496, Initializer.One, 1, 1), new("norm.bias", [64], 18560, Initializer.Zero, 1, 1),
        ],
        [new("norm.running_var", [64], 0, Initializer.One, 1, 1)]);

    [Fact]
    public void Draw_Default_IsUniformWithinFanIn()
    {
        var values = Initialization.Draw(wide, 1);
        var bound = 1 / MathF.Sqrt(288);
        foreach (var name in new[] { "conv1.weight", "conv1.bias" })
        {
            var drawn = values[name].Span.ToArray();
            Assert.InRange(drawn.Max(), 0.9f * bound, bound);
            Assert.InRange(drawn.Min(), -bound, -0.9f * bound);
        }

        var weights = values["conv1.weight"].Span.ToArray();
        Assert.InRange(weights.Average(), -0.02 * bound, 0.02 * bound);
        Assert.InRange(weights.Average(w => w * w) / (bound * bound / 3), 0.97, 1.03);
    }

    [Fact]
    public void Draw_AnyScheme_LeavesTensorsWithTheirOwnInitialiser()
    {
        foreach (var scheme in new[] { null, Initializer.Kaiming, Initializer.Xavier, Initializer.Zero, Initializer.Normal(1), Initializer.Uniform(1) })
        {
            var values = Initialization.Draw(wide, 1, scheme);
            Assert.All(values["norm.weight"].Span.ToArray(), v => Assert.Equal(1f, v));
            Assert.All(values["norm.bias"].Span.ToArray(), v => Assert.Equal(0f, v));
            Assert.All(values["norm.running_var"].Span.ToArray(), v => Assert.Equal(1f, v));
            Assert.Equal(scheme is not null, values["conv1.bias"].Span.ToArray().All(v => v == 0));
        }
    }

    [Fact]
    public void Draw_Schemes_HaveTheirDeviation()
    {
        Assert.InRange(Deviation(Initializer.Kaiming), 0.98 * Math.Sqrt(2.0 / 288), 1.02 * Math.Sqrt(2.0 / 288));
        Assert.InRange(Deviation(Initializer.Xavier), 0.98 * Math.Sqrt(2.0 / 864), 1.02 * Math.Sqrt(2.0 / 864));
        Assert.InRange(Deviation(Initializer.Normal(0.5f)), 0.49, 0.51);
        Assert.InRange(Deviation(Initializer.Uniform(3)), 0.98 * Math.Sqrt(3), 1.02 * Math.Sqrt(3));
        Assert.Equal(0, Deviation(Initializer.Zero));
        Assert.Equal(Initialization.Draw(wide, 5), Initialization.Draw(wide, 5, Initializer.FanIn));

        static double Deviation(Initializer scheme) =>
            Math.Sqrt(Initialization.Draw(wide, 3, scheme)["conv1.weight"].Span.ToArray().Average(w => (double)w * w));
    }

    [Fact]
    public void Draw_SameSeed_GivesTheSameBitsEverywhere()
    {
        // The hash pins the bits: a change here changes every user's results.
        Assert.Equal("4937", Initialization.Draw(wide, 7, Initializer.Kaiming).Hash()[..4]);
        Assert.Equal(Initialization.Draw(wide, 7), Cultures.German(() => Initialization.Draw(wide, 7)));
        Assert.NotEqual(Initialization.Draw(wide, 7), Initialization.Draw(wide, 8));
    }

    [Fact]
    public void Draw_AnotherTensorBefore_LeavesTheRestAsItWas()
    {
        var more = new NetworkLayout(
            "Wide", [new("extra", [4], 0, Initializer.FanIn, 4, 4), .. wide.Parameters.Select(p => p with { Offset = p.Offset + 4 })], wide.Buffers);
        Assert.True(Initialization.Draw(more, 9)["conv1.weight"].Span.SequenceEqual(Initialization.Draw(wide, 9)["conv1.weight"].Span));
    }

    [Fact]
    public void Normal_ManyNumbers_HasItsMoments()
    {
        var random = CounterRandom.Of(1, "normal");
        var x = Enumerable.Range(0, 100_000).Select(i => random.Normal((ulong)i)).ToArray();
        Assert.InRange(x.Average(), -0.015, 0.015);
        Assert.InRange(x.Average(v => v * v), 0.98, 1.02);
        Assert.InRange(x.Average(v => v * v * v * v), 2.9, 3.1);
        Assert.InRange(x.Count(v => Math.Abs(v) > 3) / 100_000.0, 0.002, 0.0034);
    }

    [Fact]
    public void Below_ManyNumbers_IsEven()
    {
        var random = CounterRandom.Of(1, "below");
        var counts = Enumerable.Range(0, 70_000).Select(i => random.Below((ulong)i, 7)).CountBy(v => v).ToArray();
        Assert.Equal(7, counts.Length);
        Assert.All(counts, count => Assert.InRange(count.Value, 9_600, 10_400));
    }
}
