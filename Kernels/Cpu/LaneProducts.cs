using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

/// <summary>
/// Products of matrices whose inner index runs over the lanes: each element is a sum over vectors and over their 16 lanes. Tiles of four by four elements stay in registers as vectors; their lanes are
/// added once, at the end, in the order of <see cref="LaneSums"/>.
/// </summary>
public static class LaneProducts
{
    private const int Lanes = LaneBlocks.Lanes, Side = 4;

    /// <summary>c[i, j] = sum over k and lane of a[i, k, lane] b[j, k, lane], or that much is added to c.</summary>
    /// <param name="a">[rows][vectors][16].</param>
    /// <param name="aPitch">Floats from one row of a to the next.</param>
    /// <param name="b">[columns][vectors][16].</param>
    /// <param name="bPitch">Floats from one row of b to the next.</param>
    /// <param name="c">[rows][columns rounded up to 4]; what is beyond the columns receives anything.</param>
    /// <param name="cPitch">Floats from one row of c to the next.</param>
    /// <param name="rows">Rows of a and c.</param>
    /// <param name="columns">Rows of b, columns of c.</param>
    /// <param name="vectors">How many vectors a row has.</param>
    /// <param name="add">Whether c is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref float a, nint aPitch, ref float b, nint bPitch, ref float c, nint cPitch, int rows, int columns, int vectors, bool add)
    {
        if (!Avx512F.IsSupported)
        {
            MultiplyHalves(ref a, aPitch, ref b, bPitch, ref c, cPitch, rows, columns, vectors, add);
            return;
        }
        for (var row = 0; row < rows; row += Side)
        {
            // Beyond the last row the last is multiplied once more, and not stored.
            var count = Math.Min(Side, rows - row);
            ref var a0 = ref Unsafe.Add(ref a, row * aPitch);
            ref var a1 = ref Unsafe.Add(ref a0, Math.Min(1, count - 1) * aPitch);
            ref var a2 = ref Unsafe.Add(ref a0, Math.Min(2, count - 1) * aPitch);
            ref var a3 = ref Unsafe.Add(ref a0, (count - 1) * aPitch);
            for (var column = 0; column < columns; column += Side)
            {
                ref var b0 = ref Unsafe.Add(ref b, column * bPitch);
                ref var b1 = ref Unsafe.Add(ref b0, Math.Min(1, columns - 1 - column) * bPitch);
                var sums = columns - column <= 2
                    ? Tile4x2(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, vectors)
                    : Tile4x4(ref a0, ref a1, ref a2, ref a3, ref b0, ref b1, ref Unsafe.Add(ref b0, 2 * bPitch), ref Unsafe.Add(ref b0, Math.Min(3, columns - 1 - column) * bPitch), vectors);
                ref var to = ref Unsafe.Add(ref c, (row * cPitch) + column);
                Store(sums.GetLower().GetLower(), ref to, add);
                if (count > 1)
                    Store(sums.GetLower().GetUpper(), ref Unsafe.Add(ref to, cPitch), add);
                if (count > 2)
                    Store(sums.GetUpper().GetLower(), ref Unsafe.Add(ref to, 2 * cPitch), add);
                if (count > 3)
                    Store(sums.GetUpper().GetUpper(), ref Unsafe.Add(ref to, 3 * cPitch), add);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Tile4x4(ref float a0, ref float a1, ref float a2, ref float a3, ref float b0, ref float b1, ref float b2, ref float b3, int vectors)
    {
        Vector512<float> s00 = Vector512<float>.Zero, s01 = s00, s02 = s00, s03 = s00, s10 = s00, s11 = s00, s12 = s00, s13 = s00;
        Vector512<float> s20 = s00, s21 = s00, s22 = s00, s23 = s00, s30 = s00, s31 = s00, s32 = s00, s33 = s00;
        for (nint k = 0; k < vectors * Lanes; k += Lanes)
        {
            var (x0, x1, x2, x3) = (At(ref b0, k), At(ref b1, k), At(ref b2, k), At(ref b3, k));
            var y = At(ref a0, k);
            s00 = Vector512.FusedMultiplyAdd(x0, y, s00);
            s01 = Vector512.FusedMultiplyAdd(x1, y, s01);
            s02 = Vector512.FusedMultiplyAdd(x2, y, s02);
            s03 = Vector512.FusedMultiplyAdd(x3, y, s03);
            y = At(ref a1, k);
            s10 = Vector512.FusedMultiplyAdd(x0, y, s10);
            s11 = Vector512.FusedMultiplyAdd(x1, y, s11);
            s12 = Vector512.FusedMultiplyAdd(x2, y, s12);
            s13 = Vector512.FusedMultiplyAdd(x3, y, s13);
            y = At(ref a2, k);
            s20 = Vector512.FusedMultiplyAdd(x0, y, s20);
            s21 = Vector512.FusedMultiplyAdd(x1, y, s21);
            s22 = Vector512.FusedMultiplyAdd(x2, y, s22);
            s23 = Vector512.FusedMultiplyAdd(x3, y, s23);
            y = At(ref a3, k);
            s30 = Vector512.FusedMultiplyAdd(x0, y, s30);
            s31 = Vector512.FusedMultiplyAdd(x1, y, s31);
            s32 = Vector512.FusedMultiplyAdd(x2, y, s32);
            s33 = Vector512.FusedMultiplyAdd(x3, y, s33);
        }
        return Halves(
            Four(Quads(s00, s20), Quads(s01, s21), Quads(s02, s22), Quads(s03, s23)),
            Four(Quads(s10, s30), Quads(s11, s31), Quads(s12, s32), Quads(s13, s33)));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector512<float> Tile4x2(ref float a0, ref float a1, ref float a2, ref float a3, ref float b0, ref float b1, int vectors)
    {
        Vector512<float> s00 = Vector512<float>.Zero, s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        for (nint k = 0; k < vectors * Lanes; k += Lanes)
        {
            var (x0, x1) = (At(ref b0, k), At(ref b1, k));
            var y = At(ref a0, k);
            s00 = Vector512.FusedMultiplyAdd(x0, y, s00);
            s01 = Vector512.FusedMultiplyAdd(x1, y, s01);
            y = At(ref a1, k);
            s10 = Vector512.FusedMultiplyAdd(x0, y, s10);
            s11 = Vector512.FusedMultiplyAdd(x1, y, s11);
            y = At(ref a2, k);
            s20 = Vector512.FusedMultiplyAdd(x0, y, s20);
            s21 = Vector512.FusedMultiplyAdd(x1, y, s21);
            y = At(ref a3, k);
            s30 = Vector512.FusedMultiplyAdd(x0, y, s30);
            s31 = Vector512.FusedMultiplyAdd(x1, y, s31);
        }
        var (even, odd) = (Pairs(Quads(s00, s20), Quads(s01, s21)), Pairs(Quads(s10, s30), Quads(s11, s31)));
        return Halves(Singles(even, even), Singles(odd, odd));
    }

    // Lanes i and i + 4 of each half: [p low half's four, p high half's, q low half's, q high half's].
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Quads(Vector512<float> p, Vector512<float> q) => Avx512F.Shuffle4x128(p, q, 0x88) + Avx512F.Shuffle4x128(p, q, 0xDD);

    // Then i and i + 2: in each quarter two numbers of p and two of q.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Pairs(Vector512<float> p, Vector512<float> q) =>
        Avx512F.UnpackLow(p.AsDouble(), q.AsDouble()).AsSingle() + Avx512F.UnpackHigh(p.AsDouble(), q.AsDouble()).AsSingle();

    // Then i and i + 1.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Singles(Vector512<float> p, Vector512<float> q) => Avx512F.Shuffle(p, q, 0x88) + Avx512F.Shuffle(p, q, 0xDD);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Four(Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> d) => Singles(Pairs(a, b), Pairs(c, d));

    // The halves at last: rows 0 and 2 are in the first operand, 1 and 3 in the second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Halves(Vector512<float> even, Vector512<float> odd)
    {
        var sums = Avx512F.Shuffle4x128(even, odd, 0x88) + Avx512F.Shuffle4x128(even, odd, 0xDD); // rows 0, 2, 1, 3
        return Avx512F.Shuffle4x128(sums, sums, 0xD8);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector128<float> sums, ref float c, bool add) => (add ? Vector128.LoadUnsafe(ref c) + sums : sums).StoreUnsafe(ref c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> At(ref float from, nint offset) => Vector512.LoadUnsafe(ref Unsafe.Add(ref from, offset));

    // For processors with 16 registers of 256 bits: two by two elements, as two halves.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyHalves(ref float a, nint aPitch, ref float b, nint bPitch, ref float c, nint cPitch, int rows, int columns, int vectors, bool add)
    {
        for (var row = 0; row < rows; row += 2)
        {
            ref var a0 = ref Unsafe.Add(ref a, row * aPitch);
            ref var a1 = ref Unsafe.Add(ref a0, Math.Min(1, rows - 1 - row) * aPitch);
            for (var column = 0; column < columns; column += 2)
            {
                ref var b0 = ref Unsafe.Add(ref b, column * bPitch);
                ref var b1 = ref Unsafe.Add(ref b0, Math.Min(1, columns - 1 - column) * bPitch);
                ref var to = ref Unsafe.Add(ref c, (row * cPitch) + column);
                Tile2x2(ref a0, ref a1, ref b0, ref b1, vectors, ref to, ref Unsafe.Add(ref to, Math.Min(1, rows - 1 - row) * cPitch), add);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile2x2(ref float a0, ref float a1, ref float b0, ref float b1, int vectors, ref float c0, ref float c1, bool add)
    {
        const int half = Lanes / 2;
        Vector256<float> low00 = Vector256<float>.Zero, low01 = low00, low10 = low00, low11 = low00, high00 = low00, high01 = low00, high10 = low00, high11 = low00;
        for (nint k = 0; k < vectors * Lanes; k += Lanes)
        {
            var (x0, x1, y0, y1) = (HalfAt(ref b0, k), HalfAt(ref b1, k), HalfAt(ref a0, k), HalfAt(ref a1, k));
            low00 = Vector256.FusedMultiplyAdd(x0, y0, low00);
            low01 = Vector256.FusedMultiplyAdd(x1, y0, low01);
            low10 = Vector256.FusedMultiplyAdd(x0, y1, low10);
            low11 = Vector256.FusedMultiplyAdd(x1, y1, low11);
            (x0, x1, y0, y1) = (HalfAt(ref b0, k + half), HalfAt(ref b1, k + half), HalfAt(ref a0, k + half), HalfAt(ref a1, k + half));
            high00 = Vector256.FusedMultiplyAdd(x0, y0, high00);
            high01 = Vector256.FusedMultiplyAdd(x1, y0, high01);
            high10 = Vector256.FusedMultiplyAdd(x0, y1, high10);
            high11 = Vector256.FusedMultiplyAdd(x1, y1, high11);
        }
        var (s00, s01) = (LaneSums.SumLanes(low00) + LaneSums.SumLanes(high00), LaneSums.SumLanes(low01) + LaneSums.SumLanes(high01));
        var (s10, s11) = (LaneSums.SumLanes(low10) + LaneSums.SumLanes(high10), LaneSums.SumLanes(low11) + LaneSums.SumLanes(high11));
        // Where the second row is the first, it is computed and stored twice: all is read before anything is written.
        if (add)
            (s00, s01, s10, s11) = (c0 + s00, Unsafe.Add(ref c0, 1) + s01, c1 + s10, Unsafe.Add(ref c1, 1) + s11);
        (c0, Unsafe.Add(ref c0, 1)) = (s00, s01);
        (c1, Unsafe.Add(ref c1, 1)) = (s10, s11);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> HalfAt(ref float from, nint offset) => Vector256.LoadUnsafe(ref Unsafe.Add(ref from, offset));
}
