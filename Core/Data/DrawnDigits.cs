using System.Collections.Immutable;

namespace NNGen;

/// <summary>
/// Digits as if written by hand: strokes of a pen, each sample with its own style, slant, proportions, pressure and noise. Made from a seed, so that examples
/// run without a download; in format and difficulty like MNIST.
/// </summary>
public static class DrawnDigits
{
    private const int Size = DigitCanvas.Size;

    /// <summary>Draws digits. Sample i follows from the seed and i alone, whatever the count, the machine and the number of threads.</summary>
    /// <param name="count">How many, at least 1.</param>
    /// <param name="seed">Any number; another gives other digits: use one for training, one for testing.</param>
    /// <returns>Columns <c>image</c>, reals [1, 28, 28] in [0, 1] with 1 for ink, and <c>label</c>, 0 to 9.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The count is less than 1.</exception>
    public static Dataset Generate(int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        var images = new float[checked(count * Size * Size)];
        var labels = new int[count];
        var random = CounterRandom.Of(seed, "drawn digits");
        Parallel.For(0, count, i =>
        {
            var draw = new DigitDraw(random.At((ulong)i));
            labels[i] = draw.Below(10);
            Write(labels[i], draw, images.AsSpan(i * Size * Size, Size * Size));
        });
        return new(new RealColumn("image", [1, Size, Size], images), new LabelColumn("label", [], labels));
    }

    private static void Write(int digit, DigitDraw draw, Span<float> image)
    {
        var styles = DigitStrokes.Of(digit);
        var strokes = styles[draw.Below(styles.Length)];
        var hand = Hand(draw);
        var canvas = new DigitCanvas();
        var (width, trend) = (draw.Between(1.0, 2.1), draw.Between(-0.25, 0.25));
        foreach (var stroke in strokes)
        {
            var points = stroke.Select(point => hand(point.X + draw.Normal(0.022), point.Y + draw.Normal(0.022))).ToArray();
            var path = Smooth(points);
            for (var i = 1; i < path.Count; i++)
                canvas.Line(path[i - 1], path[i], width * (1 + (trend * ((2.0 * i / path.Count) - 1))) / 2);
        }

        canvas.Develop(draw, image);
    }

    // One writer's hand: proportions, slant, rotation and place, from the unit square to pixels.
    private static Func<double, double, (double X, double Y)> Hand(DigitDraw draw)
    {
        var height = draw.Between(16, 20.5);
        var width = height * draw.Between(0.5, 0.85);
        var slant = draw.Between(-0.12, 0.35);
        var half = draw.Between(-0.09, 0.09); // tangent of half the angle: up to 10 degrees
        var (cos, sin) = ((1 - (half * half)) / (1 + (half * half)), 2 * half / (1 + (half * half)));
        var (shiftX, shiftY) = (draw.Between(-2, 2), draw.Between(-2, 2));
        var bend = draw.Between(-0.08, 0.08);
        return (x, y) =>
        {
            var (u, v) = ((x - 0.5) + (bend * ((4 * y * (1 - y)) - 0.5)), y - 0.5);
            var (px, py) = ((u * width) - (v * height * slant), v * height);
            return ((Size / 2.0) + shiftX + (px * cos) - (py * sin), (Size / 2.0) + shiftY + (px * sin) + (py * cos));
        };
    }

    // A Catmull-Rom spline through the points, in short straight pieces.
    private static List<(double X, double Y)> Smooth((double X, double Y)[] points)
    {
        const int Pieces = 6;
        var path = new List<(double X, double Y)> { points[0] };
        for (var i = 0; i + 1 < points.Length; i++)
        {
            var (a, b, c, d) = (points[Math.Max(i - 1, 0)], points[i], points[i + 1], points[Math.Min(i + 2, points.Length - 1)]);
            for (var k = 1; k <= Pieces; k++)
            {
                var t = (double)k / Pieces;
                path.Add((Spline(a.X, b.X, c.X, d.X, t), Spline(a.Y, b.Y, c.Y, d.Y, t)));
            }
        }

        return path;
    }

    private static double Spline(double a, double b, double c, double d, double t) =>
        b + (0.5 * t * (c - a + (t * ((2 * a) - (5 * b) + (4 * c) - d + (t * ((3 * (b - c)) + d - a))))));
}
