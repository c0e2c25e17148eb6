namespace NNGen.Benchmarks;

/// <summary>What is said of many measurements of one thing.</summary>
internal static class Numbers
{
    public static double Median(IEnumerable<double> values) => Quantile(values, 0.5);

    /// <summary>The ninth decile: what is reached when nothing else runs, without the luck of the single best.</summary>
    public static double UpperDecile(IEnumerable<double> values) => Quantile(values, 0.9);

    /// <summary>The value that a share of all values lies below, between neighbours in proportion.</summary>
    /// <param name="values">At least one.</param>
    /// <param name="share">From 0 to 1.</param>
    private static double Quantile(IEnumerable<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var (below, between) = ((int)(share * (sorted.Length - 1)), share * (sorted.Length - 1) % 1);
        return sorted[below] + between * (sorted[Math.Min(below + 1, sorted.Length - 1)] - sorted[below]);
    }
}
