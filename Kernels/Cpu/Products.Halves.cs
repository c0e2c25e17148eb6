using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

// For processors with 16 registers of 256 bits: six rows and one vector of 16 columns, as two halves. Each element's sum is the same, in the same order.
public static partial class Products
{
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void MultiplyHalves(ref float a, nint aPitch, nint aStep, ref float b, nint bPitch, ref float c, nint cPitch, int rows, int inner, int vectors, bool add)
    {
        for (var v = 0; v < vectors; v++)
        {
            ref var bAt = ref Unsafe.Add(ref b, v * Lanes);
            ref var cAt = ref Unsafe.Add(ref c, v * Lanes);
            var row = 0;
            for (; row + 6 <= rows; row += 6)
                Tile6(ref Unsafe.Add(ref a, row * aPitch), aPitch, aStep, ref bAt, bPitch, ref Unsafe.Add(ref cAt, row * cPitch), cPitch, inner, add);
            for (; row < rows; row++)
                Tile1(ref Unsafe.Add(ref a, row * aPitch), aStep, ref bAt, bPitch, ref Unsafe.Add(ref cAt, row * cPitch), inner, add);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile6(ref float a, nint aPitch, nint aStep, ref float b, nint bPitch, ref float c, nint cPitch, int inner, bool add)
    {
        ref var a2 = ref Unsafe.Add(ref a, 2 * aPitch);
        ref var a4 = ref Unsafe.Add(ref a, 4 * aPitch);
        Vector256<float> s00 = Vector256<float>.Zero, s01 = s00, s10 = s00, s11 = s00, s20 = s00, s21 = s00;
        Vector256<float> s30 = s00, s31 = s00, s40 = s00, s41 = s00, s50 = s00, s51 = s00;
        for (var k = 0; k < inner; k++)
        {
            var low = Vector256.LoadUnsafe(ref b);
            var high = Vector256.LoadUnsafe(ref b, Lanes / 2);
            b = ref Unsafe.Add(ref b, bPitch);
            var x = Vector256.Create(a);
            s00 = Vector256.FusedMultiplyAdd(low, x, s00);
            s01 = Vector256.FusedMultiplyAdd(high, x, s01);
            x = Vector256.Create(Unsafe.Add(ref a, aPitch));
            s10 = Vector256.FusedMultiplyAdd(low, x, s10);
            s11 = Vector256.FusedMultiplyAdd(high, x, s11);
            x = Vector256.Create(a2);
            s20 = Vector256.FusedMultiplyAdd(low, x, s20);
            s21 = Vector256.FusedMultiplyAdd(high, x, s21);
            x = Vector256.Create(Unsafe.Add(ref a2, aPitch));
            s30 = Vector256.FusedMultiplyAdd(low, x, s30);
            s31 = Vector256.FusedMultiplyAdd(high, x, s31);
            x = Vector256.Create(a4);
            s40 = Vector256.FusedMultiplyAdd(low, x, s40);
            s41 = Vector256.FusedMultiplyAdd(high, x, s41);
            x = Vector256.Create(Unsafe.Add(ref a4, aPitch));
            s50 = Vector256.FusedMultiplyAdd(low, x, s50);
            s51 = Vector256.FusedMultiplyAdd(high, x, s51);
            a = ref Unsafe.Add(ref a, aStep);
            a2 = ref Unsafe.Add(ref a2, aStep);
            a4 = ref Unsafe.Add(ref a4, aStep);
        }
        Store(s00, s01, ref c, add);
        Store(s10, s11, ref Unsafe.Add(ref c, cPitch), add);
        Store(s20, s21, ref Unsafe.Add(ref c, 2 * cPitch), add);
        Store(s30, s31, ref Unsafe.Add(ref c, 3 * cPitch), add);
        Store(s40, s41, ref Unsafe.Add(ref c, 4 * cPitch), add);
        Store(s50, s51, ref Unsafe.Add(ref c, 5 * cPitch), add);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tile1(ref float a, nint aStep, ref float b, nint bPitch, ref float c, int inner, bool add)
    {
        Vector256<float> low = Vector256<float>.Zero, high = low;
        for (var k = 0; k < inner; k++)
        {
            var x = Vector256.Create(a);
            low = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref b), x, low);
            high = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref b, Lanes / 2), x, high);
            b = ref Unsafe.Add(ref b, bPitch);
            a = ref Unsafe.Add(ref a, aStep);
        }
        Store(low, high, ref c, add);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector256<float> low, Vector256<float> high, ref float c, bool add)
    {
        (add ? Vector256.LoadUnsafe(ref c) + low : low).StoreUnsafe(ref c);
        (add ? Vector256.LoadUnsafe(ref c, Lanes / 2) + high : high).StoreUnsafe(ref c, Lanes / 2);
    }
}
