using System.Runtime.Intrinsics;
using NNGen.Kernels;

namespace NNGen.Tests.Kernels;

/// <summary>The layout with the batch in lanes, against plain indexing; sums over lanes, against their order of additions.</summary>
public class LaneBlocksTests
{
    const float Untouched = -7;

    public static TheoryData<int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, int>();
            foreach (var count in new[] { 1, 2, 7, 8, 9, 15, 16, 17, 25, 31, 32, 50 })
                foreach (var elements in new[] { 1, 3, 7, 8, 9, 10, 15, 16, 17, 24, 31, 32, 33, 100, 784 })
                    sizes.Add(count, elements);
            return sizes;
        }
    }

    [Theory, MemberData(nameof(Sizes))]
    public void ToLanes_OfAnySize_PutsEachSampleInItsLaneAndRepeatsTheLast(int count, int elements)
    {
        var rows = Enumerable.Range(1, count * elements).Select(value => (float)value).ToArray();
        var lanes = Enumerable.Repeat(Untouched, LaneBlocks.Count(count) * elements * 16 + 3).ToArray();

        LaneBlocks.ToLanes(rows, count, elements, lanes);

        for (var block = 0; block < LaneBlocks.Count(count); block++)
            for (var e = 0; e < elements; e++)
                for (var lane = 0; lane < 16; lane++)
                    Assert.Equal(rows[Math.Min(block * 16 + lane, count - 1) * elements + e], lanes[(block * elements + e) * 16 + lane]);
        Assert.Equal([Untouched, Untouched, Untouched], lanes[^3..]);
    }

    [Theory, MemberData(nameof(Sizes))]
    public void ToRows_OfLanes_GivesTheSamplesBackAndWritesNoOthers(int count, int elements)
    {
        var rows = Enumerable.Range(1, count * elements).ToArray();
        var lanes = new int[LaneBlocks.Count(count) * elements * 16];
        var back = Enumerable.Repeat((int)Untouched, count * elements + 20).ToArray();

        LaneBlocks.ToLanes(rows, count, elements, lanes);
        LaneBlocks.ToRows(lanes, count, elements, back);

        Assert.Equal(rows, back[..^20]);
        Assert.All(back[^20..], value => Assert.Equal((int)Untouched, value));
    }

    [Fact]
    public void ToLanes_OfIntegers_KeepsPatternsThatAsFloatsAreNaN()
    {
        int[] rows = [.. Enumerable.Range(0, 16 * 33).Select(value => 0x7F800001 + value), .. Enumerable.Range(0, 33).Select(value => -value)];
        var lanes = new int[2 * 33 * 16];
        var back = new int[17 * 33];

        LaneBlocks.ToLanes(rows, 17, 33, lanes);
        LaneBlocks.ToRows(lanes, 17, 33, back);

        Assert.Equal(rows, back);
    }

    [Fact]
    public void BlockToLanes_OfOneBlock_WritesThatBlock()
    {
        var rows = Enumerable.Range(0, 40 * 20).Select(value => (float)value).ToArray();
        var all = new float[3 * 20 * 16];
        LaneBlocks.ToLanes(rows, 40, 20, all);

        var lanes = new float[20 * 16];
        var back = Enumerable.Repeat(Untouched, 40 * 20).ToArray();
        LaneBlocks.BlockToLanes(rows, 40, 20, 2, lanes);
        LaneBlocks.BlockToRows(lanes, 40, 20, 2, back);

        Assert.Equal(all[(2 * 20 * 16)..], lanes);
        Assert.Equal(rows[(32 * 20)..], back[(32 * 20)..]);
        Assert.All(back[..(32 * 20)], value => Assert.Equal(Untouched, value));
    }

    [Fact]
    public void Blocks_OfWrongLengths_NameWhatWouldFit()
    {
        Assert.Contains("17 samples of 3 elements are 51 values", Assert.Throws<ArgumentException>(() => LaneBlocks.ToLanes(new float[50], 17, 3, new float[96])).Message);
        Assert.Contains("is 48 values", Assert.Throws<ArgumentException>(() => LaneBlocks.ToLanes(new float[51], 17, 3, new float[95])).Message);
        Assert.Contains("is 48 values", Assert.Throws<ArgumentException>(() => LaneBlocks.ToRows(new float[40], 17, 3, new float[51])).Message);
        Assert.Contains("no block 2", Assert.Throws<ArgumentException>(() => LaneBlocks.BlockToLanes(new float[51], 17, 3, 2, new float[48])).Message);
        Assert.Contains("no block -1", Assert.Throws<ArgumentException>(() => LaneBlocks.BlockToRows(new float[48], 17, 3, -1, new float[51])).Message);
    }

    [Fact]
    public void Masks_OfANumberOfSamples_SelectTheirLanes()
    {
        for (var valid = 0; valid <= 16; valid++)
            for (var lane = 0; lane < 16; lane++)
            {
                var expected = lane < valid ? -1 : 0;
                Assert.Equal(expected, LaneSums.Mask512(valid).AsInt32()[lane]);
                Assert.Equal(expected, (lane < 8 ? LaneSums.Mask256(valid) : LaneSums.Mask256(valid - 8)).AsInt32()[lane & 7]);
            }
    }

    [Fact]
    public void SumLanes_OfSomeLanes_AddsThemInTheOrderThatIsDocumented()
    {
        var random = new Random(3);
        for (var trial = 0; trial < 200; trial++)
            for (var valid = 0; valid <= 16; valid++)
            {
                var values = Enumerable.Range(0, 16).Select(lane => lane < valid ? random.NextSingle() - 0.5f : lane % 2 == 0 ? float.NaN : float.PositiveInfinity).ToArray();
                var expected = Expected([.. values.Select((value, lane) => lane < valid ? value : 0)]);

                Assert.Equal(expected, LaneSums.SumLanes(Vector512.Create(values), valid));
                Assert.Equal(expected, LaneSums.SumLanes(Vector256.Create(values), valid) + LaneSums.SumLanes(Vector256.Create(values, 8), valid - 8));
                if (valid == 16)
                    Assert.Equal(expected, LaneSums.SumLanes(Vector512.Create(values)));
            }
    }

    static float Expected(float[] lanes)
    {
        var sums = (float[])lanes.Clone();
        foreach (var first in new[] { 0, 8 })
            for (var half = 4; half > 0; half /= 2)
                for (var lane = first; lane < first + half; lane++)
                    sums[lane] += sums[lane + half];
        return sums[0] + sums[8];
    }
}
