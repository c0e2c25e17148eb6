using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

/// <summary>
/// Vectors along a row of a map: 16 places of it at once, or 8. Of what is loaded beyond the row's ends nothing may be used: <see cref="Inside512"/> says which lanes have a place.
/// </summary>
public static class LaneRows
{
    /// <summary>All bits set in the lanes whose places lie from 0 to <paramref name="size"/> - 1, none in the others.</summary>
    /// <param name="start">The place of lane 0, which may be negative.</param>
    /// <param name="size">How many places there are.</param>
    /// <param name="step">From one lane's place to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Inside512(int start, int size, int step = 1) => Vector512.LessThan((Vector512<int>.Indices * step + Vector512.Create(start)).AsUInt32(), Vector512.Create((uint)size)).AsSingle();

    /// <summary>The same for 8 lanes.</summary>
    /// <param name="start">The place of lane 0, which may be negative.</param>
    /// <param name="size">How many places there are.</param>
    /// <param name="step">From one lane's place to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Inside256(int start, int size, int step = 1) => Vector256.LessThan((Vector256<int>.Indices * step + Vector256.Create(start)).AsUInt32(), Vector256.Create((uint)size)).AsSingle();

    /// <summary>Each second of 32 numbers, beginning with the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Second512(ref float first)
    {
        if (!Avx512F.IsSupported)
            return Vector512.Create(Second256(ref first), Second256(ref Unsafe.Add(ref first, 16)));
        return Avx512F.PermuteVar16x32x2(Vector512.LoadUnsafe(ref first), Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30), Vector512.LoadUnsafe(ref first, 16));
    }

    /// <summary>Each second of 16 numbers, beginning with the first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Second256(ref float first)
    {
        var (low, high) = (Vector256.LoadUnsafe(ref first), Vector256.LoadUnsafe(ref first, 8));
        return Vector256.ConditionalSelect(Vector256.Create(-1, -1, -1, -1, 0, 0, 0, 0).AsSingle(), Vector256.Shuffle(low, Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6)), Vector256.Shuffle(high, Vector256.Create(0, 2, 4, 6, 0, 2, 4, 6)));
    }

    /// <summary>8 numbers, each in two lanes side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Twice512(ref float first) => Vector512.Create(Twice256(ref first), Twice256(ref Unsafe.Add(ref first, 4)));

    /// <summary>4 numbers, each in two lanes side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Twice256(ref float first)
    {
        var four = Vector128.LoadUnsafe(ref first);
        return Vector256.Create(Vector128.Shuffle(four, Vector128.Create(0, 0, 1, 1)), Vector128.Shuffle(four, Vector128.Create(2, 2, 3, 3)));
    }
}
