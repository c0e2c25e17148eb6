using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

/// <summary>Matrix products, row by row: tiles of up to twelve rows and two vectors of 16 columns stay in registers, one factor's numbers are spread straight from memory.</summary>
public static partial class Products
{
    private const int Lanes = LaneBlocks.Lanes;

    /// <summary>c = a b, or c += a b. Each element's products are added in the order of the inner index.</summary>
    /// <param name="a">[rows][inner].</param>
    /// <param name="aPitch">Floats from one row of a to the next.</param>
    /// <param name="aStep">Floats from one column of a to the next: 1, or more where a lies transposed.</param>
    /// <param name="b">[inner][16 vectors].</param>
    /// <param name="bPitch">Floats from one row of b to the next.</param>
    /// <param name="c">[rows][16 vectors].</param>
    /// <param name="cPitch">Floats from one row of c to the next.</param>
    /// <param name="rows">Rows of a and c.</param>
    /// <param name="inner">Columns of a, rows of b.</param>
    /// <param name="vectors">Columns of b and c, 16 at a time.</param>
    /// <param name="add">Whether c is added to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(ref float a, nint aPitch, nint aStep, ref float b, nint bPitch, ref float c, nint cPitch, int rows, int inner, int vectors, bool add)
    {
        if (!Avx512F.IsSupported)
        {
            MultiplyHalves(ref a, aPitch, aStep, ref b, bPitch, ref c, cPitch, rows, inner, vectors, add);
            return;
        }
        var v = 0;
        for (; v + 2 <= vectors; v += 2)
        {
            ref var bAt = ref Unsafe.Add(ref b, v * Lanes);
            ref var cAt = ref Unsafe.Add(ref c, v * Lanes);
            var row = 0;
            for (; row + 12 <= rows; row += 12)
                Tile12x2(ref Unsafe.Add(ref a, row * aPitch), aPitch, aStep, ref bAt, bPitch, ref Unsafe.Add(ref cAt, row * cPitch), cPitch, inner, add);
            for (; row + 8 <= rows; row += 8)
                Tile8x2(ref Unsafe.Add(ref a, row * aPitch), aPitch, aStep, ref bAt, bPitch, ref Unsafe.Add(ref cAt, row * cPitch), cPitch, inner, add);
            for (; row + 4 <= rows; row += 4)
                Tile4x2(ref Unsafe.Add(ref a, row * aPitch), aPitch, aStep, ref bAt, bPitch, ref Unsafe.Add(ref cAt, row * cPitch), cPitch, inner, add);
            for (; row < rows; row++)
                Tile1x2(ref Unsafe.Add(ref a, row * aPitch), aStep, ref bAt, bPitch, ref Unsafe.Add(ref cAt, row * cPitch), inner, add);
        }
        if (v < vectors)
        {
            ref var bAt = ref Unsafe.Add(ref b, v * Lanes);
            ref var cAt = ref Unsafe.Add(ref c, v * Lanes);
            var row = 0;
            for (; row + 8 <= rows; row += 8)
                Tile8x1(ref Unsafe.Add(ref a, row * aPitch), aPitch, aStep, ref bAt, bPitch, ref Unsafe.Add(ref cAt, row * cPitch), cPitch, inner, add);
            for (; row < rows; row++)
                Tile1x1(ref Unsafe.Add(ref a, row * aPitch), aStep, ref bAt, bPitch, ref Unsafe.Add(ref cAt, row * cPitch), inner, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile12x2(ref float a, nint aPitch, nint aStep, ref float b, nint bPitch, ref float c, nint cPitch, int inner, bool add)
    {
        var twice = 2 * aPitch;
        ref var a3 = ref Unsafe.Add(ref a, 3 * aPitch);
        ref var a6 = ref Unsafe.Add(ref a, 6 * aPitch);
        ref var a9 = ref Unsafe.Add(ref a, 9 * aPitch);
        Vector512<float> s00 = Vector512<float>.Zero, s10 = s00, s20 = s00, s30 = s00, s40 = s00, s50 = s00, s60 = s00, s70 = s00, s80 = s00, s90 = s00, sA0 = s00, sB0 = s00;
        Vector512<float> s01 = s00, s11 = s00, s21 = s00, s31 = s00, s41 = s00, s51 = s00, s61 = s00, s71 = s00, s81 = s00, s91 = s00, sA1 = s00, sB1 = s00;
        for (var k = 0; k < inner; k++)
        {
            var b0 = Vector512.LoadUnsafe(ref b);
            var b1 = Vector512.LoadUnsafe(ref b, Lanes);
            b = ref Unsafe.Add(ref b, bPitch);
            var x = Vector512.Create(a);
            s00 = Vector512.FusedMultiplyAdd(b0, x, s00);
            s01 = Vector512.FusedMultiplyAdd(b1, x, s01);
            x = Vector512.Create(Unsafe.Add(ref a, aPitch));
            s10 = Vector512.FusedMultiplyAdd(b0, x, s10);
            s11 = Vector512.FusedMultiplyAdd(b1, x, s11);
            x = Vector512.Create(Unsafe.Add(ref a, twice));
            s20 = Vector512.FusedMultiplyAdd(b0, x, s20);
            s21 = Vector512.FusedMultiplyAdd(b1, x, s21);
            x = Vector512.Create(a3);
            s30 = Vector512.FusedMultiplyAdd(b0, x, s30);
            s31 = Vector512.FusedMultiplyAdd(b1, x, s31);
            x = Vector512.Create(Unsafe.Add(ref a3, aPitch));
            s40 = Vector512.FusedMultiplyAdd(b0, x, s40);
            s41 = Vector512.FusedMultiplyAdd(b1, x, s41);
            x = Vector512.Create(Unsafe.Add(ref a3, twice));
            s50 = Vector512.FusedMultiplyAdd(b0, x, s50);
            s51 = Vector512.FusedMultiplyAdd(b1, x, s51);
            x = Vector512.Create(a6);
            s60 = Vector512.FusedMultiplyAdd(b0, x, s60);
            s61 = Vector512.FusedMultiplyAdd(b1, x, s61);
            x = Vector512.Create(Unsafe.Add(ref a6, aPitch));
            s70 = Vector512.FusedMultiplyAdd(b0, x, s70);
            s71 = Vector512.FusedMultiplyAdd(b1, x, s71);
            x = Vector512.Create(Unsafe.Add(ref a6, twice));
            s80 = Vector512.FusedMultiplyAdd(b0, x, s80);
            s81 = Vector512.FusedMultiplyAdd(b1, x, s81);
            x = Vector512.Create(a9);
            s90 = Vector512.FusedMultiplyAdd(b0, x, s90);
            s91 = Vector512.FusedMultiplyAdd(b1, x, s91);
            x = Vector512.Create(Unsafe.Add(ref a9, aPitch));
            sA0 = Vector512.FusedMultiplyAdd(b0, x, sA0);
            sA1 = Vector512.FusedMultiplyAdd(b1, x, sA1);
            x = Vector512.Create(Unsafe.Add(ref a9, twice));
            sB0 = Vector512.FusedMultiplyAdd(b0, x, sB0);
            sB1 = Vector512.FusedMultiplyAdd(b1, x, sB1);
            a = ref Unsafe.Add(ref a, aStep);
            a3 = ref Unsafe.Add(ref a3, aStep);
            a6 = ref Unsafe.Add(ref a6, aStep);
            a9 = ref Unsafe.Add(ref a9, aStep);
        }
        Store(s00, s01, ref c, add);
        Store(s10, s11, ref Unsafe.Add(ref c, cPitch), add);
        Store(s20, s21, ref Unsafe.Add(ref c, 2 * cPitch), add);
        Store(s30, s31, ref Unsafe.Add(ref c, 3 * cPitch), add);
        Store(s40, s41, ref Unsafe.Add(ref c, 4 * cPitch), add);
        Store(s50, s51, ref Unsafe.Add(ref c, 5 * cPitch), add);
        Store(s60, s61, ref Unsafe.Add(ref c, 6 * cPitch), add);
        Store(s70, s71, ref Unsafe.Add(ref c, 7 * cPitch), add);
        Store(s80, s81, ref Unsafe.Add(ref c, 8 * cPitch), add);
        Store(s90, s91, ref Unsafe.Add(ref c, 9 * cPitch), add);
        Store(sA0, sA1, ref Unsafe.Add(ref c, 10 * cPitch), add);
        Store(sB0, sB1, ref Unsafe.Add(ref c, 11 * cPitch), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x2(ref float a, nint aPitch, nint aStep, ref float b, nint bPitch, ref float c, nint cPitch, int inner, bool add)
    {
        ref var a2 = ref Unsafe.Add(ref a, 2 * aPitch);
        ref var a4 = ref Unsafe.Add(ref a, 4 * aPitch);
        ref var a6 = ref Unsafe.Add(ref a, 6 * aPitch);
        Vector512<float> s00 = Vector512<float>.Zero, s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        Vector512<float> s40 = s00, s41 = s00, s50 = s00, s51 = s00, s60 = s00, s61 = s00, s70 = s00, s71 = s00;
        for (var k = 0; k < inner; k++)
        {
            var b0 = Vector512.LoadUnsafe(ref b);
            var b1 = Vector512.LoadUnsafe(ref b, Lanes);
            b = ref Unsafe.Add(ref b, bPitch);
            var x = Vector512.Create(a);
            s00 = Vector512.FusedMultiplyAdd(b0, x, s00);
            s01 = Vector512.FusedMultiplyAdd(b1, x, s01);
            x = Vector512.Create(Unsafe.Add(ref a, aPitch));
            s10 = Vector512.FusedMultiplyAdd(b0, x, s10);
            s11 = Vector512.FusedMultiplyAdd(b1, x, s11);
            x = Vector512.Create(a2);
            s20 = Vector512.FusedMultiplyAdd(b0, x, s20);
            s21 = Vector512.FusedMultiplyAdd(b1, x, s21);
            x = Vector512.Create(Unsafe.Add(ref a2, aPitch));
            s30 = Vector512.FusedMultiplyAdd(b0, x, s30);
            s31 = Vector512.FusedMultiplyAdd(b1, x, s31);
            x = Vector512.Create(a4);
            s40 = Vector512.FusedMultiplyAdd(b0, x, s40);
            s41 = Vector512.FusedMultiplyAdd(b1, x, s41);
            x = Vector512.Create(Unsafe.Add(ref a4, aPitch));
            s50 = Vector512.FusedMultiplyAdd(b0, x, s50);
            s51 = Vector512.FusedMultiplyAdd(b1, x, s51);
            x = Vector512.Create(a6);
            s60 = Vector512.FusedMultiplyAdd(b0, x, s60);
            s61 = Vector512.FusedMultiplyAdd(b1, x, s61);
            x = Vector512.Create(Unsafe.Add(ref a6, aPitch));
            s70 = Vector512.FusedMultiplyAdd(b0, x, s70);
            s71 = Vector512.FusedMultiplyAdd(b1, x, s71);
            a = ref Unsafe.Add(ref a, aStep);
            a2 = ref Unsafe.Add(ref a2, aStep);
            a4 = ref Unsafe.Add(ref a4, aStep);
            a6 = ref Unsafe.Add(ref a6, aStep);
        }
        Store(s00, s01, ref c, add);
        Store(s10, s11, ref Unsafe.Add(ref c, cPitch), add);
        Store(s20, s21, ref Unsafe.Add(ref c, 2 * cPitch), add);
        Store(s30, s31, ref Unsafe.Add(ref c, 3 * cPitch), add);
        Store(s40, s41, ref Unsafe.Add(ref c, 4 * cPitch), add);
        Store(s50, s51, ref Unsafe.Add(ref c, 5 * cPitch), add);
        Store(s60, s61, ref Unsafe.Add(ref c, 6 * cPitch), add);
        Store(s70, s71, ref Unsafe.Add(ref c, 7 * cPitch), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile4x2(ref float a, nint aPitch, nint aStep, ref float b, nint bPitch, ref float c, nint cPitch, int inner, bool add)
    {
        ref var a2 = ref Unsafe.Add(ref a, 2 * aPitch);
        Vector512<float> s00 = Vector512<float>.Zero, s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00, s30 = s00, s31 = s00;
        for (var k = 0; k < inner; k++)
        {
            var b0 = Vector512.LoadUnsafe(ref b);
            var b1 = Vector512.LoadUnsafe(ref b, Lanes);
            b = ref Unsafe.Add(ref b, bPitch);
            var x = Vector512.Create(a);
            s00 = Vector512.FusedMultiplyAdd(b0, x, s00);
            s01 = Vector512.FusedMultiplyAdd(b1, x, s01);
            x = Vector512.Create(Unsafe.Add(ref a, aPitch));
            s10 = Vector512.FusedMultiplyAdd(b0, x, s10);
            s11 = Vector512.FusedMultiplyAdd(b1, x, s11);
            x = Vector512.Create(a2);
            s20 = Vector512.FusedMultiplyAdd(b0, x, s20);
            s21 = Vector512.FusedMultiplyAdd(b1, x, s21);
            x = Vector512.Create(Unsafe.Add(ref a2, aPitch));
            s30 = Vector512.FusedMultiplyAdd(b0, x, s30);
            s31 = Vector512.FusedMultiplyAdd(b1, x, s31);
            a = ref Unsafe.Add(ref a, aStep);
            a2 = ref Unsafe.Add(ref a2, aStep);
        }
        Store(s00, s01, ref c, add);
        Store(s10, s11, ref Unsafe.Add(ref c, cPitch), add);
        Store(s20, s21, ref Unsafe.Add(ref c, 2 * cPitch), add);
        Store(s30, s31, ref Unsafe.Add(ref c, 3 * cPitch), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x2(ref float a, nint aStep, ref float b, nint bPitch, ref float c, int inner, bool add)
    {
        Vector512<float> s0 = Vector512<float>.Zero, s1 = s0;
        for (var k = 0; k < inner; k++)
        {
            var x = Vector512.Create(a);
            s0 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref b), x, s0);
            s1 = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref b, Lanes), x, s1);
            b = ref Unsafe.Add(ref b, bPitch);
            a = ref Unsafe.Add(ref a, aStep);
        }
        Store(s0, s1, ref c, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile8x1(ref float a, nint aPitch, nint aStep, ref float b, nint bPitch, ref float c, nint cPitch, int inner, bool add)
    {
        ref var a2 = ref Unsafe.Add(ref a, 2 * aPitch);
        ref var a4 = ref Unsafe.Add(ref a, 4 * aPitch);
        ref var a6 = ref Unsafe.Add(ref a, 6 * aPitch);
        Vector512<float> s0 = Vector512<float>.Zero, s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
        for (var k = 0; k < inner; k++)
        {
            var x = Vector512.LoadUnsafe(ref b);
            b = ref Unsafe.Add(ref b, bPitch);
            s0 = Vector512.FusedMultiplyAdd(x, Vector512.Create(a), s0);
            s1 = Vector512.FusedMultiplyAdd(x, Vector512.Create(Unsafe.Add(ref a, aPitch)), s1);
            s2 = Vector512.FusedMultiplyAdd(x, Vector512.Create(a2), s2);
            s3 = Vector512.FusedMultiplyAdd(x, Vector512.Create(Unsafe.Add(ref a2, aPitch)), s3);
            s4 = Vector512.FusedMultiplyAdd(x, Vector512.Create(a4), s4);
            s5 = Vector512.FusedMultiplyAdd(x, Vector512.Create(Unsafe.Add(ref a4, aPitch)), s5);
            s6 = Vector512.FusedMultiplyAdd(x, Vector512.Create(a6), s6);
            s7 = Vector512.FusedMultiplyAdd(x, Vector512.Create(Unsafe.Add(ref a6, aPitch)), s7);
            a = ref Unsafe.Add(ref a, aStep);
            a2 = ref Unsafe.Add(ref a2, aStep);
            a4 = ref Unsafe.Add(ref a4, aStep);
            a6 = ref Unsafe.Add(ref a6, aStep);
        }
        Store(s0, ref c, add);
        Store(s1, ref Unsafe.Add(ref c, cPitch), add);
        Store(s2, ref Unsafe.Add(ref c, 2 * cPitch), add);
        Store(s3, ref Unsafe.Add(ref c, 3 * cPitch), add);
        Store(s4, ref Unsafe.Add(ref c, 4 * cPitch), add);
        Store(s5, ref Unsafe.Add(ref c, 5 * cPitch), add);
        Store(s6, ref Unsafe.Add(ref c, 6 * cPitch), add);
        Store(s7, ref Unsafe.Add(ref c, 7 * cPitch), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1x1(ref float a, nint aStep, ref float b, nint bPitch, ref float c, int inner, bool add)
    {
        var sum = Vector512<float>.Zero;
        for (var k = 0; k < inner; k++)
        {
            sum = Vector512.FusedMultiplyAdd(Vector512.LoadUnsafe(ref b), Vector512.Create(a), sum);
            b = ref Unsafe.Add(ref b, bPitch);
            a = ref Unsafe.Add(ref a, aStep);
        }
        Store(sum, ref c, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> low, Vector512<float> high, ref float c, bool add)
    {
        Store(low, ref c, add);
        Store(high, ref Unsafe.Add(ref c, Lanes), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector512<float> sum, ref float c, bool add) => (add ? Vector512.LoadUnsafe(ref c) + sum : sum).StoreUnsafe(ref c);
}
