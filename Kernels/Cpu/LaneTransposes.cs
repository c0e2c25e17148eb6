using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

/// <summary>Transposes in registers: 16 x 16 with 512 bits, two of 8 x 8 with 256.</summary>
internal static class LaneTransposes
{
    /// <summary>How many elements of 16 samples one call transposes, 16 or 8; 0 where there are fewer than 8, or the processor has no such registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Step(int elements) => Avx512F.IsSupported && elements >= 16 ? 16 : Avx.IsSupported && elements >= 8 ? 8 : 0;

    /// <summary>A step's elements of 16 samples, which begin where <paramref name="starts"/> says, to [step][16].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToLanes(int step, ref float rows, ref nint starts, ref float lanes)
    {
        if (Avx512F.IsSupported && step == 16)
            Transpose16(ref rows, ref starts, ref lanes, LaneBlocks.Lanes);
        else
        {
            Transpose8(ref rows, ref starts, ref lanes, LaneBlocks.Lanes);
            Transpose8(ref rows, ref Unsafe.Add(ref starts, 8), ref Unsafe.Add(ref lanes, 8), LaneBlocks.Lanes);
        }
    }

    /// <summary>
    /// [step][16], whose vectors begin where <paramref name="starts"/> says, to a step's elements of 16 samples, whose rows begin <paramref name="pitch"/> floats apart.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void ToRows(int step, ref float lanes, ref nint starts, ref float rows, nint pitch)
    {
        if (Avx512F.IsSupported && step == 16)
            Transpose16(ref lanes, ref starts, ref rows, pitch);
        else
        {
            Transpose8(ref lanes, ref starts, ref rows, pitch);
            Transpose8(ref Unsafe.Add(ref lanes, 8), ref starts, ref Unsafe.Add(ref rows, 8 * pitch), pitch);
        }
    }

    /// <summary>[16][16] to [16][16], whose rows begin so many floats apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Block(ref float from, nint fromPitch, ref float to, nint pitch)
    {
        if (!Avx512F.IsSupported)
        {
            for (nint i = 0; i < LaneBlocks.Lanes; i++)
                for (nint j = 0; j < LaneBlocks.Lanes; j++)
                    Unsafe.Add(ref to, (j * pitch) + i) = Unsafe.Add(ref from, (i * fromPitch) + j);
            return;
        }
        FourRows(ref from, fromPitch, out var a0, out var a1, out var a2, out var a3);
        FourRows(ref Unsafe.Add(ref from, 4 * fromPitch), fromPitch, out var b0, out var b1, out var b2, out var b3);
        FourRows(ref Unsafe.Add(ref from, 8 * fromPitch), fromPitch, out var c0, out var c1, out var c2, out var c3);
        FourRows(ref Unsafe.Add(ref from, 12 * fromPitch), fromPitch, out var d0, out var d1, out var d2, out var d3);
        StoreLanes(a0, b0, c0, d0, ref to, pitch);
        StoreLanes(a1, b1, c1, d1, ref Unsafe.Add(ref to, pitch), pitch);
        StoreLanes(a2, b2, c2, d2, ref Unsafe.Add(ref to, 2 * pitch), pitch);
        StoreLanes(a3, b3, c3, d3, ref Unsafe.Add(ref to, 3 * pitch), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void FourRows(ref float from, nint pitch, out Vector512<float> a, out Vector512<float> b, out Vector512<float> c, out Vector512<float> d) =>
        Quads(Vector512.LoadUnsafe(ref from), Vector512.LoadUnsafe(ref Unsafe.Add(ref from, pitch)), Vector512.LoadUnsafe(ref Unsafe.Add(ref from, 2 * pitch)), Vector512.LoadUnsafe(ref Unsafe.Add(ref from, 3 * pitch)),
            out a, out b, out c, out d);

    // Quarters first: after Quads, vector 4 i + j holds in its 128-bit lane k the elements 4 k + j of the rows 4 i .. 4 i + 3; then the 128-bit lanes change places.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose16(ref float from, ref nint starts, ref float to, nint toPitch)
    {
        Quads(Row(ref from, 0, ref starts), Row(ref from, 1, ref starts), Row(ref from, 2, ref starts), Row(ref from, 3, ref starts),
            out var a0, out var a1, out var a2, out var a3);
        Quads(Row(ref from, 4, ref starts), Row(ref from, 5, ref starts), Row(ref from, 6, ref starts), Row(ref from, 7, ref starts),
            out var b0, out var b1, out var b2, out var b3);
        Quads(Row(ref from, 8, ref starts), Row(ref from, 9, ref starts), Row(ref from, 10, ref starts), Row(ref from, 11, ref starts),
            out var c0, out var c1, out var c2, out var c3);
        Quads(Row(ref from, 12, ref starts), Row(ref from, 13, ref starts), Row(ref from, 14, ref starts), Row(ref from, 15, ref starts),
            out var d0, out var d1, out var d2, out var d3);
        StoreLanes(a0, b0, c0, d0, ref to, toPitch);
        StoreLanes(a1, b1, c1, d1, ref Unsafe.Add(ref to, toPitch), toPitch);
        StoreLanes(a2, b2, c2, d2, ref Unsafe.Add(ref to, 2 * toPitch), toPitch);
        StoreLanes(a3, b3, c3, d3, ref Unsafe.Add(ref to, 3 * toPitch), toPitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Row(ref float from, int row, ref nint starts) => Vector512.LoadUnsafe(ref Unsafe.Add(ref from, Unsafe.Add(ref starts, row)));

    // In each 128-bit lane, four rows of four become four columns of four.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quads(Vector512<float> p, Vector512<float> q, Vector512<float> r, Vector512<float> s,
        out Vector512<float> a, out Vector512<float> b, out Vector512<float> c, out Vector512<float> d)
    {
        var (pqLow, pqHigh) = (Avx512F.UnpackLow(p, q).AsDouble(), Avx512F.UnpackHigh(p, q).AsDouble());
        var (rsLow, rsHigh) = (Avx512F.UnpackLow(r, s).AsDouble(), Avx512F.UnpackHigh(r, s).AsDouble());
        a = Avx512F.UnpackLow(pqLow, rsLow).AsSingle();
        b = Avx512F.UnpackHigh(pqLow, rsLow).AsSingle();
        c = Avx512F.UnpackLow(pqHigh, rsHigh).AsSingle();
        d = Avx512F.UnpackHigh(pqHigh, rsHigh).AsSingle();
    }

    // Lane k of the four to row 4 k. 0x88 takes the even lanes of both operands, 0xDD the odd ones.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d, ref float to, nint pitch)
    {
        var (abEven, abOdd) = (Avx512F.Shuffle4x128(a, b, 0x88), Avx512F.Shuffle4x128(a, b, 0xDD));
        var (cdEven, cdOdd) = (Avx512F.Shuffle4x128(c, d, 0x88), Avx512F.Shuffle4x128(c, d, 0xDD));
        Avx512F.Shuffle4x128(abEven, cdEven, 0x88).StoreUnsafe(ref to);
        Avx512F.Shuffle4x128(abOdd, cdOdd, 0x88).StoreUnsafe(ref Unsafe.Add(ref to, 4 * pitch));
        Avx512F.Shuffle4x128(abEven, cdEven, 0xDD).StoreUnsafe(ref Unsafe.Add(ref to, 8 * pitch));
        Avx512F.Shuffle4x128(abOdd, cdOdd, 0xDD).StoreUnsafe(ref Unsafe.Add(ref to, 12 * pitch));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Transpose8(ref float from, ref nint starts, ref float to, nint toPitch)
    {
        Quads(Half(ref from, 0, ref starts), Half(ref from, 1, ref starts), Half(ref from, 2, ref starts), Half(ref from, 3, ref starts),
            out var a0, out var a1, out var a2, out var a3);
        Quads(Half(ref from, 4, ref starts), Half(ref from, 5, ref starts), Half(ref from, 6, ref starts), Half(ref from, 7, ref starts),
            out var b0, out var b1, out var b2, out var b3);
        StoreLanes(a0, b0, ref to, toPitch);
        StoreLanes(a1, b1, ref Unsafe.Add(ref to, toPitch), toPitch);
        StoreLanes(a2, b2, ref Unsafe.Add(ref to, 2 * toPitch), toPitch);
        StoreLanes(a3, b3, ref Unsafe.Add(ref to, 3 * toPitch), toPitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Half(ref float from, int row, ref nint starts) => Vector256.LoadUnsafe(ref Unsafe.Add(ref from, Unsafe.Add(ref starts, row)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Quads(Vector256<float> p, Vector256<float> q, Vector256<float> r, Vector256<float> s,
        out Vector256<float> a, out Vector256<float> b, out Vector256<float> c, out Vector256<float> d)
    {
        var (pqLow, pqHigh) = (Avx.UnpackLow(p, q).AsDouble(), Avx.UnpackHigh(p, q).AsDouble());
        var (rsLow, rsHigh) = (Avx.UnpackLow(r, s).AsDouble(), Avx.UnpackHigh(r, s).AsDouble());
        a = Avx.UnpackLow(pqLow, rsLow).AsSingle();
        b = Avx.UnpackHigh(pqLow, rsLow).AsSingle();
        c = Avx.UnpackLow(pqHigh, rsHigh).AsSingle();
        d = Avx.UnpackHigh(pqHigh, rsHigh).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StoreLanes(Vector256<float> a, Vector256<float> b, ref float to, nint pitch)
    {
        Avx.Permute2x128(a, b, 0x20).StoreUnsafe(ref to);
        Avx.Permute2x128(a, b, 0x31).StoreUnsafe(ref Unsafe.Add(ref to, 4 * pitch));
    }
}
