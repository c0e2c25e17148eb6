using System.Runtime.Intrinsics;
using NNGen.Kernels;

namespace NNGen.Tests.Kernels;

public class LaneRowsTests
{
    static readonly float[] Row = [.. Enumerable.Range(100, 40).Select(i => (float)i)];

    [Theory, InlineData(0, 5, 1), InlineData(-2, 28, 1), InlineData(14, 28, 1), InlineData(-4, 16, 1), InlineData(-1, 24, 2), InlineData(20, 33, 2), InlineData(40, 33, 1)]
    public void Inside_OfPlaces_HoldsInTheLanesThatHaveOne(int start, int size, int step)
    {
        bool[] expected = [.. Enumerable.Range(0, 16).Select(lane => start + step * lane is >= 0 and var place && place < size)];
        var (whole, low, high) = (LaneRows.Inside512(start, size, step), LaneRows.Inside256(start, size, step), LaneRows.Inside256(start + 8 * step, size, step));

        Assert.Equal(expected, Enumerable.Range(0, 16).Select(lane => whole.AsInt32()[lane] == -1));
        Assert.Equal(expected, Enumerable.Range(0, 16).Select(lane => (lane < 8 ? low : high).AsInt32()[lane % 8] == -1));
        Assert.All(Enumerable.Range(0, 16), lane => Assert.True(whole.AsInt32()[lane] is 0 or -1));
    }

    [Fact]
    public void Second_OfARow_IsEachSecondNumber()
    {
        Assert.Equal(Enumerable.Range(0, 16).Select(lane => Row[1 + 2 * lane]), Numbers(LaneRows.Second512(ref Row[1])));
        Assert.Equal(Enumerable.Range(0, 8).Select(lane => Row[1 + 2 * lane]), Numbers(LaneRows.Second256(ref Row[1])));
    }

    [Fact]
    public void Twice_OfARow_IsEachNumberInTwoLanes()
    {
        Assert.Equal(Enumerable.Range(0, 16).Select(lane => Row[3 + lane / 2]), Numbers(LaneRows.Twice512(ref Row[3])));
        Assert.Equal(Enumerable.Range(0, 8).Select(lane => Row[3 + lane / 2]), Numbers(LaneRows.Twice256(ref Row[3])));
    }

    static IEnumerable<float> Numbers(Vector512<float> vector) => Enumerable.Range(0, 16).Select(lane => vector[lane]);

    static IEnumerable<float> Numbers(Vector256<float> vector) => Enumerable.Range(0, 8).Select(lane => vector[lane]);
}
