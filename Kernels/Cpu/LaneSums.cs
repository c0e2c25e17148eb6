using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

/// <summary>
/// Sums over the 16 lanes of a block. The order of additions is fixed: lane i and i + 8, then i + 4, i + 2 and i + 1. Each form keeps to it, so one vector, a pair of
/// half vectors and 16 vectors at once give the same bits on every processor.
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
    public static float SumLanes(Vector512<float> v) => SumLanes(v.GetLower(), v.GetUpper());

    /// <summary>The sum of 16 lanes that lie in two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector256<float> low, Vector256<float> high)
    {
        var eight = low + high;
        var four = eight.GetLower() + eight.GetUpper();
        var two = four + Vector128.Shuffle(four, Vector128.Create(2, 3, 2, 3));
        return two.ToScalar() + two.GetElement(1);
    }

    /// <summary>The sum of the first <paramref name="valid"/> lanes. Whatever the others hold, even NaN, counts as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector512<float> v, int valid) => SumLanes(v & Mask512(valid));

    /// <summary>The sum of the first <paramref name="valid"/> of 16 lanes that lie in two vectors. Whatever the others hold, even NaN, counts as 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float SumLanes(Vector256<float> low, Vector256<float> high, int valid) => SumLanes(low & Mask256(valid), high & Mask256(valid - 8));

    /// <summary>The sums of many vectors of 16 lanes.</summary>
    /// <param name="vectors">[sums.Length][16].</param>
    /// <param name="sums">One sum for each vector.</param>
    /// <exception cref="ArgumentException">There are fewer vectors than sums.</exception>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)] // at full speed from the first step on
    public static void SumLanes(ReadOnlySpan<float> vectors, Span<float> sums)
    {
        if (vectors.Length / LaneBlocks.Lanes < sums.Length)
            throw new ArgumentException(
                $"{sums.Length} sums need {sums.Length} vectors of {LaneBlocks.Lanes} floats, {(long)sums.Length * LaneBlocks.Lanes} in all; there are {vectors.Length}.");
        ref var from = ref MemoryMarshal.GetReference(vectors);
        ref var to = ref MemoryMarshal.GetReference(sums);
        nint at = 0;
        for (; at + LaneBlocks.Lanes <= sums.Length; at += LaneBlocks.Lanes)
            SumLanes16(ref Unsafe.Add(ref from, at * LaneBlocks.Lanes), ref Unsafe.Add(ref to, at));
        for (; at < sums.Length; at++)
            Unsafe.Add(ref to, at) = SumLanes(Half(ref from, at, 0), Half(ref from, at, 8));
    }

    /// <summary>The sums of 16 vectors of 16 lanes at once.</summary>
    /// <param name="vectors">The first of 256 floats, [16][16].</param>
    /// <param name="sums">The first of 16 floats.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void SumLanes16(ref readonly float vectors, ref float sums)
    {
        ref var from = ref Unsafe.AsRef(in vectors);
        // Vectors of 8 lanes do it in fewest steps, with 512 bits too: adding a vector's halves is then no shuffle.
        if (Avx.IsSupported)
        {
            SumLanes8(ref from, ref sums);
            SumLanes8(ref Unsafe.Add(ref from, 8 * LaneBlocks.Lanes), ref Unsafe.Add(ref sums, 8));
        }
        else
            for (nint i = 0; i < LaneBlocks.Lanes; i++)
                Unsafe.Add(ref sums, i) = SumLanes(Half(ref from, i, 0), Half(ref from, i, 8));
    }

    // A sum's lanes are spread so that each addition serves as many sums as it can: 4, 2, 1 lanes of 2, 4, 8 sums.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SumLanes8(ref float from, ref float sums)
    {
        var x = InTwos(FoursOfHalves(ref from, 0), FoursOfHalves(ref from, 1));
        var y = InTwos(FoursOfHalves(ref from, 2), FoursOfHalves(ref from, 3));
        (Avx.Shuffle(x, y, 0x88) + Avx.Shuffle(x, y, 0xDD)).StoreUnsafe(ref sums);
    }

    // Four lanes each of the vectors i and i + 4.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> FoursOfHalves(ref float from, nint i)
    {
        var p = Half(ref from, i, 0) + Half(ref from, i, 8);
        var q = Half(ref from, i + 4, 0) + Half(ref from, i + 4, 8);
        return Avx.Permute2x128(p, q, 0x20) + Avx.Permute2x128(p, q, 0x31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> InTwos(Vector256<float> a, Vector256<float> b) => Avx.Shuffle(a, b, 0x44) + Avx.Shuffle(a, b, 0xEE);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Half(ref float from, nint vector, nint lane) => Vector256.LoadUnsafe(ref from, (nuint)(vector * LaneBlocks.Lanes + lane));
}
