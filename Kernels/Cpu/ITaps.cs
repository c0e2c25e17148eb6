namespace NNGen.Kernels;

/// <summary>How many taps a kernel of <see cref="Winograd{TTaps}"/> has along each of its two axes: a type, so that loops over them are unrolled while compiling.</summary>
public interface ITaps
{
    /// <summary>The taps along an axis.</summary>
    static abstract int Count { get; }
}

/// <summary>Kernels of 3 x 3: F(4 x 4, 3 x 3), or F(4, 3) along rows.</summary>
public readonly struct ThreeTaps : ITaps
{
    /// <inheritdoc/>
    public static int Count => 3;
}

/// <summary>Kernels of 5 x 5: F(2 x 2, 5 x 5), or F(2, 5) along rows.</summary>
public readonly struct FiveTaps : ITaps
{
    /// <inheritdoc/>
    public static int Count => 5;
}
