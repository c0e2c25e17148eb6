using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

// Tiles of maps: a window of 6 x 6 becomes 36 points, and 36 sums become the outputs of a tile.
public static partial class Winograd<TTaps>
{
    /// <summary>
    /// Floats from one row of a window to the next. Never near a multiple of 4096 bytes, as a map's own rows often are: six rows that fall into the same sets of the cache take twice the time to read.
    /// </summary>
    private const int WindowRow = 34 * Lanes;

    private const int WindowFloats = Reach * WindowRow;

    /// <summary>Maps as vectors of 16 numbers: samples of one channel, or channels of one sample.</summary>
    /// <param name="Planes">Vectors at each place.</param>
    /// <param name="Height">Rows.</param>
    /// <param name="Width">Columns.</param>
    /// <param name="Plane">Floats from one vector of a place to the next.</param>
    /// <param name="Column">Floats from one place of a row to the next.</param>
    /// <param name="Channels">Channels in a vector.</param>
    /// <param name="Sample">Floats from one sample to the next.</param>
    private readonly record struct Maps(int Planes, int Height, int Width, int Plane, int Column, int Channels, int Sample)
    {
        /// <summary>The first plane to look at.</summary>
        public int First { get; init; }

        /// <summary>Whether the maps are far from the core, so that what is read next is worth asking for.</summary>
        public bool IsFar { get; init; }

        public int Row => Width * Column;

        public static Maps InLanes(int channels, int height, int width) => new(channels, height, width, height * width * Lanes, Lanes, 1, 0);

        public static Maps InRows(int channels, int height, int width, int sample, int column) => new(channels / Lanes, height, width, Lanes, column, Lanes, sample);
    }

    // The points of a strip's tiles.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputTiles<TPrologue>(in Maps maps, ref float x, in Strip strip, int top, int left, ref float window, ref float v, nint tile, nint plane, nint pitch, TPrologue prologue)
        where TPrologue : struct, IPrologue, allows ref struct
    {
        foreach (var run in strip)
            for (var p = 0; p < maps.Planes; p++)
            {
                Window(maps, ref x, run.Sample, maps.First + p, run.Row - top, run.Column - left, run.Rows + TTaps.Count - 1, run.Columns + TTaps.Count - 1, ref window, prologue);
                if (run.IsLow)
                    InputRun<Narrow>(run, ref window, ref Unsafe.Add(ref v, p * plane), tile, pitch);
                else
                    InputRun<Whole>(run, ref window, ref Unsafe.Add(ref v, p * plane), tile, pitch);
            }
    }

    // Asks for what an epilogue will read at some of a strip's tiles: those that fall to one of its 36 products, during which memory has time.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch<TEpilogue>(in Maps maps, in Strip strip, int product, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        if (!epilogue.ReadsFar)
            return;
        var (first, last) = (product * strip.Count / Points, (product + 1) * strip.Count / Points);
        if (first == last)
            return;
        foreach (var run in new Strip(strip.First + first, last - first, maps.Height, maps.Width))
        {
            var (rows, columns) = (Math.Min(Side, maps.Height - run.Row), Math.Min(run.Count * Side, maps.Width - run.Column));
            var place = ((nint)run.Sample * maps.Sample) + (run.Row * maps.Row) + (run.Column * maps.Column);
            for (var p = 0; p < maps.Planes; p++)
            {
                for (var i = 0; i < rows; i++)
                    for (var j = 0; j < columns; j++)
                        epilogue.Fetch(place + (i * maps.Row) + (j * maps.Column), p * maps.Channels);
                place += maps.Plane;
            }
        }
    }

    // What comes of the points of a strip's tiles.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OutputTiles<TEpilogue>(in Maps maps, ref float y, in Strip strip, ref float m, nint tile, nint plane, nint pitch, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        foreach (var run in strip)
            if (run.IsLow)
                OutputRun<Narrow, TEpilogue>(maps, ref y, run, ref m, tile, plane, pitch, epilogue);
            else
                OutputRun<Whole, TEpilogue>(maps, ref y, run, ref m, tile, plane, pitch, epilogue);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputRun<TRows>(in TileRun run, ref float window, ref float v, nint tile, nint pitch)
        where TRows : struct, IExtent
    {
        for (var t = 0; t < run.Broad; t++)
            InputTile<TRows, Whole>(ref Unsafe.Add(ref window, t * Side * Lanes), ref Unsafe.Add(ref v, (run.First + t) * tile), pitch);
        if (run.EndsThin)
            InputTile<TRows, Narrow>(ref Unsafe.Add(ref window, run.Broad * Side * Lanes), ref Unsafe.Add(ref v, run.Last * tile), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputTile<TRows, TColumns>(ref float d, ref float v, nint pitch)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
    {
        if (Avx512F.IsSupported)
            Input<TRows, TColumns>(ref d, ref v, pitch);
        else
            for (nint half = 0; half < Lanes; half += Lanes / 2)
                InputOfHalf<TRows, TColumns>(ref Unsafe.Add(ref d, half), ref Unsafe.Add(ref v, half), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OutputRun<TRows, TEpilogue>(in Maps maps, ref float y, in TileRun run, ref float m, nint tile, nint plane, nint pitch, TEpilogue epilogue)
        where TRows : struct, IExtent
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        var place = ((nint)run.Sample * maps.Sample) + (run.Row * maps.Row) + (run.Column * maps.Column);
        var (rows, columns) = (Math.Min(Side, maps.Height - run.Row), maps.Width - run.Column);
        for (var t = 0; t < run.Broad; t++)
        {
            OutputTile<TRows, Whole, TEpilogue>(maps, ref y, place, Math.Min(Side, columns), rows, ref Unsafe.Add(ref m, (run.First + t) * tile), plane, pitch, epilogue);
            (place, columns) = (place + (Side * maps.Column), columns - Side);
        }
        if (run.EndsThin)
            OutputTile<TRows, Narrow, TEpilogue>(maps, ref y, place, columns, rows, ref Unsafe.Add(ref m, run.Last * tile), plane, pitch, epilogue);
    }

    // One tile of all planes.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputTile<TRows, TColumns, TEpilogue>(in Maps maps, ref float y, nint place, int columns, int rows, ref float m, nint plane, nint pitch, TEpilogue epilogue)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        for (var p = 0; p < maps.Planes; p++)
        {
            if (Avx512F.IsSupported)
                Output<TRows, TColumns, TEpilogue>(ref m, pitch, ref y, place, maps.Row, maps.Column, rows, columns, p * maps.Channels, epilogue);
            else
                for (nint half = 0; half < Lanes; half += Lanes / 2)
                    OutputOfHalf<TRows, TColumns, TEpilogue>(
                        ref Unsafe.Add(ref m, half), pitch, ref y, place + half, maps.Row, maps.Column, rows, columns, maps.Channels == 1 ? p : (p * maps.Channels) + half, epilogue);
            place += maps.Plane;
            m = ref Unsafe.Add(ref m, plane);
        }
    }

    // The part of a plane that lies under a window, with zeros where it reaches beyond the map.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window<TPrologue>(in Maps maps, ref float x, int sample, int plane, int row, int column, int rows, int columns, ref float window, TPrologue prologue)
        where TPrologue : struct, IPrologue, allows ref struct
    {
        var first = Math.Clamp(-column, 0, columns);
        var last = Math.Clamp(maps.Width - column, first, columns);
        var (place, step) = (((nint)sample * maps.Sample) + (plane * maps.Plane) + (row * maps.Row) + ((column + first) * maps.Column), (nint)maps.Column);
        var channel = (nint)plane * maps.Channels;
        for (var i = 0; i < rows; i++)
        {
            ref var to = ref Unsafe.Add(ref window, i * WindowRow);
            var isInside = (uint)(row + i) < (uint)maps.Height;
            for (nint j = 0; j < (isInside ? first : columns) * Lanes; j += Lanes)
                Vector512<float>.Zero.StoreUnsafe(ref Unsafe.Add(ref to, j));
            if (isInside)
            {
                ref var from = ref Unsafe.Add(ref x, place);
                // The next row of tiles begins with the rows that this one shares with it, and goes on with others that nobody has asked for; behind the last row comes the next sample's first.
                var (isNew, below) = (maps.IsFar && i >= rows - Side, (nint)Side * maps.Row);
                if (row + i + Side >= maps.Height)
                    below += maps.Sample - (maps.Height * maps.Row);
                Copy(ref from, step, ref Unsafe.Add(ref to, first * Lanes), last - first, channel, prologue);
                for (var j = isNew ? first : last; j < last; j++)
                {
                    Caches.Fetch(ref Unsafe.Add(ref from, below));
                    from = ref Unsafe.Add(ref from, step);
                }
                for (nint j = last * Lanes; j < columns * Lanes; j += Lanes)
                    Vector512<float>.Zero.StoreUnsafe(ref Unsafe.Add(ref to, j));
            }
            place += maps.Row;
        }
    }

    // Some neighbours of a row, four at a time: a short loop takes longer than its stores.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy<TPrologue>(ref float from, nint step, ref float to, int count, nint channel, TPrologue prologue)
        where TPrologue : struct, IPrologue, allows ref struct
    {
        var left = count;
        for (; left >= 4; left -= 4)
        {
            CopyOne(ref from, ref to, channel, prologue);
            CopyOne(ref Unsafe.Add(ref from, step), ref Unsafe.Add(ref to, Lanes), channel, prologue);
            from = ref Unsafe.Add(ref from, 2 * step);
            CopyOne(ref from, ref Unsafe.Add(ref to, 2 * Lanes), channel, prologue);
            CopyOne(ref Unsafe.Add(ref from, step), ref Unsafe.Add(ref to, 3 * Lanes), channel, prologue);
            from = ref Unsafe.Add(ref from, 2 * step);
            to = ref Unsafe.Add(ref to, 4 * Lanes);
        }
        for (; left > 0; left--)
        {
            CopyOne(ref from, ref to, channel, prologue);
            from = ref Unsafe.Add(ref from, step);
            to = ref Unsafe.Add(ref to, Lanes);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CopyOne<TPrologue>(ref float from, ref float to, nint channel, TPrologue prologue)
        where TPrologue : struct, IPrologue, allows ref struct
    {
        if (Avx512F.IsSupported)
            prologue.Apply(At(ref from, 0), channel).StoreUnsafe(ref to);
        else
        {
            prologue.Apply(HalfAt(ref from, 0), channel).StoreUnsafe(ref to);
            prologue.Apply(HalfAt(ref from, Lanes / 2), channel + (Lanes / 2)).StoreUnsafe(ref Unsafe.Add(ref to, Lanes / 2));
        }
    }

    // V = B' d B for one channel of one tile. The rows of B' d are made in pairs that share their sums, so that 12 values at a time stay in registers.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Input<TRows, TColumns>(ref float d, ref float v, nint pitch)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
    {
        const int row = WindowRow, column = Lanes;
        Vector512<float> a4 = default, a5 = default, b4 = default, b5 = default;
        OuterRows<TRows>(ref d, row, out var a0, out var b0);
        OuterRows<TRows>(ref Unsafe.Add(ref d, column), row, out var a1, out var b1);
        OuterRows<TRows>(ref Unsafe.Add(ref d, 2 * column), row, out var a2, out var b2);
        OuterRows<TRows>(ref Unsafe.Add(ref d, 3 * column), row, out var a3, out var b3);
        if (!TColumns.IsNarrow)
        {
            OuterRows<TRows>(ref Unsafe.Add(ref d, 4 * column), row, out a4, out b4);
            OuterRows<TRows>(ref Unsafe.Add(ref d, 5 * column), row, out a5, out b5);
        }
        InputRow<TColumns>(a0, a1, a2, a3, a4, a5, ref v, pitch);
        InputRow<TColumns>(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 30 * pitch), pitch);

        OneRows<TRows>(ref d, row, out a0, out b0);
        OneRows<TRows>(ref Unsafe.Add(ref d, column), row, out a1, out b1);
        OneRows<TRows>(ref Unsafe.Add(ref d, 2 * column), row, out a2, out b2);
        OneRows<TRows>(ref Unsafe.Add(ref d, 3 * column), row, out a3, out b3);
        if (!TColumns.IsNarrow)
        {
            OneRows<TRows>(ref Unsafe.Add(ref d, 4 * column), row, out a4, out b4);
            OneRows<TRows>(ref Unsafe.Add(ref d, 5 * column), row, out a5, out b5);
        }
        InputRow<TColumns>(a0, a1, a2, a3, a4, a5, ref Unsafe.Add(ref v, 6 * pitch), pitch);
        InputRow<TColumns>(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 12 * pitch), pitch);

        if (TRows.IsNarrow)
            return;
        TwoRows<TRows>(ref d, row, out a0, out b0);
        TwoRows<TRows>(ref Unsafe.Add(ref d, column), row, out a1, out b1);
        TwoRows<TRows>(ref Unsafe.Add(ref d, 2 * column), row, out a2, out b2);
        TwoRows<TRows>(ref Unsafe.Add(ref d, 3 * column), row, out a3, out b3);
        if (!TColumns.IsNarrow)
        {
            TwoRows<TRows>(ref Unsafe.Add(ref d, 4 * column), row, out a4, out b4);
            TwoRows<TRows>(ref Unsafe.Add(ref d, 5 * column), row, out a5, out b5);
        }
        InputRow<TColumns>(a0, a1, a2, a3, a4, a5, ref Unsafe.Add(ref v, 18 * pitch), pitch);
        InputRow<TColumns>(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 24 * pitch), pitch);
    }

    // B' d for six neighbours in a row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLine(ref float d, ref float v, nint pitch)
    {
        const int column = Lanes;
        InputRow<Whole>(At(ref d, 0), At(ref d, column), At(ref d, 2 * column), At(ref d, 3 * column), At(ref d, 4 * column), At(ref d, 5 * column), ref v, pitch);
    }

    // y = A' m for six points.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputLine<TEpilogue>(ref float m, nint pitch, ref float y, nint at, int columns, nint channel, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct =>
        OutputRow<Whole, TEpilogue>(At(ref m, 0), At(ref m, pitch), At(ref m, 2 * pitch), At(ref m, 3 * pitch), At(ref m, 4 * pitch), At(ref m, 5 * pitch), ref y, at, Lanes, columns, channel, epilogue);

    // The rows of B' for 0 and infinity: (4, 0, -5, 0, 1, 0) and (0, 4, 0, -5, 0, 1); (4, 0, -4, 0) and (0, -1, 0, 1) without 2 and -2.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OuterRows<TRows>(ref float d, nint row, out Vector512<float> first, out Vector512<float> last)
        where TRows : struct, IExtent
    {
        if (TRows.IsNarrow)
            (first, last) = ((At(ref d, 0) - At(ref d, 2 * row)) * 4f, At(ref d, 3 * row) - At(ref d, row));
        else
        {
            first = Outer(At(ref d, 0), At(ref d, 2 * row), At(ref d, 4 * row));
            last = Outer(At(ref d, row), At(ref d, 3 * row), At(ref d, 5 * row));
        }
    }

    // For 1 and -1: (0, -4, -4, 1, 1, 0) and (0, 4, -4, -1, 1, 0); (0, -3, -3, 0) and (0, 3, -3, 0).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneRows<TRows>(ref float d, nint row, out Vector512<float> plus, out Vector512<float> minus)
        where TRows : struct, IExtent
    {
        var even = TRows.IsNarrow ? At(ref d, 2 * row) * -3f : Less4(At(ref d, 4 * row), At(ref d, 2 * row));
        var odd = TRows.IsNarrow ? At(ref d, row) * -3f : Less4(At(ref d, 3 * row), At(ref d, row));
        (plus, minus) = (even + odd, even - odd);
    }

    // For 2 and -2: (0, -2, -1, 2, 1, 0) and (0, 2, -1, -2, 1, 0).
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRows<TRows>(ref float d, nint row, out Vector512<float> plus, out Vector512<float> minus)
        where TRows : struct, IExtent
    {
        var even = At(ref d, 4 * row) - At(ref d, 2 * row);
        var odd = At(ref d, 3 * row) - At(ref d, row);
        odd += odd;
        (plus, minus) = (even + odd, even - odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRow<TColumns>(Vector512<float> d0, Vector512<float> d1, Vector512<float> d2, Vector512<float> d3, Vector512<float> d4, Vector512<float> d5, ref float v, nint pitch)
        where TColumns : struct, IExtent
    {
        (TColumns.IsNarrow ? (d0 - d2) * 4f : Outer(d0, d2, d4)).StoreUnsafe(ref v);
        var (even, odd) = TColumns.IsNarrow ? (d2 * -3f, d1 * -3f) : (Less4(d4, d2), Less4(d3, d1));
        (even + odd).StoreUnsafe(ref Unsafe.Add(ref v, pitch));
        (even - odd).StoreUnsafe(ref Unsafe.Add(ref v, 2 * pitch));
        if (!TColumns.IsNarrow)
        {
            (even, odd) = (d4 - d2, d3 - d1);
            odd += odd;
            (even + odd).StoreUnsafe(ref Unsafe.Add(ref v, 3 * pitch));
            (even - odd).StoreUnsafe(ref Unsafe.Add(ref v, 4 * pitch));
        }
        (TColumns.IsNarrow ? d3 - d1 : Outer(d1, d3, d5)).StoreUnsafe(ref Unsafe.Add(ref v, 5 * pitch));
    }

    // y = A' m A for one channel of one tile: the first `rows` rows and `columns` columns of it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Output<TRows, TColumns, TEpilogue>(ref float m, nint pitch, ref float y, nint at, nint row, nint column, int rows, int columns, nint channel, TEpilogue epilogue)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        Vector512<float> a3 = default, a4 = default, b3 = default, b4 = default;
        EvenRows<TRows>(ref m, pitch, out var a0, out var b0);
        EvenRows<TRows>(ref Unsafe.Add(ref m, pitch), pitch, out var a1, out var b1);
        EvenRows<TRows>(ref Unsafe.Add(ref m, 2 * pitch), pitch, out var a2, out var b2);
        if (!TColumns.IsNarrow)
        {
            EvenRows<TRows>(ref Unsafe.Add(ref m, 3 * pitch), pitch, out a3, out b3);
            EvenRows<TRows>(ref Unsafe.Add(ref m, 4 * pitch), pitch, out a4, out b4);
        }
        EvenRows<TRows>(ref Unsafe.Add(ref m, 5 * pitch), pitch, out var a5, out var b5);
        OutputRow<TColumns, TEpilogue>(a0, a1, a2, a3, a4, a5, ref y, at, column, columns, channel, epilogue);
        if (!IsShort<TRows>() && rows > 2)
            OutputRow<TColumns, TEpilogue>(b0, b1, b2, b3, b4, b5, ref y, at + (2 * row), column, columns, channel, epilogue);
        if (rows == 1)
            return;
        OddRows<TRows>(ref m, pitch, out a0, out b0);
        OddRows<TRows>(ref Unsafe.Add(ref m, pitch), pitch, out a1, out b1);
        OddRows<TRows>(ref Unsafe.Add(ref m, 2 * pitch), pitch, out a2, out b2);
        if (!TColumns.IsNarrow)
        {
            OddRows<TRows>(ref Unsafe.Add(ref m, 3 * pitch), pitch, out a3, out b3);
            OddRows<TRows>(ref Unsafe.Add(ref m, 4 * pitch), pitch, out a4, out b4);
        }
        OddRows<TRows>(ref Unsafe.Add(ref m, 5 * pitch), pitch, out a5, out b5);
        OutputRow<TColumns, TEpilogue>(a0, a1, a2, a3, a4, a5, ref y, at + row, column, columns, channel, epilogue);
        if (!IsShort<TRows>() && rows > 3)
            OutputRow<TColumns, TEpilogue>(b0, b1, b2, b3, b4, b5, ref y, at + (3 * row), column, columns, channel, epilogue);
    }

    // Rows 0 and 2 of A': (1, 1, 1, 1, 1, 0) and (0, 1, 1, 4, 4, 0); a point's rows lie six pitches apart.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EvenRows<TRows>(ref float m, nint pitch, out Vector512<float> y0, out Vector512<float> y2)
        where TRows : struct, IExtent
    {
        var one = At(ref m, 6 * pitch) + At(ref m, 12 * pitch);
        if (TRows.IsNarrow)
        {
            (y0, y2) = (At(ref m, 0) + one, default);
            return;
        }
        var two = At(ref m, 18 * pitch) + At(ref m, 24 * pitch);
        (y0, y2) = (At(ref m, 0) + one + two, Vector512.FusedMultiplyAdd(two, Vector512.Create(4f), one));
    }

    // Rows 1 and 3: (0, 1, -1, 2, -2, 0) and (0, 1, -1, 8, -8, 1); infinity counts in the last row that a tile has.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OddRows<TRows>(ref float m, nint pitch, out Vector512<float> y1, out Vector512<float> y3)
        where TRows : struct, IExtent
    {
        var one = At(ref m, 6 * pitch) - At(ref m, 12 * pitch);
        if (TRows.IsNarrow)
        {
            (y1, y3) = (one + At(ref m, 30 * pitch), default);
            return;
        }
        var two = At(ref m, 18 * pitch) - At(ref m, 24 * pitch);
        (y1, y3) = (one + (two + two), Vector512.FusedMultiplyAdd(two, Vector512.Create(8f), one + At(ref m, 30 * pitch)));
        if (Side == 2)
            y1 += At(ref m, 30 * pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputRow<TColumns, TEpilogue>(
        Vector512<float> m0, Vector512<float> m1, Vector512<float> m2, Vector512<float> m3, Vector512<float> m4, Vector512<float> m5, ref float y, nint at, nint column, int columns, nint channel, TEpilogue epilogue)
        where TColumns : struct, IExtent
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        var (one, oneOdd) = (m1 + m2, m1 - m2);
        if (TColumns.IsNarrow)
        {
            epilogue.Apply(m0 + one, at, channel).StoreUnsafe(ref Unsafe.Add(ref y, at));
            if (columns > 1)
                epilogue.Apply(oneOdd + m5, at + column, channel).StoreUnsafe(ref Unsafe.Add(ref y, at + column));
            return;
        }
        var (two, twoOdd) = (m3 + m4, m3 - m4);
        epilogue.Apply(m0 + one + two, at, channel).StoreUnsafe(ref Unsafe.Add(ref y, at));
        if (columns > 1)
            epilogue.Apply(Side == 2 ? oneOdd + (twoOdd + twoOdd) + m5 : oneOdd + (twoOdd + twoOdd), at + column, channel).StoreUnsafe(ref Unsafe.Add(ref y, at + column));
        if (Side > 2 && columns > 2)
            epilogue.Apply(Vector512.FusedMultiplyAdd(two, Vector512.Create(4f), one), at + (2 * column), channel).StoreUnsafe(ref Unsafe.Add(ref y, at + (2 * column)));
        if (Side > 3 && columns > 3)
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
