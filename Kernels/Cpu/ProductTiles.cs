using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

/// <summary>
/// Tiles of sums of products in registers: up to twelve rows and two vectors of 16 columns, twice the rows and one vector, or six rows and the halves of one vector where there are 16 registers of 256 bits.
/// One factor's numbers are spread straight from memory. Each element's products are added in the order of the inner index, in all forms.
/// </summary>
internal static class ProductTiles
{
    private const int Lanes = LaneBlocks.Lanes;

    /// <summary>Rows of the largest tile.</summary>
    public const int MostRows = 12;

    /// <summary>Where a tile's factors and its results lie: c[row, column] = sum over k of a[row, k] b[k, column].</summary>
    /// <param name="Count">Numbers in a sum.</param>
    /// <param name="APitch">Floats from one row of a to the next.</param>
    /// <param name="AStep">Floats from one number of a row to the next.</param>
    /// <param name="Group">How many numbers of a row lie so.</param>
    /// <param name="Gap">Floats more to the next group.</param>
    /// <param name="BStep">Floats from one row of b to the next.</param>
    /// <param name="BGap">Floats more to the row of the next group.</param>
    /// <param name="BVector">Floats from b's first vector to its second.</param>
    /// <param name="CPitch">Floats from one row of c to the next.</param>
    /// <param name="CVector">Floats from c's first vector to its second.</param>
    /// <param name="IsAdded">Whether the sums are added to c.</param>
    internal readonly record struct Sum(int Count, nint APitch, nint AStep, int Group, nint Gap, nint BStep, nint BGap, nint BVector, nint CPitch, nint CVector, bool IsAdded);

    /// <summary>Rows of the smallest tile that has more than one.</summary>
    public static int FewRows => Avx512F.IsSupported ? 4 : 6;

    /// <summary>Rows of the next tile, when so many are left. Sixteen are two of eight: four rows alone are too few sums at a time.</summary>
    public static int Rows(int left) => Avx512F.IsSupported ? left >= 12 && left != 16 ? 12 : left >= 8 ? 8 : left >= 4 ? 4 : 1 : left >= 6 ? 6 : 1;

    /// <summary>Rows of the next tile where there is one vector of columns: up to twice as many, so that there are as many sums at a time as with two. Beside 24 of 32 there would be 8: too few.</summary>
    public static int RowsOfOne(int left) => !Avx512F.IsSupported ? Rows(left) : left is 24 or >= 36 ? 24 : left >= 16 ? 16 : Rows(left);

    /// <summary>Computes a tile.</summary>
    /// <param name="rows">Its rows, as <see cref="Rows"/> says, or <see cref="RowsOfOne"/>.</param>
    /// <param name="isPair">Whether it has two vectors of columns.</param>
    /// <param name="sum">Where everything lies.</param>
    /// <param name="a">The first row's first number.</param>
    /// <param name="b">The first vector of the first row.</param>
    /// <param name="c">Receives the first row's first vector.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Tile(int rows, bool isPair, in Sum sum, ref float a, ref float b, ref float c)
    {
        if (!Avx512F.IsSupported)
        {
            Halves(rows, sum, ref a, ref b, ref c);
            if (isPair)
                Halves(rows, sum, ref a, ref Unsafe.Add(ref b, sum.BVector), ref Unsafe.Add(ref c, sum.CVector));
            return;
        }
        switch (rows, isPair)
        {
            case (24, false): Wide<TwelveRows, RowsBelow>(sum, ref a, ref b, ref c); break;
            case (16, false): Wide<EightRows, RowsBelow>(sum, ref a, ref b, ref c); break;
            case (12, true): Wide<TwelveRows, SecondVector>(sum, ref a, ref b, ref c); break;
            case (12, false): Wide<TwelveRows, Nothing>(sum, ref a, ref b, ref c); break;
            case (8, true): Wide<EightRows, SecondVector>(sum, ref a, ref b, ref c); break;
            case (8, false): Wide<EightRows, Nothing>(sum, ref a, ref b, ref c); break;
            case (4, true): Wide<FourRows, SecondVector>(sum, ref a, ref b, ref c); break;
            case (4, false): Wide<FourRows, Nothing>(sum, ref a, ref b, ref c); break;
            case (_, true): Wide<OneRow, SecondVector>(sum, ref a, ref b, ref c); break;
            default: Wide<OneRow, Nothing>(sum, ref a, ref b, ref c); break;
        }
    }

    // Some rows of one vector, and as many sums more: of the second vector, or of as many rows below.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Wide<TRows, TSecond>(in Sum sum, ref float a, ref float b, ref float c)
        where TRows : struct, ISize
        where TSecond : struct, ISecond
    {
        var (pitch, step, bStep, bVector) = (sum.APitch, sum.AStep, sum.BStep, sum.BVector);
        var (twice, below) = (2 * pitch, TRows.Count * pitch);
        var (onceBelow, twiceBelow) = (below + pitch, below + twice);
        ref var a3 = ref Unsafe.Add(ref a, 3 * pitch);
        ref var a6 = ref Unsafe.Add(ref a, 6 * pitch);
        ref var a9 = ref Unsafe.Add(ref a, 9 * pitch);
        Vector512<float> s00 = Vector512<float>.Zero, s10 = s00, s20 = s00, s30 = s00, s40 = s00, s50 = s00, s60 = s00, s70 = s00, s80 = s00, s90 = s00, sA0 = s00, sB0 = s00;
        Vector512<float> s01 = s00, s11 = s00, s21 = s00, s31 = s00, s41 = s00, s51 = s00, s61 = s00, s71 = s00, s81 = s00, s91 = s00, sA1 = s00, sB1 = s00;
        for (var left = sum.Count; left > 0; left -= sum.Group)
        {
            for (var k = Math.Min(left, sum.Group); k > 0; k--)
            {
                var b0 = Vector512.LoadUnsafe(ref b);
                var b1 = TSecond.IsVector ? Vector512.LoadUnsafe(ref Unsafe.Add(ref b, bVector)) : b0;
                b = ref Unsafe.Add(ref b, bStep);
                Add<TSecond>(ref a, ref Unsafe.Add(ref a, below), b0, b1, ref s00, ref s01);
                if (TRows.Count > 1)
                {
                    Add<TSecond>(ref Unsafe.Add(ref a, pitch), ref Unsafe.Add(ref a, onceBelow), b0, b1, ref s10, ref s11);
                    Add<TSecond>(ref Unsafe.Add(ref a, twice), ref Unsafe.Add(ref a, twiceBelow), b0, b1, ref s20, ref s21);
                    Add<TSecond>(ref a3, ref Unsafe.Add(ref a3, below), b0, b1, ref s30, ref s31);
                }
                if (TRows.Count > 4)
                {
                    Add<TSecond>(ref Unsafe.Add(ref a3, pitch), ref Unsafe.Add(ref a3, onceBelow), b0, b1, ref s40, ref s41);
                    Add<TSecond>(ref Unsafe.Add(ref a3, twice), ref Unsafe.Add(ref a3, twiceBelow), b0, b1, ref s50, ref s51);
                    Add<TSecond>(ref a6, ref Unsafe.Add(ref a6, below), b0, b1, ref s60, ref s61);
                    Add<TSecond>(ref Unsafe.Add(ref a6, pitch), ref Unsafe.Add(ref a6, onceBelow), b0, b1, ref s70, ref s71);
                }
                if (TRows.Count > 8)
                {
                    Add<TSecond>(ref Unsafe.Add(ref a6, twice), ref Unsafe.Add(ref a6, twiceBelow), b0, b1, ref s80, ref s81);
                    Add<TSecond>(ref a9, ref Unsafe.Add(ref a9, below), b0, b1, ref s90, ref s91);
                    Add<TSecond>(ref Unsafe.Add(ref a9, pitch), ref Unsafe.Add(ref a9, onceBelow), b0, b1, ref sA0, ref sA1);
                    Add<TSecond>(ref Unsafe.Add(ref a9, twice), ref Unsafe.Add(ref a9, twiceBelow), b0, b1, ref sB0, ref sB1);
                }
                a = ref Unsafe.Add(ref a, step);
                if (TRows.Count > 1)
                    a3 = ref Unsafe.Add(ref a3, step);
                if (TRows.Count > 4)
                    a6 = ref Unsafe.Add(ref a6, step);
                if (TRows.Count > 8)
                    a9 = ref Unsafe.Add(ref a9, step);
            }
            a = ref Unsafe.Add(ref a, sum.Gap);
            a3 = ref Unsafe.Add(ref a3, sum.Gap);
            a6 = ref Unsafe.Add(ref a6, sum.Gap);
            a9 = ref Unsafe.Add(ref a9, sum.Gap);
            b = ref Unsafe.Add(ref b, sum.BGap);
        }
        var (cPitch, second) = (sum.CPitch, TSecond.IsVector ? sum.CVector : TRows.Count * sum.CPitch);
        // Tested once: a branch beside each of 24 stores takes as long as they do.
        if (sum.IsAdded)
        {
            AddTo<TSecond>(ref s00, ref s01, ref c, second);
            if (TRows.Count > 1)
            {
                AddTo<TSecond>(ref s10, ref s11, ref Unsafe.Add(ref c, cPitch), second);
                AddTo<TSecond>(ref s20, ref s21, ref Unsafe.Add(ref c, 2 * cPitch), second);
                AddTo<TSecond>(ref s30, ref s31, ref Unsafe.Add(ref c, 3 * cPitch), second);
            }
            if (TRows.Count > 4)
            {
                AddTo<TSecond>(ref s40, ref s41, ref Unsafe.Add(ref c, 4 * cPitch), second);
                AddTo<TSecond>(ref s50, ref s51, ref Unsafe.Add(ref c, 5 * cPitch), second);
                AddTo<TSecond>(ref s60, ref s61, ref Unsafe.Add(ref c, 6 * cPitch), second);
                AddTo<TSecond>(ref s70, ref s71, ref Unsafe.Add(ref c, 7 * cPitch), second);
            }
            if (TRows.Count > 8)
            {
                AddTo<TSecond>(ref s80, ref s81, ref Unsafe.Add(ref c, 8 * cPitch), second);
                AddTo<TSecond>(ref s90, ref s91, ref Unsafe.Add(ref c, 9 * cPitch), second);
                AddTo<TSecond>(ref sA0, ref sA1, ref Unsafe.Add(ref c, 10 * cPitch), second);
                AddTo<TSecond>(ref sB0, ref sB1, ref Unsafe.Add(ref c, 11 * cPitch), second);
            }
        }
        Store<TSecond>(s00, s01, ref c, second);
        if (TRows.Count > 1)
        {
            Store<TSecond>(s10, s11, ref Unsafe.Add(ref c, cPitch), second);
            Store<TSecond>(s20, s21, ref Unsafe.Add(ref c, 2 * cPitch), second);
            Store<TSecond>(s30, s31, ref Unsafe.Add(ref c, 3 * cPitch), second);
        }
        if (TRows.Count > 4)
        {
            Store<TSecond>(s40, s41, ref Unsafe.Add(ref c, 4 * cPitch), second);
            Store<TSecond>(s50, s51, ref Unsafe.Add(ref c, 5 * cPitch), second);
            Store<TSecond>(s60, s61, ref Unsafe.Add(ref c, 6 * cPitch), second);
            Store<TSecond>(s70, s71, ref Unsafe.Add(ref c, 7 * cPitch), second);
        }
        if (TRows.Count > 8)
        {
            Store<TSecond>(s80, s81, ref Unsafe.Add(ref c, 8 * cPitch), second);
            Store<TSecond>(s90, s91, ref Unsafe.Add(ref c, 9 * cPitch), second);
            Store<TSecond>(sA0, sA1, ref Unsafe.Add(ref c, 10 * cPitch), second);
            Store<TSecond>(sB0, sB1, ref Unsafe.Add(ref c, 11 * cPitch), second);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add<TSecond>(ref float a, ref float below, Vector512<float> b0, Vector512<float> b1, ref Vector512<float> s0, ref Vector512<float> s1)
        where TSecond : struct, ISecond
    {
        var x = Vector512.Create(a);
        s0 = Vector512.FusedMultiplyAdd(b0, x, s0);
        if (TSecond.IsVector)
            s1 = Vector512.FusedMultiplyAdd(b1, x, s1);
        if (TSecond.IsBelow)
            s1 = Vector512.FusedMultiplyAdd(b0, Vector512.Create(below), s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo<TSecond>(ref Vector512<float> s0, ref Vector512<float> s1, ref float c, nint second)
        where TSecond : struct, ISecond
    {
        s0 += Vector512.LoadUnsafe(ref c);
        if (TSecond.IsVector || TSecond.IsBelow)
            s1 += Vector512.LoadUnsafe(ref Unsafe.Add(ref c, second));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSecond>(Vector512<float> s0, Vector512<float> s1, ref float c, nint second)
        where TSecond : struct, ISecond
    {
        s0.StoreUnsafe(ref c);
        if (TSecond.IsVector || TSecond.IsBelow)
            s1.StoreUnsafe(ref Unsafe.Add(ref c, second));
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Halves(int rows, in Sum sum, ref float a, ref float b, ref float c)
    {
        if (rows == 6)
            Halves<SixRows>(sum, ref a, ref b, ref c);
        else
            Halves<OneRow>(sum, ref a, ref b, ref c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Halves<TRows>(in Sum sum, ref float a, ref float b, ref float c)
        where TRows : struct, ISize
    {
        var (pitch, step, bStep) = (sum.APitch, sum.AStep, sum.BStep);
        var twice = 2 * pitch;
        ref var a3 = ref Unsafe.Add(ref a, 3 * pitch);
        Vector256<float> s00 = Vector256<float>.Zero, s10 = s00, s20 = s00, s30 = s00, s40 = s00, s50 = s00;
        Vector256<float> s01 = s00, s11 = s00, s21 = s00, s31 = s00, s41 = s00, s51 = s00;
        for (var left = sum.Count; left > 0; left -= sum.Group)
        {
            for (var k = Math.Min(left, sum.Group); k > 0; k--)
            {
                var (low, high) = (Vector256.LoadUnsafe(ref b), Vector256.LoadUnsafe(ref b, Lanes / 2));
                b = ref Unsafe.Add(ref b, bStep);
                Add(ref a, low, high, ref s00, ref s01);
                if (TRows.Count > 1)
                {
                    Add(ref Unsafe.Add(ref a, pitch), low, high, ref s10, ref s11);
                    Add(ref Unsafe.Add(ref a, twice), low, high, ref s20, ref s21);
                    Add(ref a3, low, high, ref s30, ref s31);
                    Add(ref Unsafe.Add(ref a3, pitch), low, high, ref s40, ref s41);
                    Add(ref Unsafe.Add(ref a3, twice), low, high, ref s50, ref s51);
                }
                a = ref Unsafe.Add(ref a, step);
                a3 = ref Unsafe.Add(ref a3, step);
            }
            a = ref Unsafe.Add(ref a, sum.Gap);
            a3 = ref Unsafe.Add(ref a3, sum.Gap);
            b = ref Unsafe.Add(ref b, sum.BGap);
        }
        var cPitch = sum.CPitch;
        if (sum.IsAdded)
        {
            AddTo(ref s00, ref s01, ref c);
            if (TRows.Count > 1)
            {
                AddTo(ref s10, ref s11, ref Unsafe.Add(ref c, cPitch));
                AddTo(ref s20, ref s21, ref Unsafe.Add(ref c, 2 * cPitch));
                AddTo(ref s30, ref s31, ref Unsafe.Add(ref c, 3 * cPitch));
                AddTo(ref s40, ref s41, ref Unsafe.Add(ref c, 4 * cPitch));
                AddTo(ref s50, ref s51, ref Unsafe.Add(ref c, 5 * cPitch));
            }
        }
        Store(s00, s01, ref c);
        if (TRows.Count > 1)
        {
            Store(s10, s11, ref Unsafe.Add(ref c, cPitch));
            Store(s20, s21, ref Unsafe.Add(ref c, 2 * cPitch));
            Store(s30, s31, ref Unsafe.Add(ref c, 3 * cPitch));
            Store(s40, s41, ref Unsafe.Add(ref c, 4 * cPitch));
            Store(s50, s51, ref Unsafe.Add(ref c, 5 * cPitch));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Add(ref float a, Vector256<float> low, Vector256<float> high, ref Vector256<float> s0, ref Vector256<float> s1)
    {
        var x = Vector256.Create(a);
        s0 = Vector256.FusedMultiplyAdd(low, x, s0);
        s1 = Vector256.FusedMultiplyAdd(high, x, s1);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddTo(ref Vector256<float> low, ref Vector256<float> high, ref float c)
    {
        low += Vector256.LoadUnsafe(ref c);
        high += Vector256.LoadUnsafe(ref c, Lanes / 2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> low, Vector256<float> high, ref float c)
    {
        low.StoreUnsafe(ref c);
        high.StoreUnsafe(ref c, Lanes / 2);
    }

    // A tile's size as a type, so that each size is compiled by itself.
    private interface ISize
    {
        static abstract int Count { get; }
    }

    private readonly struct OneRow : ISize
    {
        public static int Count => 1;
    }

    private readonly struct FourRows : ISize
    {
        public static int Count => 4;
    }

    private readonly struct SixRows : ISize
    {
        public static int Count => 6;
    }

    private readonly struct EightRows : ISize
    {
        public static int Count => 8;
    }

    private readonly struct TwelveRows : ISize
    {
        public static int Count => 12;
    }

    // What a tile computes beside its rows of one vector.
    private interface ISecond
    {
        static abstract bool IsVector { get; }

        static abstract bool IsBelow { get; }
    }

    private readonly struct Nothing : ISecond
    {
        public static bool IsVector => false;

        public static bool IsBelow => false;
    }

    private readonly struct SecondVector : ISecond
    {
        public static bool IsVector => true;

        public static bool IsBelow => false;
    }

    private readonly struct RowsBelow : ISecond
    {
        public static bool IsVector => false;

        public static bool IsBelow => true;
    }
}
