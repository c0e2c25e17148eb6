namespace NNGen.Gpu;

/// <summary>A trainable network on a device: what the generated classes `Gpu` have in common.</summary>
/// <typeparam name="TBatch">The network's batch.</typeparam>
/// <typeparam name="TMetrics">The network's metrics.</typeparam>
public interface IGpuNetwork<in TBatch, out TMetrics> : IDisposable where TBatch : IBatch
{
    /// <summary>The largest batch that there is memory for.</summary>
    int MaximumBatch { get; }

    /// <summary>Replaces the parameters and buffers on the device.</summary>
    void Upload(NetworkValues values);

    /// <summary>Loss and metrics of a batch in training mode; <paramref name="gradient"/> receives d loss / d parameters in the order of the layout,
    /// <paramref name="buffers"/> the next buffers. The parameters on the device stay as they are.</summary>
    TMetrics Gradient(TBatch batch, Span<float> gradient, Span<float> buffers);

    /// <summary>Loss and metrics of a batch in inference mode.</summary>
    TMetrics Evaluate(TBatch batch);
}
