using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace NNGen.Kernels;

// The text of LaneMath.Vector512.cs and LaneMath.Vector256.cs differs in the width alone; a test compares them.
public static partial class LaneMath
{
    /// <summary>Hyperbolic tangent, with relative error at most 4e-7 (7 ulp; subnormal numbers: 1 ulp); never above 1 in size, and 1 - 3e-7 from 7.73 on; NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        ref var c = ref Unsafe.Add(ref MemoryMarshal.GetReference(Table), TanhAt);
        // x stands second: of an unordered pair the native operations return that, so NaN goes through.
        x = Vector512.MinNative(At512(ref c, 0), Vector512.MaxNative(At512(ref c, 1), x));
        var q = x * x;
        var p = Vector512.MultiplyAddEstimate(q, At512(ref c, 2), At512(ref c, 3));
        p = Vector512.MultiplyAddEstimate(q, p, At512(ref c, 4));
        p = Vector512.MultiplyAddEstimate(q, p, At512(ref c, 5));
        var d = Vector512.MultiplyAddEstimate(q, At512(ref c, 6), At512(ref c, 7));
        d = Vector512.MultiplyAddEstimate(q, d, At512(ref c, 8));
        d = Vector512.MultiplyAddEstimate(q, d, At512(ref c, 9));
        d = Vector512.MultiplyAddEstimate(q, d, At512(ref c, 10));
        return x * p / d;
    }

    /// <summary>e^x, within 2 ulp; 0 below -104, infinity above 88.73, subnormal results rounded once, NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        ref var c = ref Unsafe.Add(ref MemoryMarshal.GetReference(Table), ExpAt);
        x = Vector512.MinNative(At512(ref c, 0), Vector512.MaxNative(At512(ref c, 1), x));
        // x = n ln 2 + r
        var whole = Vector512.MultiplyAddEstimate(x, At512(ref c, 2), At512(ref c, 3));
        var n = whole - At512(ref c, 3);
        var r = Vector512.MultiplyAddEstimate(n, At512(ref c, 4), x);
        r = Vector512.MultiplyAddEstimate(n, At512(ref c, 5), r);
        var p = Vector512.MultiplyAddEstimate(r, At512(ref c, 6), At512(ref c, 7));
        p = Vector512.MultiplyAddEstimate(r, p, At512(ref c, 8));
        p = Vector512.MultiplyAddEstimate(r, p, At512(ref c, 9));
        p = Vector512.MultiplyAddEstimate(r, p, At512(ref c, 10));
        p = Vector512.MultiplyAddEstimate(r, p, At512(ref c, 11));
        p = Vector512.MultiplyAddEstimate(r, p, At512(ref c, 11));
        return Scale(p, n, whole);
    }

    /// <summary>Natural logarithm, within 2 ulp, of subnormal numbers too; minus infinity at 0, infinity at infinity, NaN below 0 and for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Log(Vector512<float> x)
    {
        ref var c = ref Unsafe.Add(ref MemoryMarshal.GetReference(Table), LogAt);
        // A subnormal number is made normal by 2^24. x = 2^e (1 + f) with 1 + f from 1/sqrt 2, whose bits are 0x3F3504F3, to sqrt 2.
        var small = Vector512.LessThan(x, Vector512.Create(1.17549435e-38f));
        var bits = Vector512.ConditionalSelect(small, x * Vector512.Create(16777216f), x).AsInt32() - Vector512.Create(0x3F3504F3);
        var e = Vector512.ConvertToSingle((bits >> 23) - (small.AsInt32() & Vector512.Create(24)));
        var f = ((bits & Vector512.Create(0x007FFFFF)) + Vector512.Create(0x3F3504F3)).AsSingle() - Vector512<float>.One;
        var z = f * f;
        var p = Vector512.MultiplyAddEstimate(f, At512(ref c, 2), At512(ref c, 3));
        p = Vector512.MultiplyAddEstimate(f, p, At512(ref c, 4));
        p = Vector512.MultiplyAddEstimate(f, p, At512(ref c, 5));
        p = Vector512.MultiplyAddEstimate(f, p, At512(ref c, 6));
        p = Vector512.MultiplyAddEstimate(f, p, At512(ref c, 7));
        p = Vector512.MultiplyAddEstimate(f, p, At512(ref c, 8));
        p = Vector512.MultiplyAddEstimate(f, p, At512(ref c, 9));
        var y = Vector512.MultiplyAddEstimate(f * z, p, z * Vector512.Create(-0.5f));
        y = f + Vector512.MultiplyAddEstimate(e, At512(ref c, 1), y);
        y = Vector512.MultiplyAddEstimate(e, At512(ref c, 0), y);
        // What has no exponent of its own: infinity is its own logarithm, anything else that is not above 0 has none.
        var above = Vector512.GreaterThan(x, Vector512<float>.Zero);
        y = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512.Create(float.PositiveInfinity)), x, y);
        var none = Vector512.ConditionalSelect(Vector512.Equals(x, Vector512<float>.Zero), Vector512.Create(float.NegativeInfinity), Vector512.Create(float.NaN));
        return Vector512.ConditionalSelect(above, y, none);
    }

    /// <summary>1 / (1 + e^-x), within 3 ulp down to x = -87; from there on, where the exact value is subnormal, it falls to 0. NaN for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sigmoid(Vector512<float> x) =>
        Vector512<float>.One / (Vector512<float>.One + Exp(-x));

    /// <summary>Sine, within 2 ulp for |x| up to 2^50 (the angle is reduced in double); NaN above, where neighbouring floats are many turns apart, and for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Sin(Vector512<float> x)
    {
        var r = Reduce(x, out var quadrant);
        return SinOrCos(r, quadrant);
    }

    /// <summary>Cosine, within 2 ulp for |x| up to 2^50 (the angle is reduced in double); NaN above, where neighbouring floats are many turns apart, and for NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Cos(Vector512<float> x)
    {
        // cos x = sin(x + pi / 2)
        var r = Reduce(x, out var quadrant);
        return SinOrCos(r, quadrant + Vector512<int>.One);
    }

    /// <summary>
    /// x^y, within 1 ulp, with the special cases of IEEE 754 (a negative x has a power only for whole y; x^0 = 1^y = 1). It is computed in double, since an error in
    /// y log x grows with its size.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Pow(Vector512<float> x, Vector512<float> y)
    {
        var one = Vector512<float>.One;
        var zero = Vector512<float>.Zero;
        var infinity = Vector512.Create(float.PositiveInfinity);
        var a = Vector512.Abs(x);
        var (xLow, xHigh) = Vector512.Widen(a);
        var (yLow, yHigh) = Vector512.Widen(y);
        var power = Vector512.Narrow(PowInDouble(xLow, yLow), PowInDouble(xHigh, yHigh));

        var isZero = Vector512.Equals(a, zero);
        var end = Vector512.ConditionalSelect(Vector512.Equals(isZero.AsInt32(), Vector512.LessThan(y, zero).AsInt32()).AsSingle(), infinity, zero);
        power = Vector512.ConditionalSelect(isZero | Vector512.Equals(a, infinity), end, power);
        power = Vector512.ConditionalSelect(Vector512.Equals(a, one), one, power);

        // y is whole, and odd when half of it is not whole. Of all negative x only minus infinity and -0 have powers that are not whole.
        var half = y * Vector512.Create(0.5f);
        var whole = Vector512.Equals(Vector512.Floor(y), y);
        var odd = Vector512.AndNot(whole, Vector512.Equals(Vector512.Floor(half), half));
        power |= x & odd & Vector512.Create(-0f);
        var none = Vector512.AndNot(Vector512.LessThan(x, zero) & Vector512.GreaterThan(x, -infinity), whole);
        var number = Vector512.AndNot(Vector512.Equals(x, x) & Vector512.Equals(y, y), none);
        power = Vector512.ConditionalSelect(number, power, Vector512.Create(float.NaN));
        return Vector512.ConditionalSelect(Vector512.Equals(y, zero) | Vector512.Equals(x, one), one, power);
    }

    // x = n pi / 2 + r with |r| at most pi / 4; the quadrant is n modulo 4 in its last two bits. Adding 1.5 * 2^52 rounds to a whole number.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Reduce(Vector512<float> x, out Vector512<int> quadrant)
    {
        var (low, high) = Vector512.Widen(x);
        var magic = Vector512.Create(6755399441055744.0);
        var wholeLow = Vector512.MultiplyAddEstimate(low, Vector512.Create(0.63661977236758134), magic);
        var wholeHigh = Vector512.MultiplyAddEstimate(high, Vector512.Create(0.63661977236758134), magic);
        quadrant = Vector512.Narrow(wholeLow.AsInt64(), wholeHigh.AsInt64());
        var (nLow, nHigh) = (wholeLow - magic, wholeHigh - magic);
        // -pi / 2 as the sum of two doubles: the first product is exact inside the fused operation.
        low = Vector512.MultiplyAddEstimate(nLow, Vector512.Create(-1.5707963267948966), low);
        high = Vector512.MultiplyAddEstimate(nHigh, Vector512.Create(-1.5707963267948966), high);
        low = Vector512.MultiplyAddEstimate(nLow, Vector512.Create(-6.123233995736766e-17), low);
        high = Vector512.MultiplyAddEstimate(nHigh, Vector512.Create(-6.123233995736766e-17), high);
        var known = Vector512.LessThanOrEqual(Vector512.Abs(x), Vector512.Create(1125899906842624f));
        return Vector512.ConditionalSelect(known, Vector512.Narrow(low, high), Vector512.Create(float.NaN));
    }

    // The sine of n pi / 2 + r: both polynomials (within 4e-9 and 2e-10 on |r| <= pi / 4), the one that the quadrant's first bit wants, with the sign of its second.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> SinOrCos(Vector512<float> r, Vector512<int> quadrant)
    {
        var z = r * r;
        var s = Vector512.MultiplyAddEstimate(z, Vector512.Create(-0.000195152216207808f), Vector512.Create(0.0083321603228009f));
        s = Vector512.MultiplyAddEstimate(z, s, Vector512.Create(-0.166666546028927f));
        s = Vector512.MultiplyAddEstimate(r * z, s, r);
        var k = Vector512.MultiplyAddEstimate(z, Vector512.Create(0.0000244330790433437f), Vector512.Create(-0.00138873155791057f));
        k = Vector512.MultiplyAddEstimate(z, k, Vector512.Create(0.0416666456692212f));
        k = Vector512.MultiplyAddEstimate(z, k, Vector512.Create(-0.5f));
        k = Vector512.MultiplyAddEstimate(z, k, Vector512<float>.One);
        var even = Vector512.Equals(quadrant & Vector512<int>.One, Vector512<int>.Zero).AsSingle();
        return Vector512.ConditionalSelect(even, s, k) ^ ((quadrant & Vector512.Create(2)) << 30).AsSingle();
    }

    // a^y for positive, finite a, exact enough (4e-12 in log2 a, 5e-11 in the power) that only the rounding to float is seen.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<double> PowInDouble(Vector512<double> a, Vector512<double> y)
    {
        // a = 2^e m with m from 1/sqrt 2, whose bits are 0x3FE6A09E667F3BCD, to sqrt 2; log2 m = s L(s^2), s = (m - 1) / (m + 1).
        var magic = Vector512.Create(6755399441055744.0);
        // 1024 more in the exponent keeps it positive, since few processors shift signed 64-bit integers or convert them.
        var bits = a.AsInt64() + Vector512.Create(0x4000000000000000L - 0x3FE6A09E667F3BCDL);
        var e = ((bits >>> 52) | magic.AsInt64()).AsDouble() - (magic + Vector512.Create(1024.0));
        var m = ((bits & Vector512.Create(0x000FFFFFFFFFFFFFL)) + Vector512.Create(0x3FE6A09E667F3BCDL)).AsDouble();
        var s = (m - Vector512<double>.One) / (m + Vector512<double>.One);
        var z = s * s;
        var l = Vector512.MultiplyAddEstimate(z, Vector512.Create(0.340735758463240803), Vector512.Create(0.411672389116468772));
        l = Vector512.MultiplyAddEstimate(z, l, Vector512.Create(0.577083590712295113));
        l = Vector512.MultiplyAddEstimate(z, l, Vector512.Create(0.961796673314609761));
        l = Vector512.MultiplyAddEstimate(z, l, Vector512.Create(2.88539008179007454));
        // 2^-160 and 2^160 are 0 and infinity in float.
        var t = y * Vector512.MultiplyAddEstimate(s, l, e);
        t = Vector512.MinNative(Vector512.Create(160.0), Vector512.MaxNative(Vector512.Create(-160.0), t));
        var whole = t + magic;
        var f = t - (whole - magic);
        var p = Vector512.MultiplyAddEstimate(f, Vector512.Create(0.0000151961524433887965), Vector512.Create(0.000154667566761953998));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(0.00133339350748297297));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(0.00961803813072255712));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(0.0555041036596492832));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(0.240226510665726976));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512.Create(0.693147180704541592));
        p = Vector512.MultiplyAddEstimate(f, p, Vector512<double>.One);
        // p 2^n: n, which stands in the last bits of `whole`, is added to the exponent.
        return (p.AsInt64() + (whole.AsInt64() << 52)).AsDouble();
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> At512(ref float table, int index) => Vector512.Create(Unsafe.Add(ref table, index));
}
