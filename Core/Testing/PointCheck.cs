namespace NNGen.Testing;

/// <summary>The check at one point: slopes by the gradient against slopes by differences of the loss.</summary>
internal sealed class PointCheck<T>(RandomPoint point, CounterRandom random, int coordinates) where T : class, IDoubleNetwork<T>
{
    private const double Tolerance = 1e-6;
    private const int Directions = 1;

    // The smaller steps step round kinks near by; the largest has the least rounding.
    private static readonly double[] steps = [1e-5, 1e-6, 1e-7];

    private double[] gradient = [];
    private double[][] inputGradients = [];
    private double loss;
    private ulong next;

    /// <summary>One report per parameter tensor that is trained, then one per input whose gradient the network delivers.</summary>
    public List<TensorReport> Tensors()
    {
        gradient = Undelivered(point.Parameters);
        inputGradients = [.. point.Reals.Select(Undelivered)];
        loss = T.LossAndGradient(
            point.Samples, point.Parameters, point.Buffers, point.Reals, point.Labels, gradient, inputGradients, new double[point.Buffers.Length]);

        var reals = T.Columns.Where(column => column.Kind == ColumnKind.Real).ToArray();
        var parameters = T.Layout.Parameters.Where(info => info.Count > 0 && !info.Frozen)
            .Select(info => Check(info.Name, [.. info.Shape], point.Parameters, gradient, info.Offset, info.Count));
        var inputs = Enumerable.Range(0, reals.Length).Where(i => !inputGradients[i].All(double.IsNaN))
            .Select(i => Check(reals[i].Name, [point.Samples, .. reals[i].Shape], point.Reals[i], inputGradients[i], 0, point.Reals[i].Length));
        return [.. parameters, .. inputs];
    }

    // NaN tells what was not written: an input without a gradient as a whole, a parameter that was forgotten.
    private static double[] Undelivered(double[] values)
    {
        var undelivered = new double[values.Length];
        Array.Fill(undelivered, double.NaN);
        return undelivered;
    }

    private TensorReport Check(string name, int[] shape, double[] values, double[] slopes, int offset, int count)
    {
        var directions = Enumerable.Range(0, Directions).Select(_ => RandomDirection(count)).ToList();
        var chosen = Enumerable.Range(0, Math.Min(coordinates, count)).Select(i => count <= coordinates ? i : random.Below(next++, count));
        foreach (var coordinate in chosen.Distinct())
            directions.Add([.. Enumerable.Range(0, count).Select(i => i == coordinate ? 1.0 : 0)]);
        var worst = directions.Select(direction => Slope(values, slopes, offset, direction)).MaxBy(slope => (slope.Verdict, slope.Error));
        return new(name, [.. shape], directions.Count, worst.Gradient, worst.Difference, worst.Error, worst.Verdict);
    }

    private double[] RandomDirection(int count)
    {
        var direction = new double[count];
        for (var i = 0; i < count; i++)
            direction[i] = random.Normal(next++) / Math.Sqrt(count);
        return direction;
    }

    private (double Gradient, double Difference, double Error, GradientVerdict Verdict) Slope(double[] values, double[] slopes, int offset, double[] direction)
    {
        var expected = 0.0;
        for (var i = 0; i < direction.Length; i++)
            if (direction[i] != 0)
                expected += slopes[offset + i] * direction[i];

        var scale = Math.Max(1, Math.Abs(expected));
        var breaks = new double[steps.Length];
        var (difference, rounding) = (0.0, 0.0);
        for (var i = 0; i < steps.Length; i++)
        {
            var (above, below) = (LossAt(values, offset, direction, steps[i]), LossAt(values, offset, direction, -steps[i]));
            difference = (above - below) / (2 * steps[i]);
            breaks[i] = Math.Abs(above + below - (2 * loss)) / steps[i];
            rounding = 16 * 2.2e-16 * Math.Abs(loss) / steps[i];
            if (Math.Abs(expected - difference) <= (Tolerance * scale) + rounding)
                return (expected, difference, Math.Abs(expected - difference) / scale, GradientVerdict.Right);
        }

        return (expected, difference, Math.Abs(expected - difference) / scale, IsKink(breaks, rounding) ? GradientVerdict.Kink : GradientVerdict.Wrong);
    }

    // A break is the slope to the right less that to the left. At a smooth point it is the second derivative times the step, so ten times less at a step ten
    // times smaller; at a kink it stays.
    private static bool IsKink(double[] breaks, double rounding) =>
        breaks is [var wide, var middle, var narrow] && narrow > Tolerance + (2 * rounding) && (middle < 5 * narrow || wide < 5 * middle);

    private double LossAt(double[] values, int offset, double[] direction, double step)
    {
        var before = values.AsSpan(offset, direction.Length).ToArray();
        for (var i = 0; i < direction.Length; i++)
            values[offset + i] += step * direction[i];
        var result = T.Loss(point.Samples, point.Parameters, point.Buffers, point.Reals, point.Labels);
        before.CopyTo(values.AsSpan(offset));
        return result;
    }
}
