namespace NNGen;

/// <summary>The mean of batches' metrics, each weighted by its number of samples. A NaN stays one.</summary>
internal sealed class MeanMetrics<TMetrics> where TMetrics : IMetrics<TMetrics>
{
    private readonly double[] sums = new double[TMetrics.Names.Length];
    private long count;

    public void Add(TMetrics metrics, int samples)
    {
        count += samples;
        for (var i = 0; i < sums.Length; i++)
            sums[i] += (double)metrics[i] * samples;
    }

    public TMetrics Result
    {
        get
        {
            Span<float> means = stackalloc float[sums.Length];
            for (var i = 0; i < sums.Length; i++)
                means[i] = (float)(sums[i] / count);
            return TMetrics.Of(means);
        }
    }
}
