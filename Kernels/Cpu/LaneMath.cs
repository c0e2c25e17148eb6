using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Kernels;

/// <summary>
/// Functions of each lane of a vector, for 16 lanes at once and for 8. Both widths do the same operations in the same order, so a lane's bits depend neither on the
/// width nor on the lanes beside it, on any processor with fused multiply-add (without it other last bits follow). Errors are given in units in the last place (ulp)
/// of float against the exact value; they hold with fused multiply-add (without it tanh may err by 5e-7, and sine and cosine lose the angle of large arguments).
/// </summary>
/// <remarks>The coefficients are minimax fits, made for these intervals.</remarks>
public static partial class LaneMath
{
    // Where each function's constants stand in the table, in the order in which its Horner steps read them.
    private const int TanhAt = 0, ExpAt = 11, LogAt = 23;

    private static ReadOnlySpan<float> Table =>
    [
        // tanh x = x P(x^2) / Q(x^2), fitted on |x| <= 7.9 to 1.4e-7 and cut at 7.73, where it is 1 - 3e-7: the bounds, P from the highest coefficient, Q likewise
        7.73f, -7.73f,
        1.15320226666e-5f, 0.00296049194621f, 0.129344357357f, 0.999999869777f,
        2.49260340776e-7f, 0.000240014578973f, 0.0238541616266f, 0.462676625831f, 1f,
        // e^x: the bounds, log2 e, 1.5 * 2^23 (adding it rounds to a whole number), -ln 2 in two parts; e^r on |r| <= ln 2 / 2 within 3.1e-9
        89f, -104f, 1.44269504f, 12582912f, -0.693359375f, 2.12194440e-4f,
        0.00138144622626f, 0.00836878086064f, 0.0416683943112873f, 0.16666520102978f, 0.49999993412001f, 1f,
        // log: ln 2 in two parts; (log(1 + f) - f + f^2 / 2) / f^3 on 1 + f in [1/sqrt 2, sqrt 2], within 5.9e-9 of the logarithm
        0.693359375f, -2.12194440e-4f,
        -0.0763437652187871f, 0.127615289302114f, -0.131602051769854f, 0.142017660546447f, -0.166233557894163f, 0.200012264996709f, -0.250008210736525f, 0.333333317112996f,
    ];

    // p 2^n, rounded once: the instruction where there is one, elsewhere two factors, as no single float holds 2^-150 or 2^128. `whole` is n + 1.5 * 2^23.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Scale(Vector512<float> p, Vector512<float> n, Vector512<float> whole)
    {
        if (Avx512F.IsSupported)
            return Avx512F.Scale(p, n);
        var i = whole.AsInt32() - Vector512.Create(0x4B400000);
        var half = i >> 1;
        return p * ((half + Vector512.Create(127)) << 23).AsSingle() * ((i - half + Vector512.Create(127)) << 23).AsSingle();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Scale(Vector256<float> p, Vector256<float> n, Vector256<float> whole)
    {
        if (Avx512F.VL.IsSupported)
            return Avx512F.VL.Scale(p, n);
        var i = whole.AsInt32() - Vector256.Create(0x4B400000);
        var half = i >> 1;
        return p * ((half + Vector256.Create(127)) << 23).AsSingle() * ((i - half + Vector256.Create(127)) << 23).AsSingle();
    }
}
