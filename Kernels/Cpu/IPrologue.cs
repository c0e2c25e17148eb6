using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

/// <summary>
/// What becomes of a map's numbers on their way into the window of a convolution: a normalisation, an activation. A struct of the generated code, so that it is inlined. The zeros around a map stay zeros.
/// </summary>
public interface IPrologue
{
    /// <summary>The number that the convolution is to see.</summary>
    /// <param name="number">The map's, sixteen of them.</param>
    /// <param name="channel">The channel of the first lane: channels are in lanes.</param>
    Vector512<float> Apply(Vector512<float> number, nint channel);

    /// <summary>The same of eight numbers, where registers are narrower.</summary>
    /// <inheritdoc cref="Apply(Vector512{float}, nint)"/>
    Vector256<float> Apply(Vector256<float> number, nint channel);
}

/// <summary>The map as it is.</summary>
public readonly struct PlainMap : IPrologue
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Apply(Vector512<float> number, nint channel) => number;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(Vector256<float> number, nint channel) => number;
}
