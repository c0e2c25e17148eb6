namespace NNGen;

/// <summary>A sheet of pixels that a round pen writes on.</summary>
internal sealed class DigitCanvas
{
    /// <summary>Height and width, in pixels.</summary>
    public const int Size = 28;

    private readonly double[] ink = new double[Size * Size];

    /// <summary>A straight stroke; the edge of the ink is smooth over one pixel.</summary>
    /// <param name="from">One end, in pixels; a pixel's centre lies at half numbers.</param>
    /// <param name="to">The other end.</param>
    /// <param name="radius">Half the pen's width, in pixels.</param>
    public void Line((double X, double Y) from, (double X, double Y) to, double radius)
    {
        var (dx, dy) = (to.X - from.X, to.Y - from.Y);
        var squared = (dx * dx) + (dy * dy);
        var (left, right) = Range(from.X, to.X, radius);
        var (top, bottom) = Range(from.Y, to.Y, radius);
        for (var y = top; y <= bottom; y++)
            for (var x = left; x <= right; x++)
            {
                var (px, py) = (x + 0.5 - from.X, y + 0.5 - from.Y);
                var t = squared == 0 ? 0 : Math.Clamp(((px * dx) + (py * dy)) / squared, 0, 1);
                var (ex, ey) = (px - (t * dx), py - (t * dy));
                var coverage = Math.Clamp(radius + 0.5 - Math.Sqrt((ex * ex) + (ey * ey)), 0, 1);
                ink[(y * Size) + x] = Math.Max(ink[(y * Size) + x], coverage);
            }
    }

    /// <summary>The image as a scanner sees it: a little blurred, of uneven blackness, noisy, in 256 levels from 0 (paper) to 1 (ink).</summary>
    public void Develop(DigitDraw draw, Span<float> image)
    {
        var (blur, black) = (draw.Between(0, 0.12), draw.Between(0.75, 1));
        var (noise, slopeX, slopeY) = (draw.Between(0, 0.06), draw.Between(-0.008, 0.008), draw.Between(-0.008, 0.008));
        for (var y = 0; y < Size; y++)
            for (var x = 0; x < Size; x++)
            {
                var around = At(x - 1, y) + At(x + 1, y) + At(x, y - 1) + At(x, y + 1);
                var value = ((1 - (4 * blur)) * At(x, y)) + (blur * around);
                value *= black + (slopeX * (x - 14)) + (slopeY * (y - 14));
                value += draw.Normal(noise) * (0.25 + value);
                image[(y * Size) + x] = (float)(Math.Floor((255 * Math.Clamp(value, 0, 1)) + 0.5) / 255);
            }
    }

    private double At(int x, int y) => x is >= 0 and < Size && y is >= 0 and < Size ? ink[(y * Size) + x] : 0;

    private static (int First, int Last) Range(double a, double b, double radius) =>
        (Math.Max(0, (int)(Math.Min(a, b) - radius - 1)), Math.Min(Size - 1, (int)(Math.Max(a, b) + radius + 1)));
}
