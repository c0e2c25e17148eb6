using NNGen.Kernels;

namespace NNGen.Tests.Kernels;

public class TurnsTests
{
    [Theory, InlineData(1, 16, 1), InlineData(3, 5, 7), InlineData(2, 35, 18)]
    public void Last_OfAnArray_MakesTheMiddleAxisTheLast(int outer, int middle, int inner)
    {
        float[] from = Numbers(outer * middle * inner), to = new float[from.Length];

        Turns.Last(ref from[0], ref to[0], outer, middle, inner);

        Each(outer, middle, inner, (o, m, i) => Assert.Equal(from[(((o * middle) + m) * inner) + i], to[(((o * inner) + i) * middle) + m]));
    }

    [Theory, InlineData(1, 16, 1), InlineData(1, 48, 18), InlineData(5, 32, 9)]
    public void Panels_OfAnArray_HaveSixteenPlacesOfTheMiddleAxis(int outer, int middle, int inner)
    {
        float[] from = Numbers(outer * middle * inner), to = new float[from.Length];

        Turns.Panels(ref from[0], ref to[0], outer, middle, inner);

        Each(outer, middle, inner, (o, m, i) => Assert.Equal(from[(((o * middle) + m) * inner) + i], to[((((((m / 16) * outer) + o) * inner) + i) * 16) + (m % 16)]));
    }

    private static float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(i => (float)i)];

    private static void Each(int outer, int middle, int inner, Action<int, int, int> check)
    {
        for (var o = 0; o < outer; o++)
            for (var m = 0; m < middle; m++)
                for (var i = 0; i < inner; i++)
                    check(o, m, i);
    }
}
