using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

/// <summary>
/// What a convolution reads: a map that lies in memory, or one that is computed of such maps while it is read, as a batch norm and its activation are. A struct of the generated code, so that it is
/// inlined.
/// </summary>
public interface IPrologue
{
    /// <summary>Sixteen numbers of the map.</summary>
    /// <param name="at">Floats from the map's first number to the first of them; maps that it is computed of have the same shape and layout.</param>
    /// <param name="channel">The channel, of the first lane where channels are in lanes.</param>
    Vector512<float> Value(nint at, nint channel);
}

/// <summary>The map as it lies in memory.</summary>
public readonly ref struct PlainMap(ref float map) : IPrologue
{
    private readonly ref float map = ref map;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Vector512<float> Value(nint at, nint channel) => Vector512.LoadUnsafe(ref Unsafe.Add(ref map, at));
}
