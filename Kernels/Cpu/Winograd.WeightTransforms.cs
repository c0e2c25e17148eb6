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
    private static void TransposedTile(in Maps maps, ref float x, int at, int rows, int columns, int top, int left, ref float window, ref float tile, ref float v, int padded, int pitch)
    {
        for (var c = 0; c < maps.Planes; c += Lanes)
        {
            InputTiles(maps with { First = c, Planes = Math.Min(Lanes, maps.Planes - c) }, ref x, at, 1, rows, columns, top, left, ref window, ref tile, 0, Lanes, Lanes * Lanes, new PlainMap());
            for (var k = 0; k < Points; k++)
                LaneTransposes.Block(ref Unsafe.Add(ref tile, k * Lanes * Lanes), Lanes, ref Unsafe.Add(ref v, (k * pitch) + c), padded);
        }
    }

    // D = A dy A' for so many tiles of all planes; lanes that do not count are 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CotangentTiles(in Maps maps, ref float dy, int first, int tiles, ref float window, ref float d, nint tile, nint plane, nint pitch, int valid)
    {
        for (var done = 0; done < tiles;)
        {
            var run = TileRun.From(first + done, tiles - done, maps.Height, maps.Width);
            for (var p = 0; p < maps.Planes; p++)
            {
                Window(maps, ref dy, run.Sample, maps.First + p, run.Row, run.Column, Side, run.Count * Side, ref window, new PlainMap());
                ref var to = ref Unsafe.Add(ref d, (done * tile) + (p * plane));
                for (var t = 0; t < run.Count; t++)
                {
                    if (Avx512F.IsSupported)
                        Cotangent(ref Unsafe.Add(ref window, t * Side * Lanes), ref to, pitch);
                    else
                        CotangentInHalves(ref Unsafe.Add(ref window, t * Side * Lanes), ref to, pitch);
                    if (valid < Lanes)
                        for (var k = 0; k < Points; k++)
                            (At(ref to, k * pitch) & LaneSums.Mask512(valid)).StoreUnsafe(ref Unsafe.Add(ref to, k * pitch));
                    to = ref Unsafe.Add(ref to, tile);
                }
            }
            done += run.Count;
        }
    }

    // D = A dy A' for one channel of one tile.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Cotangent(ref float y, ref float d, nint pitch)
    {
        if (Side == 2)
        {
            CotangentOfTwo(ref y, ref d, pitch);
            return;
        }
        const int row = WindowRow, column = Lanes;
        CotangentRow(At(ref y, 0), At(ref y, column), At(ref y, 2 * column), At(ref y, 3 * column), ref d, pitch);
        ref var last = ref Unsafe.Add(ref y, 3 * row);
        CotangentRow(At(ref last, 0), At(ref last, column), At(ref last, 2 * column), At(ref last, 3 * column), ref Unsafe.Add(ref d, 30 * pitch), pitch);

        Pair(ref y, row, Vector512<float>.One, Vector512<float>.One, out var a0, out var b0);
        Pair(ref Unsafe.Add(ref y, column), row, Vector512<float>.One, Vector512<float>.One, out var a1, out var b1);
        Pair(ref Unsafe.Add(ref y, 2 * column), row, Vector512<float>.One, Vector512<float>.One, out var a2, out var b2);
        Pair(ref Unsafe.Add(ref y, 3 * column), row, Vector512<float>.One, Vector512<float>.One, out var a3, out var b3);
        CotangentRow(a0, a1, a2, a3, ref Unsafe.Add(ref d, 6 * pitch), pitch);
        CotangentRow(b0, b1, b2, b3, ref Unsafe.Add(ref d, 12 * pitch), pitch);

        var (two, four) = (Vector512.Create(2f), Vector512.Create(4f));
        Pair(ref y, row, two, four, out a0, out b0);
        Pair(ref Unsafe.Add(ref y, column), row, two, four, out a1, out b1);
        Pair(ref Unsafe.Add(ref y, 2 * column), row, two, four, out a2, out b2);
        Pair(ref Unsafe.Add(ref y, 3 * column), row, two, four, out a3, out b3);
        CotangentRow(a0, a1, a2, a3, ref Unsafe.Add(ref d, 18 * pitch), pitch);
        CotangentRow(b0, b1, b2, b3, ref Unsafe.Add(ref d, 24 * pitch), pitch);
    }

    // The same of 2 x 2 outputs.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentOfTwo(ref float y, ref float d, nint pitch)
    {
        var (a0, a1, b0, b1) = (At(ref y, 0), At(ref y, Lanes), At(ref y, WindowRow), At(ref y, WindowRow + Lanes));
        CotangentRowOfTwo(a0, a1, ref d, pitch);
        CotangentRowOfTwo(a0 + b0, a1 + b1, ref Unsafe.Add(ref d, 6 * pitch), pitch);
        CotangentRowOfTwo(a0 - b0, a1 - b1, ref Unsafe.Add(ref d, 12 * pitch), pitch);
        CotangentRowOfTwo(b0, b1, ref Unsafe.Add(ref d, 30 * pitch), pitch);
        (b0, b1) = (b0 + b0, b1 + b1);
        CotangentRowOfTwo(a0 + b0, a1 + b1, ref Unsafe.Add(ref d, 18 * pitch), pitch);
        CotangentRowOfTwo(a0 - b0, a1 - b1, ref Unsafe.Add(ref d, 24 * pitch), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentRowOfTwo(Vector512<float> y0, Vector512<float> y1, ref float d, nint pitch)
    {
        y0.StoreUnsafe(ref d);
        (y0 + y1).StoreUnsafe(ref Unsafe.Add(ref d, pitch));
        (y0 - y1).StoreUnsafe(ref Unsafe.Add(ref d, 2 * pitch));
        y1.StoreUnsafe(ref Unsafe.Add(ref d, 5 * pitch));
        y1 += y1;
        (y0 + y1).StoreUnsafe(ref Unsafe.Add(ref d, 3 * pitch));
        (y0 - y1).StoreUnsafe(ref Unsafe.Add(ref d, 4 * pitch));
    }

    // A's rows for a point p and -p: y0 + p^2 y2 and p (y1 + p^2 y3), added and subtracted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Pair(ref float y, nint row, Vector512<float> point, Vector512<float> square, out Vector512<float> plus, out Vector512<float> minus)
    {
        var even = Vector512.FusedMultiplyAdd(At(ref y, 2 * row), square, At(ref y, 0));
        var odd = Vector512.FusedMultiplyAdd(At(ref y, 3 * row), square, At(ref y, row)) * point;
        (plus, minus) = (even + odd, even - odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentRow(Vector512<float> y0, Vector512<float> y1, Vector512<float> y2, Vector512<float> y3, ref float d, nint pitch)
    {
        y0.StoreUnsafe(ref d);
        var (even, odd) = (y0 + y2, y1 + y3);
        (even + odd).StoreUnsafe(ref Unsafe.Add(ref d, pitch));
        (even - odd).StoreUnsafe(ref Unsafe.Add(ref d, 2 * pitch));
        even = Vector512.FusedMultiplyAdd(y2, Vector512.Create(4f), y0);
        odd = Vector512.FusedMultiplyAdd(y3, Vector512.Create(4f), y1);
        odd += odd;
        (even + odd).StoreUnsafe(ref Unsafe.Add(ref d, 3 * pitch));
        (even - odd).StoreUnsafe(ref Unsafe.Add(ref d, 4 * pitch));
        y3.StoreUnsafe(ref Unsafe.Add(ref d, 5 * pitch));
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
