using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

// The transforms in eight lanes, for processors without 512-bit vectors: each line as in sixteen, so that the bits are the same. A vector of sixteen in software would be in memory all the time.
public static partial class Winograd<TTaps>
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputInHalves(ref float d, ref float v, nint pitch)
    {
        for (nint half = 0; half < Lanes; half += Lanes / 2)
            InputOfHalf(ref Unsafe.Add(ref d, half), ref Unsafe.Add(ref v, half), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OutputInHalves<TEpilogue>(in Maps maps, ref float m, nint pitch, ref float y, nint at, int rows, int columns, nint channel, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        for (nint half = 0; half < Lanes; half += Lanes / 2)
            OutputOfHalf(ref Unsafe.Add(ref m, half), pitch, ref y, at + half, maps.Row, maps.Column, rows, columns, maps.Channels == 1 ? channel : channel + half, epilogue);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void CotangentInHalves(ref float y, ref float d, nint pitch)
    {
        for (nint half = 0; half < Lanes; half += Lanes / 2)
            CotangentOfHalf(ref Unsafe.Add(ref y, half), ref Unsafe.Add(ref d, half), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InputOfHalf(ref float d, ref float v, nint pitch)
    {
        const int row = WindowRow, column = Lanes;
        OuterRowsOfHalf(ref d, row, out var a0, out var b0);
        OuterRowsOfHalf(ref Unsafe.Add(ref d, column), row, out var a1, out var b1);
        OuterRowsOfHalf(ref Unsafe.Add(ref d, 2 * column), row, out var a2, out var b2);
        OuterRowsOfHalf(ref Unsafe.Add(ref d, 3 * column), row, out var a3, out var b3);
        OuterRowsOfHalf(ref Unsafe.Add(ref d, 4 * column), row, out var a4, out var b4);
        OuterRowsOfHalf(ref Unsafe.Add(ref d, 5 * column), row, out var a5, out var b5);
        InputRowOfHalf(a0, a1, a2, a3, a4, a5, ref v, pitch);
        InputRowOfHalf(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 30 * pitch), pitch);

        OneRowsOfHalf(ref d, row, out a0, out b0);
        OneRowsOfHalf(ref Unsafe.Add(ref d, column), row, out a1, out b1);
        OneRowsOfHalf(ref Unsafe.Add(ref d, 2 * column), row, out a2, out b2);
        OneRowsOfHalf(ref Unsafe.Add(ref d, 3 * column), row, out a3, out b3);
        OneRowsOfHalf(ref Unsafe.Add(ref d, 4 * column), row, out a4, out b4);
        OneRowsOfHalf(ref Unsafe.Add(ref d, 5 * column), row, out a5, out b5);
        InputRowOfHalf(a0, a1, a2, a3, a4, a5, ref Unsafe.Add(ref v, 6 * pitch), pitch);
        InputRowOfHalf(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 12 * pitch), pitch);

        TwoRowsOfHalf(ref d, row, out a0, out b0);
        TwoRowsOfHalf(ref Unsafe.Add(ref d, column), row, out a1, out b1);
        TwoRowsOfHalf(ref Unsafe.Add(ref d, 2 * column), row, out a2, out b2);
        TwoRowsOfHalf(ref Unsafe.Add(ref d, 3 * column), row, out a3, out b3);
        TwoRowsOfHalf(ref Unsafe.Add(ref d, 4 * column), row, out a4, out b4);
        TwoRowsOfHalf(ref Unsafe.Add(ref d, 5 * column), row, out a5, out b5);
        InputRowOfHalf(a0, a1, a2, a3, a4, a5, ref Unsafe.Add(ref v, 18 * pitch), pitch);
        InputRowOfHalf(b0, b1, b2, b3, b4, b5, ref Unsafe.Add(ref v, 24 * pitch), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OuterRowsOfHalf(ref float d, nint row, out Vector256<float> first, out Vector256<float> last)
    {
        first = Outer(HalfAt(ref d, 0), HalfAt(ref d, 2 * row), HalfAt(ref d, 4 * row));
        last = Outer(HalfAt(ref d, row), HalfAt(ref d, 3 * row), HalfAt(ref d, 5 * row));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OneRowsOfHalf(ref float d, nint row, out Vector256<float> plus, out Vector256<float> minus)
    {
        var even = Less4(HalfAt(ref d, 4 * row), HalfAt(ref d, 2 * row));
        var odd = Less4(HalfAt(ref d, 3 * row), HalfAt(ref d, row));
        (plus, minus) = (even + odd, even - odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRowsOfHalf(ref float d, nint row, out Vector256<float> plus, out Vector256<float> minus)
    {
        var even = HalfAt(ref d, 4 * row) - HalfAt(ref d, 2 * row);
        var odd = HalfAt(ref d, 3 * row) - HalfAt(ref d, row);
        odd += odd;
        (plus, minus) = (even + odd, even - odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputRowOfHalf(Vector256<float> d0, Vector256<float> d1, Vector256<float> d2, Vector256<float> d3, Vector256<float> d4, Vector256<float> d5, ref float v, nint pitch)
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

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OutputOfHalf<TEpilogue>(ref float m, nint pitch, ref float y, nint at, nint row, nint column, int rows, int columns, nint channel, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        EvenRowsOfHalf(ref m, pitch, out var a0, out var b0);
        EvenRowsOfHalf(ref Unsafe.Add(ref m, pitch), pitch, out var a1, out var b1);
        EvenRowsOfHalf(ref Unsafe.Add(ref m, 2 * pitch), pitch, out var a2, out var b2);
        EvenRowsOfHalf(ref Unsafe.Add(ref m, 3 * pitch), pitch, out var a3, out var b3);
        EvenRowsOfHalf(ref Unsafe.Add(ref m, 4 * pitch), pitch, out var a4, out var b4);
        EvenRowsOfHalf(ref Unsafe.Add(ref m, 5 * pitch), pitch, out var a5, out var b5);
        OutputRowOfHalf(a0, a1, a2, a3, a4, a5, ref y, at, column, columns, channel, epilogue);
        if (Side > 2 && rows > 2)
            OutputRowOfHalf(b0, b1, b2, b3, b4, b5, ref y, at + (2 * row), column, columns, channel, epilogue);
        if (rows == 1)
            return;
        OddRowsOfHalf(ref m, pitch, out a0, out b0);
        OddRowsOfHalf(ref Unsafe.Add(ref m, pitch), pitch, out a1, out b1);
        OddRowsOfHalf(ref Unsafe.Add(ref m, 2 * pitch), pitch, out a2, out b2);
        OddRowsOfHalf(ref Unsafe.Add(ref m, 3 * pitch), pitch, out a3, out b3);
        OddRowsOfHalf(ref Unsafe.Add(ref m, 4 * pitch), pitch, out a4, out b4);
        OddRowsOfHalf(ref Unsafe.Add(ref m, 5 * pitch), pitch, out a5, out b5);
        OutputRowOfHalf(a0, a1, a2, a3, a4, a5, ref y, at + row, column, columns, channel, epilogue);
        if (Side > 3 && rows > 3)
            OutputRowOfHalf(b0, b1, b2, b3, b4, b5, ref y, at + (3 * row), column, columns, channel, epilogue);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void EvenRowsOfHalf(ref float m, nint pitch, out Vector256<float> y0, out Vector256<float> y2)
    {
        var one = HalfAt(ref m, 6 * pitch) + HalfAt(ref m, 12 * pitch);
        var two = HalfAt(ref m, 18 * pitch) + HalfAt(ref m, 24 * pitch);
        (y0, y2) = (HalfAt(ref m, 0) + one + two, Vector256.FusedMultiplyAdd(two, Vector256.Create(4f), one));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OddRowsOfHalf(ref float m, nint pitch, out Vector256<float> y1, out Vector256<float> y3)
    {
        var one = HalfAt(ref m, 6 * pitch) - HalfAt(ref m, 12 * pitch);
        var two = HalfAt(ref m, 18 * pitch) - HalfAt(ref m, 24 * pitch);
        (y1, y3) = (one + (two + two), Vector256.FusedMultiplyAdd(two, Vector256.Create(8f), one + HalfAt(ref m, 30 * pitch)));
        if (Side == 2)
            y1 += HalfAt(ref m, 30 * pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputRowOfHalf<TEpilogue>(
        Vector256<float> m0, Vector256<float> m1, Vector256<float> m2, Vector256<float> m3, Vector256<float> m4, Vector256<float> m5, ref float y, nint at, nint column, int columns, nint channel, TEpilogue epilogue)
        where TEpilogue : struct, IEpilogue, allows ref struct
    {
        var (one, two) = (m1 + m2, m3 + m4);
        epilogue.Apply(m0 + one + two, at, channel).StoreUnsafe(ref Unsafe.Add(ref y, at));
        var (oneOdd, twoOdd) = (m1 - m2, m3 - m4);
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
    private static void CotangentOfHalf(ref float y, ref float d, nint pitch)
    {
        if (Side == 2)
        {
            CotangentOfTwoOfHalf(ref y, ref d, pitch);
            return;
        }
        const int row = WindowRow, column = Lanes;
        CotangentRowOfHalf(HalfAt(ref y, 0), HalfAt(ref y, column), HalfAt(ref y, 2 * column), HalfAt(ref y, 3 * column), ref d, pitch);
        ref var last = ref Unsafe.Add(ref y, 3 * row);
        CotangentRowOfHalf(HalfAt(ref last, 0), HalfAt(ref last, column), HalfAt(ref last, 2 * column), HalfAt(ref last, 3 * column), ref Unsafe.Add(ref d, 30 * pitch), pitch);

        PairOfHalf(ref y, row, Vector256<float>.One, Vector256<float>.One, out var a0, out var b0);
        PairOfHalf(ref Unsafe.Add(ref y, column), row, Vector256<float>.One, Vector256<float>.One, out var a1, out var b1);
        PairOfHalf(ref Unsafe.Add(ref y, 2 * column), row, Vector256<float>.One, Vector256<float>.One, out var a2, out var b2);
        PairOfHalf(ref Unsafe.Add(ref y, 3 * column), row, Vector256<float>.One, Vector256<float>.One, out var a3, out var b3);
        CotangentRowOfHalf(a0, a1, a2, a3, ref Unsafe.Add(ref d, 6 * pitch), pitch);
        CotangentRowOfHalf(b0, b1, b2, b3, ref Unsafe.Add(ref d, 12 * pitch), pitch);

        var (two, four) = (Vector256.Create(2f), Vector256.Create(4f));
        PairOfHalf(ref y, row, two, four, out a0, out b0);
        PairOfHalf(ref Unsafe.Add(ref y, column), row, two, four, out a1, out b1);
        PairOfHalf(ref Unsafe.Add(ref y, 2 * column), row, two, four, out a2, out b2);
        PairOfHalf(ref Unsafe.Add(ref y, 3 * column), row, two, four, out a3, out b3);
        CotangentRowOfHalf(a0, a1, a2, a3, ref Unsafe.Add(ref d, 18 * pitch), pitch);
        CotangentRowOfHalf(b0, b1, b2, b3, ref Unsafe.Add(ref d, 24 * pitch), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentOfTwoOfHalf(ref float y, ref float d, nint pitch)
    {
        var (a0, a1, b0, b1) = (HalfAt(ref y, 0), HalfAt(ref y, Lanes), HalfAt(ref y, WindowRow), HalfAt(ref y, WindowRow + Lanes));
        CotangentRowOfTwoOfHalf(a0, a1, ref d, pitch);
        CotangentRowOfTwoOfHalf(a0 + b0, a1 + b1, ref Unsafe.Add(ref d, 6 * pitch), pitch);
        CotangentRowOfTwoOfHalf(a0 - b0, a1 - b1, ref Unsafe.Add(ref d, 12 * pitch), pitch);
        CotangentRowOfTwoOfHalf(b0, b1, ref Unsafe.Add(ref d, 30 * pitch), pitch);
        (b0, b1) = (b0 + b0, b1 + b1);
        CotangentRowOfTwoOfHalf(a0 + b0, a1 + b1, ref Unsafe.Add(ref d, 18 * pitch), pitch);
        CotangentRowOfTwoOfHalf(a0 - b0, a1 - b1, ref Unsafe.Add(ref d, 24 * pitch), pitch);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentRowOfTwoOfHalf(Vector256<float> y0, Vector256<float> y1, ref float d, nint pitch)
    {
        y0.StoreUnsafe(ref d);
        (y0 + y1).StoreUnsafe(ref Unsafe.Add(ref d, pitch));
        (y0 - y1).StoreUnsafe(ref Unsafe.Add(ref d, 2 * pitch));
        y1.StoreUnsafe(ref Unsafe.Add(ref d, 5 * pitch));
        y1 += y1;
        (y0 + y1).StoreUnsafe(ref Unsafe.Add(ref d, 3 * pitch));
        (y0 - y1).StoreUnsafe(ref Unsafe.Add(ref d, 4 * pitch));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void PairOfHalf(ref float y, nint row, Vector256<float> point, Vector256<float> square, out Vector256<float> plus, out Vector256<float> minus)
    {
        var even = Vector256.FusedMultiplyAdd(HalfAt(ref y, 2 * row), square, HalfAt(ref y, 0));
        var odd = Vector256.FusedMultiplyAdd(HalfAt(ref y, 3 * row), square, HalfAt(ref y, row)) * point;
        (plus, minus) = (even + odd, even - odd);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void CotangentRowOfHalf(Vector256<float> y0, Vector256<float> y1, Vector256<float> y2, Vector256<float> y3, ref float d, nint pitch)
    {
        y0.StoreUnsafe(ref d);
        var (even, odd) = (y0 + y2, y1 + y3);
        (even + odd).StoreUnsafe(ref Unsafe.Add(ref d, pitch));
        (even - odd).StoreUnsafe(ref Unsafe.Add(ref d, 2 * pitch));
        even = Vector256.FusedMultiplyAdd(y2, Vector256.Create(4f), y0);
        odd = Vector256.FusedMultiplyAdd(y3, Vector256.Create(4f), y1);
        odd += odd;
        (even + odd).StoreUnsafe(ref Unsafe.Add(ref d, 3 * pitch));
        (even - odd).StoreUnsafe(ref Unsafe.Add(ref d, 4 * pitch));
        y3.StoreUnsafe(ref Unsafe.Add(ref d, 5 * pitch));
    }
}
