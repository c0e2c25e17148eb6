using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

// The transforms in eight lanes, for processors without 512-bit vectors: each line as in sixteen, so that the bits are the same. A vector of sixteen in software would be in memory all the time.
public static partial class Winograd<TTaps>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputOfHalf<TRows, TColumns>(ref float d, ref float v, nint pitch)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
    {
        const int row = WindowRow, column = Lanes;
        Vector256<float> a4 = default, a5 = default, b4 = default, b5 = default;
        OuterRowsOfHalf<TRows>(ref d, row, out var a0, out var b0);
        OuterRowsOfHalf<TRows>(ref Unsafe.Add(ref d, column), row, out var a1, out var b1);
        OuterRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 2 * column), row, out var a2, out var b2);
        OuterRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 3 * column), row, out var a3, out var b3);
        if (!TColumns.IsNarrow)
        {
            OuterRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 4 * column), row, out a4, out b4);
            OuterRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 5 * column), row, out a5, out b5);
        }
        InputRowOfHalf<TColumns>(a0, a1, a2, a3, a4, a5, ref v, pitch);
        InputRowOfHalf<TColumns>(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 30 * pitch), pitch);

        OneRowsOfHalf<TRows>(ref d, row, out a0, out b0);
        OneRowsOfHalf<TRows>(ref Unsafe.Add(ref d, column), row, out a1, out b1);
        OneRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 2 * column), row, out a2, out b2);
        OneRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 3 * column), row, out a3, out b3);
        if (!TColumns.IsNarrow)
        {
            OneRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 4 * column), row, out a4, out b4);
            OneRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 5 * column), row, out a5, out b5);
        }
        InputRowOfHalf<TColumns>(a0, a1, a2, a3, a4, a5, ref Unsafe.Add(ref v, 6 * pitch), pitch);
        InputRowOfHalf<TColumns>(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 12 * pitch), pitch);

        if (TRows.IsNarrow)
            return;
        TwoRowsOfHalf<TRows>(ref d, row, out a0, out b0);
        TwoRowsOfHalf<TRows>(ref Unsafe.Add(ref d, column), row, out a1, out b1);
        TwoRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 2 * column), row, out a2, out b2);
        TwoRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 3 * column), row, out a3, out b3);
        if (!TColumns.IsNarrow)
        {
            TwoRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 4 * column), row, out a4, out b4);
            TwoRowsOfHalf<TRows>(ref Unsafe.Add(ref d, 5 * column), row, out a5, out b5);
        }
        InputRowOfHalf<TColumns>(a0, a1, a2, a3, a4, a5, ref Unsafe.Add(ref v, 18 * pitch), pitch);
        InputRowOfHalf<TColumns>(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 24 * pitch), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputLineOfHalf(ref float d, ref float v, nint pitch)
    {
        const int column = Lanes;
        InputRowOfHalf<Whole>(HalfAt(ref d, 0), HalfAt(ref d, column), HalfAt(ref d, 2 * column), HalfAt(ref d, 3 * column), HalfAt(ref d, 4 * column), HalfAt(ref d, 5 * column), ref v, pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputLineOfHalf<TEpilogue>(ref float m, nint pitch, ref float y, nint at, int columns, nint channel, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct =>
        OutputRowOfHalf<Whole, TEpilogue>(HalfAt(ref m, 0), HalfAt(ref m, pitch), HalfAt(ref m, 2 * pitch), HalfAt(ref m, 3 * pitch), HalfAt(ref m, 4 * pitch), HalfAt(ref m, 5 * pitch), ref y, at, Lanes, columns, channel, epilogue);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OuterRowsOfHalf<TRows>(ref float d, nint row, out Vector256<float> first, out Vector256<float> last)
        where TRows : struct, IExtent
    {
        if (TRows.IsNarrow)
            (first, last) = ((HalfAt(ref d, 0) - HalfAt(ref d, 2 * row)) * 4f, HalfAt(ref d, 3 * row) - HalfAt(ref d, row));
        else
        {
            first = Outer(HalfAt(ref d, 0), HalfAt(ref d, 2 * row), HalfAt(ref d, 4 * row));
            last = Outer(HalfAt(ref d, row), HalfAt(ref d, 3 * row), HalfAt(ref d, 5 * row));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneRowsOfHalf<TRows>(ref float d, nint row, out Vector256<float> plus, out Vector256<float> minus)
        where TRows : struct, IExtent
    {
        var even = TRows.IsNarrow ? HalfAt(ref d, 2 * row) * -3f : Less4(HalfAt(ref d, 4 * row), HalfAt(ref d, 2 * row));
        var odd = TRows.IsNarrow ? HalfAt(ref d, row) * -3f : Less4(HalfAt(ref d, 3 * row), HalfAt(ref d, row));
        (plus, minus) = (even + odd, even - odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRowsOfHalf<TRows>(ref float d, nint row, out Vector256<float> plus, out Vector256<float> minus)
        where TRows : struct, IExtent
    {
        var even = HalfAt(ref d, 4 * row) - HalfAt(ref d, 2 * row);
        var odd = HalfAt(ref d, 3 * row) - HalfAt(ref d, row);
        odd += odd;
        (plus, minus) = (even + odd, even - odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRowOfHalf<TColumns>(Vector256<float> d0, Vector256<float> d1, Vector256<float> d2, Vector256<float> d3, Vector256<float> d4, Vector256<float> d5, ref float v, nint pitch)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OutputOfHalf<TRows, TColumns, TEpilogue>(ref float m, nint pitch, ref float y, nint at, nint row, nint column, int rows, int columns, nint channel, TEpilogue epilogue)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        Vector256<float> a3 = default, a4 = default, b3 = default, b4 = default;
        EvenRowsOfHalf<TRows>(ref m, pitch, out var a0, out var b0);
        EvenRowsOfHalf<TRows>(ref Unsafe.Add(ref m, pitch), pitch, out var a1, out var b1);
        EvenRowsOfHalf<TRows>(ref Unsafe.Add(ref m, 2 * pitch), pitch, out var a2, out var b2);
        if (!TColumns.IsNarrow)
        {
            EvenRowsOfHalf<TRows>(ref Unsafe.Add(ref m, 3 * pitch), pitch, out a3, out b3);
            EvenRowsOfHalf<TRows>(ref Unsafe.Add(ref m, 4 * pitch), pitch, out a4, out b4);
        }
        EvenRowsOfHalf<TRows>(ref Unsafe.Add(ref m, 5 * pitch), pitch, out var a5, out var b5);
        OutputRowOfHalf<TColumns, TEpilogue>(a0, a1, a2, a3, a4, a5, ref y, at, column, columns, channel, epilogue);
        if (!IsShort<TRows>() && rows > 2)
            OutputRowOfHalf<TColumns, TEpilogue>(b0, b1, b2, b3, b4, b5, ref y, at + (2 * row), column, columns, channel, epilogue);
        if (rows == 1)
            return;
        OddRowsOfHalf<TRows>(ref m, pitch, out a0, out b0);
        OddRowsOfHalf<TRows>(ref Unsafe.Add(ref m, pitch), pitch, out a1, out b1);
        OddRowsOfHalf<TRows>(ref Unsafe.Add(ref m, 2 * pitch), pitch, out a2, out b2);
        if (!TColumns.IsNarrow)
        {
            OddRowsOfHalf<TRows>(ref Unsafe.Add(ref m, 3 * pitch), pitch, out a3, out b3);
            OddRowsOfHalf<TRows>(ref Unsafe.Add(ref m, 4 * pitch), pitch, out a4, out b4);
        }
        OddRowsOfHalf<TRows>(ref Unsafe.Add(ref m, 5 * pitch), pitch, out a5, out b5);
        OutputRowOfHalf<TColumns, TEpilogue>(a0, a1, a2, a3, a4, a5, ref y, at + row, column, columns, channel, epilogue);
        if (!IsShort<TRows>() && rows > 3)
            OutputRowOfHalf<TColumns, TEpilogue>(b0, b1, b2, b3, b4, b5, ref y, at + (3 * row), column, columns, channel, epilogue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EvenRowsOfHalf<TRows>(ref float m, nint pitch, out Vector256<float> y0, out Vector256<float> y2)
        where TRows : struct, IExtent
    {
        var one = HalfAt(ref m, 6 * pitch) + HalfAt(ref m, 12 * pitch);
        if (TRows.IsNarrow)
        {
            (y0, y2) = (HalfAt(ref m, 0) + one, default);
            return;
        }
        var two = HalfAt(ref m, 18 * pitch) + HalfAt(ref m, 24 * pitch);
        (y0, y2) = (HalfAt(ref m, 0) + one + two, Vector256.FusedMultiplyAdd(two, Vector256.Create(4f), one));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OddRowsOfHalf<TRows>(ref float m, nint pitch, out Vector256<float> y1, out Vector256<float> y3)
        where TRows : struct, IExtent
    {
        var one = HalfAt(ref m, 6 * pitch) - HalfAt(ref m, 12 * pitch);
        if (TRows.IsNarrow)
        {
            (y1, y3) = (one + HalfAt(ref m, 30 * pitch), default);
            return;
        }
        var two = HalfAt(ref m, 18 * pitch) - HalfAt(ref m, 24 * pitch);
        (y1, y3) = (one + (two + two), Vector256.FusedMultiplyAdd(two, Vector256.Create(8f), one + HalfAt(ref m, 30 * pitch)));
        if (Side == 2)
            y1 += HalfAt(ref m, 30 * pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputRowOfHalf<TColumns, TEpilogue>(
        Vector256<float> m0, Vector256<float> m1, Vector256<float> m2, Vector256<float> m3, Vector256<float> m4, Vector256<float> m5, ref float y, nint at, nint column, int columns, nint channel, TEpilogue epilogue)
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
            epilogue.Apply(Vector256.FusedMultiplyAdd(two, Vector256.Create(4f), one), at + (2 * column), channel).StoreUnsafe(ref Unsafe.Add(ref y, at + (2 * column)));
        if (Side > 3 && columns > 3)
            epilogue.Apply(Vector256.FusedMultiplyAdd(twoOdd, Vector256.Create(8f), oneOdd + m5), at + (3 * column), channel).StoreUnsafe(ref Unsafe.Add(ref y, at + (3 * column)));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Outer(Vector256<float> a, Vector256<float> b, Vector256<float> c) =>
        Vector256.FusedMultiplyAdd(a, Vector256.Create(4f), Vector256.FusedMultiplyAdd(b, Vector256.Create(-5f), c));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Less4(Vector256<float> a, Vector256<float> b) => Vector256.FusedMultiplyAdd(b, Vector256.Create(-4f), a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> HalfAt(ref float from, nint offset) => Vector256.LoadUnsafe(ref Unsafe.Add(ref from, offset));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CotangentOfHalf<TRows, TColumns>(ref float y, ref float d, nint pitch)
        where TRows : struct, IExtent
        where TColumns : struct, IExtent
    {
        const int row = WindowRow, column = Lanes;
        CotangentRowOfHalf<TColumns>(ref y, ref d, pitch);
        CotangentRowOfHalf<TColumns>(ref Unsafe.Add(ref y, (IsShort<TRows>() ? 1 : 3) * row), ref Unsafe.Add(ref d, 30 * pitch), pitch);

        Vector256<float> a2 = default, a3 = default, b2 = default, b3 = default;
        PairOfHalf<TRows>(ref y, row, 1f, out var a0, out var b0);
        PairOfHalf<TRows>(ref Unsafe.Add(ref y, column), row, 1f, out var a1, out var b1);
        if (!IsShort<TColumns>())
        {
            PairOfHalf<TRows>(ref Unsafe.Add(ref y, 2 * column), row, 1f, out a2, out b2);
            PairOfHalf<TRows>(ref Unsafe.Add(ref y, 3 * column), row, 1f, out a3, out b3);
        }
        CotangentRowOfHalf<TColumns>(a0, a1, a2, a3, ref Unsafe.Add(ref d, 6 * pitch), pitch);
        CotangentRowOfHalf<TColumns>(b0, b1, b2, b3, ref Unsafe.Add(ref d, 12 * pitch), pitch);
        if (TRows.IsNarrow)
            return;

        PairOfHalf<TRows>(ref y, row, 2f, out a0, out b0);
        PairOfHalf<TRows>(ref Unsafe.Add(ref y, column), row, 2f, out a1, out b1);
        if (!IsShort<TColumns>())
        {
            PairOfHalf<TRows>(ref Unsafe.Add(ref y, 2 * column), row, 2f, out a2, out b2);
            PairOfHalf<TRows>(ref Unsafe.Add(ref y, 3 * column), row, 2f, out a3, out b3);
        }
        CotangentRowOfHalf<TColumns>(a0, a1, a2, a3, ref Unsafe.Add(ref d, 18 * pitch), pitch);
        CotangentRowOfHalf<TColumns>(b0, b1, b2, b3, ref Unsafe.Add(ref d, 24 * pitch), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PairOfHalf<TRows>(ref float y, nint row, float point, out Vector256<float> plus, out Vector256<float> minus)
        where TRows : struct, IExtent
    {
        var square = Vector256.Create(point * point);
        var even = IsShort<TRows>() ? HalfAt(ref y, 0) : Vector256.FusedMultiplyAdd(HalfAt(ref y, 2 * row), square, HalfAt(ref y, 0));
        var odd = (IsShort<TRows>() ? HalfAt(ref y, row) : Vector256.FusedMultiplyAdd(HalfAt(ref y, 3 * row), square, HalfAt(ref y, row))) * point;
        (plus, minus) = (even + odd, even - odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentRowOfHalf<TColumns>(ref float y, ref float d, nint pitch)
        where TColumns : struct, IExtent
    {
        const int column = Lanes;
        if (IsShort<TColumns>())
            CotangentRowOfHalf<TColumns>(HalfAt(ref y, 0), HalfAt(ref y, column), default, default, ref d, pitch);
        else
            CotangentRowOfHalf<TColumns>(HalfAt(ref y, 0), HalfAt(ref y, column), HalfAt(ref y, 2 * column), HalfAt(ref y, 3 * column), ref d, pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentRowOfHalf<TColumns>(Vector256<float> y0, Vector256<float> y1, Vector256<float> y2, Vector256<float> y3, ref float d, nint pitch)
        where TColumns : struct, IExtent
    {
        y0.StoreUnsafe(ref d);
        var even = IsShort<TColumns>() ? y0 : y0 + y2;
        var odd = IsShort<TColumns>() ? y1 : y1 + y3;
        (even + odd).StoreUnsafe(ref Unsafe.Add(ref d, pitch));
        (even - odd).StoreUnsafe(ref Unsafe.Add(ref d, 2 * pitch));
        if (!TColumns.IsNarrow)
        {
            even = IsShort<TColumns>() ? y0 : Vector256.FusedMultiplyAdd(y2, Vector256.Create(4f), y0);
            odd = IsShort<TColumns>() ? y1 : Vector256.FusedMultiplyAdd(y3, Vector256.Create(4f), y1);
            odd += odd;
            (even + odd).StoreUnsafe(ref Unsafe.Add(ref d, 3 * pitch));
            (even - odd).StoreUnsafe(ref Unsafe.Add(ref d, 4 * pitch));
        }
        (IsShort<TColumns>() ? y1 : y3).StoreUnsafe(ref Unsafe.Add(ref d, 5 * pitch));
    }
}
