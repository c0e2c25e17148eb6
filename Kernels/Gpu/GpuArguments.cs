using System.ComponentModel;

namespace NNGen.Gpu;

/// <summary>The checks that generated members make of what they are handed. Not meant to be called by hand.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class GpuArguments
{
    /// <summary>Checks that there is device memory for a batch.</summary>
    /// <param name="count">The samples of the batch.</param>
    /// <param name="capacity">The samples that there is room for.</param>
    /// <exception cref="ArgumentException">There is not, or the batch is empty.</exception>
    public static void Fits(int count, int capacity)
    {
        if (count < 1 || count > capacity)
            throw new ArgumentException($"a batch of {count} samples; this network has device memory for 1 to {capacity} at a time");
    }
}
