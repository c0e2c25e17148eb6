using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

/// <summary>
/// Sums over the 16 lanes of a block. The order of additions is fixed: in each half of 8 lanes i and i + 4, then i + 2 and i + 1, and the halves' sums at the end. So one vector and two half vectors, one
/// after the other, give the same bits on every processor.
/// </summary>
public static class LaneSums
{
    /// <summary>All bits set in the first <paramref name="valid"/> of 16 lanes, none in the others.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Mask512(int valid) => Vector512.LessThan(Vector512<int>.Indices, Vector512.Create(valid)).AsSingle();

    /// <summary>All bits set in the first <paramref name="valid"/> of 8 lanes, none in the others. The second half of a block with n samples has n - 8.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector256<float> Mask256(int valid) => Vector256.LessThan(Vector256<int>.Indices, Vector256.Create(valid)).AsSingle();

    /// <summary>The sum of 16 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector512<float> v) => SumLanes(v.GetLower()) + SumLanes(v.GetUpper());

    /// <summary>The sum of 8 lanes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector256<float> half)
    {
        var four = half.GetLower() + half.GetUpper();
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3));
        return two.ToScalar() + two.GetElement(1);
    }

    /// <summary>The sum of the first <paramref name="valid"/> lanes. Whatever the others hold, even NaN, counts as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector512<float> v, int valid) => SumLanes(v & Mask512(valid));

    /// <summary>The sum of the first <paramref name="valid"/> of 8 lanes. Whatever the others hold, even NaN, counts as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector256<float> half, int valid) => SumLanes(half & Mask256(valid));
}
