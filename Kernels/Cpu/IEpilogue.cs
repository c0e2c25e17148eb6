using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

/// <summary>What becomes of a sum of products on its way from the registers to memory: a bias and an activation, an adjoint's mask. A struct of the generated code, so that it is inlined.</summary>
public interface IEpilogue
{
    /// <summary>The value to store.</summary>
    /// <param name="sum">The sum, sixteen of them.</param>
    /// <param name="at">Floats from the result's first number to where it goes; values of the same shape and layout lie there too.</param>
    /// <param name="channel">The channel, of the first lane where channels are in lanes.</param>
    Vector512<float> Apply(Vector512<float> sum, nint at, nint channel);

    /// <summary>The same of eight sums, where registers are narrower.</summary>
    /// <inheritdoc cref="Apply(Vector512{float}, nint, nint)"/>
    Vector256<float> Apply(Vector256<float> sum, nint at, nint channel);

    /// <summary>Whether it reads maps that are far from the core: then they are asked for while sums are computed.</summary>
    bool ReadsFar { get; }

    /// <summary>Asks for what <see cref="Apply(Vector512{float}, nint, nint)"/> will read of far maps.</summary>
    /// <inheritdoc cref="Apply(Vector512{float}, nint, nint)"/>
    void Fetch(nint at, nint channel);
}

/// <summary>The sum as it is.</summary>
public readonly struct PlainSum : IEpilogue
{
    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Apply(Vector512<float> sum, nint at, nint channel) => sum;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector256<float> Apply(Vector256<float> sum, nint at, nint channel) => sum;

    /// <inheritdoc/>
    public bool ReadsFar => false;

    /// <inheritdoc/>
    public void Fetch(nint at, nint channel)
    {
    }
}
