using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

// Cotangents of a tile's outputs, and weights, become 36 points; a gradient's 36 points become weights.
public static partial class Winograd<TTaps>
{
    private static int Padded(int inputs) => (inputs + Lanes - 1) / Lanes * Lanes;

    // The points of one tile of all channels, sample by sample with the channels side by side: [36][samples][channels].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposedTile(in Maps maps, ref float x, in Strip one, int top, int left, ref float window, ref float tile, ref float v, int padded, int pitch)
    {
        for (var c = 0; c < maps.Planes; c += Lanes)
        {
            InputTiles(maps with { First = c, Planes = Math.Min(Lanes, maps.Planes - c) }, ref x, one, top, left, ref window, ref tile, 0, Lanes, Lanes * Lanes, new PlainMap());
            for (var k = 0; k < Points; k++)
                if (one.Having(k).Count > 0)
                    LaneTransposes.Block(ref Unsafe.Add(ref tile, k * Lanes * Lanes), Lanes, ref Unsafe.Add(ref v, (k * pitch) + c), padded);
        }
    }

    // D = A dy A' for a strip's tiles of all planes; lanes that do not count are 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CotangentTiles(in Maps maps, ref float dy, in Strip strip, ref float window, ref float d, nint tile, nint plane, nint pitch, int valid)
    {
        foreach (var run in strip)
            for (var p = 0; p < maps.Planes; p++)
            {
                Window(maps, ref dy, run.Sample, maps.First + p, run.Row, run.Column, run.Rows, run.Columns, ref window, new PlainMap());
                if (run.IsLow)
                    CotangentRun<Narrow>(run, ref window, ref Unsafe.Add(ref d, p * plane), tile, pitch, valid);
                else
                    CotangentRun<Whole>(run, ref window, ref Unsafe.Add(ref d, p * plane), tile, pitch, valid);
            }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CotangentRun<TRows>(in TileRun run, ref float window, ref float d, nint tile, nint pitch, int valid)
        where TRows : struct, IExtent
    {
        for (var t = 0; t < run.Broad; t++)
            CotangentTile<TRows, Whole>(ref Unsafe.Add(ref window, t * Side * Lanes), ref Unsafe.Add(ref d, (run.First + t) * tile), pitch, valid);
        if (run.EndsThin)
            CotangentTile<TRows, Narrow>(ref Unsafe.Add(ref window, run.Broad * Side * Lanes), ref Unsafe.Add(ref d, run.Last * tile), pitch, valid);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentTile<TRows, TColumns>(ref float y, ref float d, nint pitch, int valid)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
    {
        if (Avx512F.IsSupported)
            Cotangent<TRows, TColumns>(ref y, ref d, pitch);
        else
            for (nint half = 0; half < Lanes; half += Lanes / 2)
                CotangentOfHalf<TRows, TColumns>(ref Unsafe.Add(ref y, half), ref Unsafe.Add(ref d, half), pitch);
        if (valid < Lanes)
            for (var k = 0; k < Points; k++)
                (At(ref d, k * pitch) & LaneSums.Mask512(valid)).StoreUnsafe(ref Unsafe.Add(ref d, k * pitch));
    }

    // D = A dy A' for one channel of one tile.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Cotangent<TRows, TColumns>(ref float y, ref float d, nint pitch)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
    {
        const int row = WindowRow, column = Lanes;
        CotangentRow<TColumns>(ref y, ref d, pitch);
        CotangentRow<TColumns>(ref Unsafe.Add(ref y, (IsShort<TRows>() ? 1 : 3) * row), ref Unsafe.Add(ref d, 30 * pitch), pitch);

        Vector512<float> a2 = default, a3 = default, b2 = default, b3 = default;
        Pair<TRows>(ref y, row, 1f, out var a0, out var b0);
        Pair<TRows>(ref Unsafe.Add(ref y, column), row, 1f, out var a1, out var b1);
        if (!IsShort<TColumns>())
        {
            Pair<TRows>(ref Unsafe.Add(ref y, 2 * column), row, 1f, out a2, out b2);
            Pair<TRows>(ref Unsafe.Add(ref y, 3 * column), row, 1f, out a3, out b3);
        }
        CotangentRow<TColumns>(a0, a1, a2, a3, ref Unsafe.Add(ref d, 6 * pitch), pitch);
        CotangentRow<TColumns>(b0, b1, b2, b3, ref Unsafe.Add(ref d, 12 * pitch), pitch);
        if (TRows.IsNarrow)
            return;

        Pair<TRows>(ref y, row, 2f, out a0, out b0);
        Pair<TRows>(ref Unsafe.Add(ref y, column), row, 2f, out a1, out b1);
        if (!IsShort<TColumns>())
        {
            Pair<TRows>(ref Unsafe.Add(ref y, 2 * column), row, 2f, out a2, out b2);
            Pair<TRows>(ref Unsafe.Add(ref y, 3 * column), row, 2f, out a3, out b3);
        }
        CotangentRow<TColumns>(a0, a1, a2, a3, ref Unsafe.Add(ref d, 18 * pitch), pitch);
        CotangentRow<TColumns>(b0, b1, b2, b3, ref Unsafe.Add(ref d, 24 * pitch), pitch);
    }

    // A's rows for a point p and -p: y0 + p^2 y2 and p (y1 + p^2 y3), added and subtracted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair<TRows>(ref float y, nint row, float point, out Vector512<float> plus, out Vector512<float> minus)
        where TRows : struct, IExtent
    {
        var square = Vector512.Create(point * point);
        var even = IsShort<TRows>() ? At(ref y, 0) : Vector512.FusedMultiplyAdd(At(ref y, 2 * row), square, At(ref y, 0));
        var odd = (IsShort<TRows>() ? At(ref y, row) : Vector512.FusedMultiplyAdd(At(ref y, 3 * row), square, At(ref y, row))) * point;
        (plus, minus) = (even + odd, even - odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentRow<TColumns>(ref float y, ref float d, nint pitch)
        where TColumns : struct, IExtent
    {
        const int column = Lanes;
        if (IsShort<TColumns>())
            CotangentRow<TColumns>(At(ref y, 0), At(ref y, column), default, default, ref d, pitch);
        else
            CotangentRow<TColumns>(At(ref y, 0), At(ref y, column), At(ref y, 2 * column), At(ref y, 3 * column), ref d, pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentRow<TColumns>(Vector512<float> y0, Vector512<float> y1, Vector512<float> y2, Vector512<float> y3, ref float d, nint pitch)
        where TColumns : struct, IExtent
    {
        y0.StoreUnsafe(ref d);
        var even = IsShort<TColumns>() ? y0 : y0 + y2;
        var odd = IsShort<TColumns>() ? y1 : y1 + y3;
        (even + odd).StoreUnsafe(ref Unsafe.Add(ref d, pitch));
        (even - odd).StoreUnsafe(ref Unsafe.Add(ref d, 2 * pitch));
        if (!TColumns.IsNarrow)
        {
            even = IsShort<TColumns>() ? y0 : Vector512.FusedMultiplyAdd(y2, Vector512.Create(4f), y0);
            odd = IsShort<TColumns>() ? y1 : Vector512.FusedMultiplyAdd(y3, Vector512.Create(4f), y1);
            odd += odd;
            (even + odd).StoreUnsafe(ref Unsafe.Add(ref d, 3 * pitch));
            (even - odd).StoreUnsafe(ref Unsafe.Add(ref d, 4 * pitch));
        }
        (IsShort<TColumns>() ? y1 : y3).StoreUnsafe(ref Unsafe.Add(ref d, 5 * pitch));
    }

    // G: a point p's row is (1, p, p^2 ..) by the product of its differences from the other points: 4 for 0, -6 for 1 and -1, 24 for 2 and -2. Infinity has the last tap.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KernelRow(ref float w, nint step, ref float u, nint pitch)
    {
        var (w0, w1, w2) = (At(ref w, 0), At(ref w, step), At(ref w, 2 * step));
        var (one, oneOdd, two, twoOdd, last) = (w0 + w2, w1, (w0 * (1f / 24)) + (w2 * (1f / 6)), w1 * (1f / 12), w2);
        if (TTaps.Count == 5)
        {
            var w3 = At(ref w, 3 * step);
            last = At(ref w, 4 * step);
            (one, oneOdd, two, twoOdd) = (one + last, oneOdd + w3, two + (last * (2f / 3)), twoOdd + (w3 * (1f / 3)));
        }
        (w0 * 0.25f).StoreUnsafe(ref u);
        (one, oneOdd) = (one * (-1f / 6), oneOdd * (-1f / 6));
        (one + oneOdd).StoreUnsafe(ref Unsafe.Add(ref u, pitch));
        (one - oneOdd).StoreUnsafe(ref Unsafe.Add(ref u, 2 * pitch));
        (two + twoOdd).StoreUnsafe(ref Unsafe.Add(ref u, 3 * pitch));
        (two - twoOdd).StoreUnsafe(ref Unsafe.Add(ref u, 4 * pitch));
        last.StoreUnsafe(ref Unsafe.Add(ref u, 5 * pitch));
    }

    // G': six numbers become as many as there are taps.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightRow(ref float g, nint pitch, ref float w, nint to)
    {
        var (g1, g2, g3, g4, last) = (At(ref g, pitch), At(ref g, 2 * pitch), At(ref g, 3 * pitch), At(ref g, 4 * pitch), At(ref g, 5 * pitch));
        var (one, two) = ((g1 + g2) * (-1f / 6), g3 + g4);
        var (oneOdd, twoOdd) = ((g2 - g1) * (1f / 6), g3 - g4);
        ((At(ref g, 0) * 0.25f) + one + (two * (1f / 24))).StoreUnsafe(ref w);
        (oneOdd + (twoOdd * (1f / 12))).StoreUnsafe(ref Unsafe.Add(ref w, to));
        if (TTaps.Count == 3)
        {
            (one + (two * (1f / 6)) + last).StoreUnsafe(ref Unsafe.Add(ref w, 2 * to));
            return;
        }
        (one + (two * (1f / 6))).StoreUnsafe(ref Unsafe.Add(ref w, 2 * to));
        (oneOdd + (twoOdd * (1f / 3))).StoreUnsafe(ref Unsafe.Add(ref w, 3 * to));
        (one + (two * (2f / 3)) + last).StoreUnsafe(ref Unsafe.Add(ref w, 4 * to));
    }
}
