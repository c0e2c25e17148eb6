using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

// Tiles of maps: a window of 6 x 6 becomes 36 points, and 36 sums become 4 x 4 outputs.
public static partial class Winograd
{
    private static int Tiles(int size) => (size + Side - 1) / Side;

    // Where a tile's window begins.
    private static (int Row, int Column) Tile(int tile, int columns, int top, int left)
    {
        var (row, column) = Math.DivRem(tile, Tiles(columns));
        return ((row * Side) - top, (column * Side) - left);
    }

    /// <summary>Maps as vectors of 16 numbers: samples of one channel, or channels of one sample.</summary>
    /// <param name="Planes">Vectors at each place.</param>
    /// <param name="Height">Rows.</param>
    /// <param name="Width">Columns.</param>
    /// <param name="Plane">Floats from one vector of a place to the next.</param>
    /// <param name="Column">Floats from one place of a row to the next.</param>
    private readonly record struct Maps(int Planes, int Height, int Width, int Plane, int Column)
    {
        public int Row => Width * Column;

        public static Maps InLanes(int channels, int height, int width) => new(channels, height, width, height * width * Lanes, Lanes);

        public static Maps InRows(int channels, int height, int width) => new(channels / Lanes, height, width, Lanes, channels);
    }

    // The points of one tile of all planes.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputTile(in Maps maps, ref float x, (int Row, int Column) at, ref float window, ref float v, nint plane, nint pitch)
    {
        var isInside = at.Row >= 0 && at.Column >= 0 && at.Row + 6 <= maps.Height && at.Column + 6 <= maps.Width;
        for (var p = 0; p < maps.Planes; p++)
        {
            if (isInside)
                Input(ref Unsafe.Add(ref x, (at.Row * maps.Row) + (at.Column * maps.Column)), maps.Row, maps.Column, ref v, pitch);
            else
            {
                Window(maps, ref x, at, 6, ref window);
                Input(ref window, 6 * Lanes, Lanes, ref v, pitch);
            }
            x = ref Unsafe.Add(ref x, maps.Plane);
            v = ref Unsafe.Add(ref v, plane);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OutputTile<TEpilogue>(in Maps maps, ref float y, nint from, (int Row, int Column) at, ref float m, nint plane, nint pitch, int channels, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        var place = from + (at.Row * maps.Row) + (at.Column * maps.Column);
        var (rows, columns) = (Math.Min(Side, maps.Height - at.Row), Math.Min(Side, maps.Width - at.Column));
        for (var p = 0; p < maps.Planes; p++)
        {
            Output(ref m, pitch, ref y, place, maps.Row, maps.Column, rows, columns, p * channels, epilogue);
            place += maps.Plane;
            m = ref Unsafe.Add(ref m, plane);
        }
    }

    // The part of a plane that lies under a window, with zeros where it reaches beyond the map.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window(in Maps maps, ref float x, (int Row, int Column) at, int side, ref float window)
    {
        var (firstRow, lastRow) = (Math.Max(0, -at.Row), Math.Min(side, maps.Height - at.Row));
        var (firstColumn, lastColumn) = (Math.Max(0, -at.Column), Math.Min(side, maps.Width - at.Column));
        if (firstRow > 0 || firstColumn > 0 || lastRow < side || lastColumn < side)
            for (var i = 0; i < side * side; i++)
                Vector512<float>.Zero.StoreUnsafe(ref Unsafe.Add(ref window, i * Lanes));
        for (var i = firstRow; i < lastRow; i++)
        {
            ref var from = ref Unsafe.Add(ref x, ((at.Row + i) * maps.Row) + ((at.Column + firstColumn) * maps.Column));
            ref var to = ref Unsafe.Add(ref window, ((i * side) + firstColumn) * Lanes);
            for (var j = firstColumn; j < lastColumn; j++)
            {
                Vector512.LoadUnsafe(ref from).StoreUnsafe(ref to);
                from = ref Unsafe.Add(ref from, maps.Column);
                to = ref Unsafe.Add(ref to, Lanes);
            }
        }
    }

    // V = B' d B for one channel of one tile. The rows of B' d are made in pairs that share their sums, so that 12 values at a time stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Input(ref float d, nint row, nint column, ref float v, nint pitch)
    {
        OuterRows(ref d, row, out var a0, out var b0);
        OuterRows(ref Unsafe.Add(ref d, column), row, out var a1, out var b1);
        OuterRows(ref Unsafe.Add(ref d, 2 * column), row, out var a2, out var b2);
        OuterRows(ref Unsafe.Add(ref d, 3 * column), row, out var a3, out var b3);
        OuterRows(ref Unsafe.Add(ref d, 4 * column), row, out var a4, out var b4);
        OuterRows(ref Unsafe.Add(ref d, 5 * column), row, out var a5, out var b5);
        InputRow(a0, a1, a2, a3, a4, a5, ref v, pitch);
        InputRow(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 30 * pitch), pitch);

        OneRows(ref d, row, out a0, out b0);
        OneRows(ref Unsafe.Add(ref d, column), row, out a1, out b1);
        OneRows(ref Unsafe.Add(ref d, 2 * column), row, out a2, out b2);
        OneRows(ref Unsafe.Add(ref d, 3 * column), row, out a3, out b3);
        OneRows(ref Unsafe.Add(ref d, 4 * column), row, out a4, out b4);
        OneRows(ref Unsafe.Add(ref d, 5 * column), row, out a5, out b5);
        InputRow(a0, a1, a2, a3, a4, a5, ref Unsafe.Add(ref v, 6 * pitch), pitch);
        InputRow(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 12 * pitch), pitch);

        TwoRows(ref d, row, out a0, out b0);
        TwoRows(ref Unsafe.Add(ref d, column), row, out a1, out b1);
        TwoRows(ref Unsafe.Add(ref d, 2 * column), row, out a2, out b2);
        TwoRows(ref Unsafe.Add(ref d, 3 * column), row, out a3, out b3);
        TwoRows(ref Unsafe.Add(ref d, 4 * column), row, out a4, out b4);
        TwoRows(ref Unsafe.Add(ref d, 5 * column), row, out a5, out b5);
        InputRow(a0, a1, a2, a3, a4, a5, ref Unsafe.Add(ref v, 18 * pitch), pitch);
        InputRow(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 24 * pitch), pitch);
    }

    // The rows of B' for 0 and infinity: (4, 0, -5, 0, 1, 0) and (0, 4, 0, -5, 0, 1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OuterRows(ref float d, nint row, out Vector512<float> first, out Vector512<float> last)
    {
        first = Outer(At(ref d, 0), At(ref d, 2 * row), At(ref d, 4 * row));
        last = Outer(At(ref d, row), At(ref d, 3 * row), At(ref d, 5 * row));
    }

    // For 1 and -1: (0, -4, -4, 1, 1, 0) and (0, 4, -4, -1, 1, 0).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneRows(ref float d, nint row, out Vector512<float> plus, out Vector512<float> minus)
    {
        var even = Less4(At(ref d, 4 * row), At(ref d, 2 * row));
        var odd = Less4(At(ref d, 3 * row), At(ref d, row));
        (plus, minus) = (even + odd, even - odd);
    }

    // For 2 and -2: (0, -2, -1, 2, 1, 0) and (0, 2, -1, -2, 1, 0).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRows(ref float d, nint row, out Vector512<float> plus, out Vector512<float> minus)
    {
        var even = At(ref d, 4 * row) - At(ref d, 2 * row);
        var odd = At(ref d, 3 * row) - At(ref d, row);
        odd += odd;
        (plus, minus) = (even + odd, even - odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRow(Vector512<float> d0, Vector512<float> d1, Vector512<float> d2, Vector512<float> d3, Vector512<float> d4, Vector512<float> d5, ref float v, nint pitch)
    {
        Outer(d0, d2, d4).StoreUnsafe(ref v);
        var (even, odd) = (Less4(d4, d2), Less4(d3, d1));
        (even + odd).StoreUnsafe(ref Unsafe.Add(ref v, pitch));
        (even - odd).StoreUnsafe(ref Unsafe.Add(ref v, 2 * pitch));
        (even, odd) = (d4 - d2, d3 - d1);
        odd += odd;
        (even + odd).StoreUnsafe(ref Unsafe.Add(ref v, 3 * pitch));
        (even - odd).StoreUnsafe(ref Unsafe.Add(ref v, 4 * pitch));
        Outer(d1, d3, d5).StoreUnsafe(ref Unsafe.Add(ref v, 5 * pitch));
    }

    // y = A' m A for one channel of one tile: the first `rows` rows and `columns` columns of it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Output<TEpilogue>(ref float m, nint pitch, ref float y, nint at, nint row, nint column, int rows, int columns, nint channel, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        EvenRows(ref m, pitch, out var a0, out var b0);
        EvenRows(ref Unsafe.Add(ref m, pitch), pitch, out var a1, out var b1);
        EvenRows(ref Unsafe.Add(ref m, 2 * pitch), pitch, out var a2, out var b2);
        EvenRows(ref Unsafe.Add(ref m, 3 * pitch), pitch, out var a3, out var b3);
        EvenRows(ref Unsafe.Add(ref m, 4 * pitch), pitch, out var a4, out var b4);
        EvenRows(ref Unsafe.Add(ref m, 5 * pitch), pitch, out var a5, out var b5);
        OutputRow(a0, a1, a2, a3, a4, a5, ref y, at, column, columns, channel, epilogue);
        if (rows > 2)
            OutputRow(b0, b1, b2, b3, b4, b5, ref y, at + (2 * row), column, columns, channel, epilogue);
        if (rows == 1)
            return;
        OddRows(ref m, pitch, out a0, out b0);
        OddRows(ref Unsafe.Add(ref m, pitch), pitch, out a1, out b1);
        OddRows(ref Unsafe.Add(ref m, 2 * pitch), pitch, out a2, out b2);
        OddRows(ref Unsafe.Add(ref m, 3 * pitch), pitch, out a3, out b3);
        OddRows(ref Unsafe.Add(ref m, 4 * pitch), pitch, out a4, out b4);
        OddRows(ref Unsafe.Add(ref m, 5 * pitch), pitch, out a5, out b5);
        OutputRow(a0, a1, a2, a3, a4, a5, ref y, at + row, column, columns, channel, epilogue);
        if (rows > 3)
            OutputRow(b0, b1, b2, b3, b4, b5, ref y, at + (3 * row), column, columns, channel, epilogue);
    }

    // Rows 0 and 2 of A': (1, 1, 1, 1, 1, 0) and (0, 1, 1, 4, 4, 0); a point's rows lie six pitches apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EvenRows(ref float m, nint pitch, out Vector512<float> y0, out Vector512<float> y2)
    {
        var one = At(ref m, 6 * pitch) + At(ref m, 12 * pitch);
        var two = At(ref m, 18 * pitch) + At(ref m, 24 * pitch);
        (y0, y2) = (At(ref m, 0) + one + two, Vector512.FusedMultiplyAdd(two, Vector512.Create(4f), one));
    }

    // Rows 1 and 3: (0, 1, -1, 2, -2, 0) and (0, 1, -1, 8, -8, 1).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OddRows(ref float m, nint pitch, out Vector512<float> y1, out Vector512<float> y3)
    {
        var one = At(ref m, 6 * pitch) - At(ref m, 12 * pitch);
        var two = At(ref m, 18 * pitch) - At(ref m, 24 * pitch);
        (y1, y3) = (one + (two + two), Vector512.FusedMultiplyAdd(two, Vector512.Create(8f), one + At(ref m, 30 * pitch)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputRow<TEpilogue>(
        Vector512<float> m0, Vector512<float> m1, Vector512<float> m2, Vector512<float> m3, Vector512<float> m4, Vector512<float> m5, ref float y, nint at, nint column, int columns, nint channel, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        var (one, two) = (m1 + m2, m3 + m4);
        epilogue.Apply(m0 + one + two, at, channel).StoreUnsafe(ref Unsafe.Add(ref y, at));
        var (oneOdd, twoOdd) = (m1 - m2, m3 - m4);
        if (columns > 1)
            epilogue.Apply(oneOdd + (twoOdd + twoOdd), at + column, channel).StoreUnsafe(ref Unsafe.Add(ref y, at + column));
        if (columns > 2)
            epilogue.Apply(Vector512.FusedMultiplyAdd(two, Vector512.Create(4f), one), at + (2 * column), channel).StoreUnsafe(ref Unsafe.Add(ref y, at + (2 * column)));
        if (columns > 3)
            epilogue.Apply(Vector512.FusedMultiplyAdd(twoOdd, Vector512.Create(8f), oneOdd + m5), at + (3 * column), channel).StoreUnsafe(ref Unsafe.Add(ref y, at + (3 * column)));
    }

    // 4 a - 5 b + c
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Outer(Vector512<float> a, Vector512<float> b, Vector512<float> c) =>
        Vector512.FusedMultiplyAdd(a, Vector512.Create(4f), Vector512.FusedMultiplyAdd(b, Vector512.Create(-5f), c));

    // a - 4 b
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Less4(Vector512<float> a, Vector512<float> b) => Vector512.FusedMultiplyAdd(b, Vector512.Create(-4f), a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> At(ref float from, nint offset) => Vector512.LoadUnsafe(ref Unsafe.Add(ref from, offset));
}
