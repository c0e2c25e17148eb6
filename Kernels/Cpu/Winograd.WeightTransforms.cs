using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

// Cotangents of 4 x 4 outputs, and weights, become 36 points; a gradient's 36 points become weights.
public static partial class Winograd
{
    private static int Padded(int inputs) => (inputs + Lanes - 1) / Lanes * Lanes;

    // The points of one tile of all channels, sample by sample with the channels side by side: [36][samples][channels].
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void TransposedTile<TPrologue>(in Maps maps, TPrologue x, int at, int rows, int columns, int top, int left, ref float window, ref float tile, ref float v, int padded, int pitch)
        where TPrologue : struct, IPrologue, allows ref struct
    {
        var run = TileRun.From(at, 1, rows, columns);
        for (var c = 0; c < maps.Planes; c += Lanes)
        {
            for (var p = c; p < Math.Min(c + Lanes, maps.Planes); p++)
            {
                Window(maps, x, run.Sample, p, run.Row - top, run.Column - left, Side + 2, Side + 2, ref window);
                if (Vector512.IsHardwareAccelerated)
                    Input(ref window, ref Unsafe.Add(ref tile, (p - c) * Lanes), Lanes * Lanes);
                else
                    InputInHalves(ref window, ref Unsafe.Add(ref tile, (p - c) * Lanes), Lanes * Lanes);
            }
            for (var k = 0; k < Points; k++)
                LaneTransposes.Block(ref Unsafe.Add(ref tile, k * Lanes * Lanes), Lanes, ref Unsafe.Add(ref v, (k * pitch) + c), padded);
        }
    }

    // D = A dy A' for so many tiles of all planes; lanes that do not count are 0.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CotangentTiles<TPrologue>(in Maps maps, TPrologue dy, int first, int tiles, ref float window, ref float d, nint tile, nint plane, nint pitch, int valid)
        where TPrologue : struct, IPrologue, allows ref struct
    {
        for (var done = 0; done < tiles;)
        {
            var run = TileRun.From(first + done, tiles - done, maps.Height, maps.Width);
            for (var p = 0; p < maps.Planes; p++)
            {
                Window(maps, dy, run.Sample, maps.First + p, run.Row, run.Column, Side, run.Count * Side, ref window);
                ref var to = ref Unsafe.Add(ref d, (done * tile) + (p * plane));
                for (var t = 0; t < run.Count; t++)
                {
                    if (Vector512.IsHardwareAccelerated)
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

    // G: (1/4, 0, 0), (-1/6, -1/6, -1/6), (-1/6, 1/6, -1/6), (1/24, 1/12, 1/6), (1/24, -1/12, 1/6), (0, 0, 1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void KernelRow(Vector512<float> w0, Vector512<float> w1, Vector512<float> w2, ref float u, nint pitch)
    {
        (w0 * 0.25f).StoreUnsafe(ref u);
        var (even, odd) = ((w0 + w2) * (-1f / 6), w1 * (-1f / 6));
        (even + odd).StoreUnsafe(ref Unsafe.Add(ref u, pitch));
        (even - odd).StoreUnsafe(ref Unsafe.Add(ref u, 2 * pitch));
        (even, odd) = ((w0 * (1f / 24)) + (w2 * (1f / 6)), w1 * (1f / 12));
        (even + odd).StoreUnsafe(ref Unsafe.Add(ref u, 3 * pitch));
        (even - odd).StoreUnsafe(ref Unsafe.Add(ref u, 4 * pitch));
        w2.StoreUnsafe(ref Unsafe.Add(ref u, 5 * pitch));
    }

    // G': six numbers become three.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightRow(ref float g, nint pitch, ref float w, nint to)
    {
        var (g1, g2, g3, g4) = (At(ref g, pitch), At(ref g, 2 * pitch), At(ref g, 3 * pitch), At(ref g, 4 * pitch));
        var (one, two) = ((g1 + g2) * (-1f / 6), g3 + g4);
        ((At(ref g, 0) * 0.25f) + one + (two * (1f / 24))).StoreUnsafe(ref w);
        (((g2 - g1) * (1f / 6)) + ((g3 - g4) * (1f / 12))).StoreUnsafe(ref Unsafe.Add(ref w, to));
        (one + (two * (1f / 6)) + At(ref g, 5 * pitch)).StoreUnsafe(ref Unsafe.Add(ref w, 2 * to));
    }
}
