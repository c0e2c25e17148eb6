using ILGPU;

namespace NNGen.Gpu;

/// <summary>
/// Functions of one number that kernels may call on any device. ILGPU has no exponential, logarithm or power for CUDA, approximates sine, cosine and tanh there to
/// about 2^-11, and lets its minimum and maximum swallow NaN; these are the same arithmetic everywhere. Errors are given in units in the last place of float
/// against the exact value, and hold for normal results (a device may flush smaller ones to zero).
/// </summary>
public static class GpuMath
{
    private const float Log2E = 1.44269504f;

    // ln 2 in two parts: the first has 12 zero bits at its end, so that a whole multiple below 2^11 of it is exact.
    private const float Ln2High = 0.693359375f;
    private const float Ln2Low = -2.12194440e-4f;

    /// <summary>e^x, within 2 units in the last place: x = n ln 2 + r, and e^r by its Taylor polynomial of degree 7 (|r| is at most 0.35, where the next term is 5e-9).</summary>
    public static float Exp(float x)
    {
        if (x > 88.8f)
            return float.PositiveInfinity;
        if (x < -104f)
            return 0f;
        var n = MathF.Floor(x * Log2E + 0.5f);
        var r = x - n * Ln2High - n * Ln2Low;
        var p = 1f + r * (1f + r * (1f / 2 + r * (1f / 6 + r * (1f / 24 + r * (1f / 120 + r * (1f / 720 + r * (1f / 5040)))))));
        // 2^n in two factors: n reaches -150 and 128, which no single float's exponent holds.
        var half = (int)n >> 1;
        return p * PowerOfTwo(half) * PowerOfTwo((int)n - half);
    }

    /// <summary>
    /// Natural logarithm, within 2 units in the last place: x = 2^e m with m in [1/sqrt 2, sqrt 2), and log m = 2 atanh((m - 1) / (m + 1)) by its series to the ninth
    /// power (the argument is at most 0.172, where the next term is 2e-9). Minus infinity at 0, NaN below.
    /// </summary>
    public static float Log(float x)
    {
        if (!(x > 0f))
            return x == 0f ? float.NegativeInfinity : float.NaN;
        if (x == float.PositiveInfinity)
            return x;
        var bits = (int)Interop.FloatAsInt(x);
        var e = 0;
        if (bits < 1 << 23)
        {
            // A subnormal number, made normal.
            bits = (int)Interop.FloatAsInt(x * 16777216f);
            e = -24;
        }
        var above = bits - 0x3F3504F3;                  // the bits of 1 / sqrt 2
        e += above >> 23;
        var m = Interop.IntAsFloat((uint)((above & 0x007FFFFF) + 0x3F3504F3));
        var f = m - 1f;
        var s = f / (m + 1f);
        var z = s * s;
        // 2 s = f - f s exactly, and f is exact: the leading term carries no rounding error of the quotient.
        var tail = s * (2f * z * (1f / 3 + z * (1f / 5 + z * (1f / 7 + z * (1f / 9)))) - f);
        return e * Ln2High + (f + (tail + e * Ln2Low));
    }

    /// <summary>
    /// Hyperbolic tangent, within 3 units in the last place: below 0.6 the fifth convergent of Lambert's continued fraction x / (1 + x^2 / (3 + x^2 / (5 + ...)))
    /// (error below 1e-9), above it 1 - 2 / (e^2x + 1).
    /// </summary>
    public static float Tanh(float x)
    {
        var a = MathF.Abs(x);
        if (a < 0.6f)
        {
            var z = x * x;
            return x + x * z * -(315f + 14f * z) / (945f + z * (420f + 15f * z));
        }
        var t = 1f - 2f / (Exp(2f * a) + 1f);
        return x < 0f ? -t : t;
    }

    /// <summary>Sine, within 2 units in the last place for |x| up to 1e9 (the reduction by pi / 2 is done in double); NaN at infinity.</summary>
    public static float Sin(float x)
    {
        var quadrant = Reduce(x, out var r);
        var y = (quadrant & 1) == 0 ? SinSmall(r) : CosSmall(r);
        return (quadrant & 2) == 0 ? y : -y;
    }

    /// <summary>Cosine, within 2 units in the last place for |x| up to 1e9 (the reduction by pi / 2 is done in double); NaN at infinity.</summary>
    public static float Cos(float x)
    {
        var quadrant = Reduce(x, out var r);
        var y = (quadrant & 1) == 0 ? CosSmall(r) : SinSmall(r);
        return ((quadrant + 1) & 2) == 0 ? y : -y;
    }

    /// <summary>
    /// x^y, within 1 unit in the last place, with the special cases of IEEE 754 (a negative x has a power only for whole y; x^0 = 1^y = 1). It is computed in double,
    /// since an error in y log x would grow with its size.
    /// </summary>
    public static float Pow(float x, float y)
    {
        if (y == 0f || x == 1f)
            return 1f;
        if (float.IsNaN(x) || float.IsNaN(y))
            return float.NaN;
        var a = MathF.Abs(x);
        var negative = (Interop.FloatAsInt(x) >> 31) != 0;
        // From 2^24 on every float is even.
        var whole = MathF.Floor(y) == y;
        var odd = whole && MathF.Abs(y) < 16777216f && ((int)y & 1) != 0;
        if (negative && !whole && a != 0f && a != float.PositiveInfinity)
            return float.NaN;
        var sign = negative && odd ? -1f : 1f;
        if (a == 1f)
            return sign;
        if (a == 0f || a == float.PositiveInfinity)
            return a == 0f == y < 0f ? sign * float.PositiveInfinity : sign * 0f;
        return sign * ExpOfDouble(y * LogInDouble(a));
    }

    /// <summary>Square root; CUDA rounds it correctly, OpenCL within 3 units in the last place.</summary>
    public static float Sqrt(float x) => MathF.Sqrt(x);

    /// <summary>Absolute value.</summary>
    public static float Abs(float x) => MathF.Abs(x);

    /// <summary>The larger of two numbers, NaN if one of them is.</summary>
    public static float Max(float x, float y) => x > y || float.IsNaN(x) ? x : y;

    /// <summary>The smaller of two numbers, NaN if one of them is.</summary>
    public static float Min(float x, float y) => x < y || float.IsNaN(x) ? x : y;

    private static float PowerOfTwo(int n) => Interop.IntAsFloat((uint)(n + 127) << 23);

    // x = q pi / 2 + r with |r| at most pi / 4. Of the three parts of pi / 2 the first two have 23 bits, so that whole multiples below 2^30 of them are exact.
    private static int Reduce(float x, out float r)
    {
        double wide = x;
        var q = Math.Floor(wide * 0.63661977236758134 + 0.5);
        r = (float)(wide - q * 1.570796251296997 - q * 7.549789415861596e-08 - q * 5.390302858158119e-15);
        return (int)(q - 4 * Math.Floor(q * 0.25));
    }

    // Taylor polynomials: the next terms are 2e-9 and 1e-10 at pi / 4.
    private static float SinSmall(float r)
    {
        var z = r * r;
        return r + r * z * (-1f / 6 + z * (1f / 120 + z * (-1f / 5040 + z * (1f / 362880))));
    }

    private static float CosSmall(float r)
    {
        var z = r * r;
        return 1f - 0.5f * z + z * z * (1f / 24 + z * (-1f / 720 + z * (1f / 40320 + z * (-1f / 3628800))));
    }

    // As Log, with the series to the 17th power: the next term is 2e-16.
    private static double LogInDouble(float x)
    {
        var bits = (int)Interop.FloatAsInt(x);
        var e = 0;
        if (bits < 1 << 23)
        {
            bits = (int)Interop.FloatAsInt(x * 16777216f);
            e = -24;
        }
        var above = bits - 0x3F3504F3;
        e += above >> 23;
        double m = Interop.IntAsFloat((uint)((above & 0x007FFFFF) + 0x3F3504F3));
        var s = (m - 1) / (m + 1);
        var z = s * s;
        return e * 0.6931471805599453 + 2 * s * (1 + z * (1.0 / 3 + z * (1.0 / 5 + z * (1.0 / 7 + z * (1.0 / 9 + z * (1.0 / 11 + z * (1.0 / 13 + z * (1.0 / 15 + z / 17))))))));
    }

    // As Exp, with the Taylor polynomial of degree 10: the next term is 2e-13.
    private static float ExpOfDouble(double t)
    {
        if (t > 89)
            return float.PositiveInfinity;
        if (t < -104)
            return 0f;
        var n = Math.Floor(t * 1.4426950408889634 + 0.5);
        var r = t - n * 0.6931471805599453;
        var p = 1 + r * (1 + r * (1.0 / 2 + r * (1.0 / 6 + r * (1.0 / 24 + r * (1.0 / 120 + r * (1.0 / 720 + r * (1.0 / 5040 + r * (1.0 / 40320 + r * (1.0 / 362880 + r / 3628800)))))))));
        return (float)(p * Interop.IntAsFloat((ulong)((long)n + 1023) << 52));
    }
}
