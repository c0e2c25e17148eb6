namespace NNGen.Tests.Core;

public class DrawnDigitsTests
{
    private static readonly Dataset digits = DrawnDigits.Generate(2000, 1);

    [Fact]
    public void Generate_AnyCount_DependsOnSeedAndIndexAlone()
    {
        Assert.True(Pixels(DrawnDigits.Generate(50, 1)).SequenceEqual(Pixels(digits.Take(50))));
        Assert.False(Pixels(DrawnDigits.Generate(50, 2)).SequenceEqual(Pixels(digits.Take(50))));
        Assert.Throws<ArgumentOutOfRangeException>(() => DrawnDigits.Generate(0, 1));
    }

    [Fact]
    public void Generate_Many_LookLikeInkOnPaper()
    {
        Assert.Equal([1, 28, 28], digits["image"].Shape);
        Assert.All(((LabelColumn)digits["label"]).Values.ToArray().CountBy(label => label), pair => Assert.InRange(pair.Value, 140, 260));
        foreach (var pixel in Pixels(digits))
            Assert.InRange(pixel, 0, 1);
        for (var i = 0; i < digits.Count; i++)
        {
            var image = Pixels(digits).Slice(i * 784, 784);
            var (ink, edge) = (0, 0);
            for (var j = 0; j < 784; j++)
                if (image[j] > 0.5f)
                    (ink, edge) = (ink + 1, edge + (j / 28 is 0 or 27 || j % 28 is 0 or 27 ? 1 : 0));
            Assert.InRange(ink, 8, 250);
            Assert.InRange(edge, 0, 4);
        }
    }

    /// <summary>The digits are learnable but no two writers' are the same: the nearest of 1,500 others tells most of them, not all.</summary>
    [Fact]
    public void Generate_NearestNeighbour_KnowsMostDigits()
    {
        var (known, asked) = digits.Split(1500);
        var labels = ((LabelColumn)digits["label"]).Values.ToArray();
        var right = Enumerable.Range(0, 200).AsParallel().Count(i => labels[1500 + i] == labels[Nearest(Pixels(asked).Slice(i * 784, 784), Pixels(known))]);
        Assert.InRange(right, 140, 198);

        static int Nearest(ReadOnlySpan<float> image, ReadOnlySpan<float> others)
        {
            var (best, nearest) = (float.MaxValue, 0);
            for (var k = 0; k < others.Length / 784; k++)
            {
                var distance = 0f;
                for (var j = 0; j < 784 && distance < best; j++)
                    distance += (image[j] - others[(k * 784) + j]) * (image[j] - others[(k * 784) + j]);
                (best, nearest) = distance < best ? (distance, k) : (best, nearest);
            }

            return nearest;
        }
    }

    private static ReadOnlySpan<float> Pixels(Dataset data) => ((RealColumn)data["image"]).Values.Span;
}
