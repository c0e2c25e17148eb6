using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace NNGen.Benchmarks.Peak;

/// <summary>
/// What one core can do at most: independent fused multiply-adds in registers, as many chains as hide their latency (24 of 512 bits, or 12 of 256 where there
/// are 16 registers). Measure it in short windows between the windows of what is compared with it: a shared machine's speed changes from second to second.
/// </summary>
internal sealed class FmaPeak
{
    private const int WideChains = 24, NarrowChains = 12;

    private readonly int rounds;

    private FmaPeak(int rounds) => this.rounds = rounds;

    /// <summary>The loop in words.</summary>
    public static string Form => Avx512F.IsSupported ? $"{WideChains} x 512 bits" : $"{NarrowChains} x 256 bits";

    // A multiply-add is two operations in each lane.
    private static double FlopsOfRound => 2.0 * (Avx512F.IsSupported ? WideChains * Vector512<float>.Count : NarrowChains * Vector256<float>.Count);

    /// <summary>The peak, to be measured in windows of about this length.</summary>
    /// <param name="milliseconds">Length of a window.</param>
    public static FmaPeak InWindowsOf(double milliseconds = 1)
    {
        const int some = 20_000;
        var trial = new FmaPeak(some);
        var rate = Enumerable.Range(0, 20).Max(_ => trial.Window());
        return new((int)Math.Clamp(milliseconds * rate * 1e6 / FlopsOfRound, 1, int.MaxValue));
    }

    /// <summary>Measures one window.</summary>
    /// <returns>GFLOP/s of float32.</returns>
    public double Window()
    {
        var start = Stopwatch.GetTimestamp();
        var sum = Avx512F.IsSupported ? Wide(rounds) : Narrow(rounds);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        // The sum is never NaN; asking keeps the loop alive.
        return float.IsNaN(sum) ? 0 : rounds * FlopsOfRound / seconds / 1e9;
    }

    // Inlined into a caller that the runtime compiles again once it is hot, the loop would keep its sums on the stack: a quarter of the speed.
    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Wide(int rounds)
    {
        Vector512<float> x = Vector512.Create(0.5f), y = Vector512.Create(1e-3f);
        Vector512<float> a = x, b = x, c = x, d = x, e = x, f = x, g = x, h = x, i = x, j = x, k = x, l = x;
        Vector512<float> m = y, n = y, o = y, p = y, q = y, r = y, s = y, t = y, u = y, v = y, w = y, z = y;
        for (var round = 0; round < rounds; round++)
        {
            a = Vector512.FusedMultiplyAdd(x, y, a);
            b = Vector512.FusedMultiplyAdd(x, y, b);
            c = Vector512.FusedMultiplyAdd(x, y, c);
            d = Vector512.FusedMultiplyAdd(x, y, d);
            e = Vector512.FusedMultiplyAdd(x, y, e);
            f = Vector512.FusedMultiplyAdd(x, y, f);
            g = Vector512.FusedMultiplyAdd(x, y, g);
            h = Vector512.FusedMultiplyAdd(x, y, h);
            i = Vector512.FusedMultiplyAdd(x, y, i);
            j = Vector512.FusedMultiplyAdd(x, y, j);
            k = Vector512.FusedMultiplyAdd(x, y, k);
            l = Vector512.FusedMultiplyAdd(x, y, l);
            m = Vector512.FusedMultiplyAdd(x, y, m);
            n = Vector512.FusedMultiplyAdd(x, y, n);
            o = Vector512.FusedMultiplyAdd(x, y, o);
            p = Vector512.FusedMultiplyAdd(x, y, p);
            q = Vector512.FusedMultiplyAdd(x, y, q);
            r = Vector512.FusedMultiplyAdd(x, y, r);
            s = Vector512.FusedMultiplyAdd(x, y, s);
            t = Vector512.FusedMultiplyAdd(x, y, t);
            u = Vector512.FusedMultiplyAdd(x, y, u);
            v = Vector512.FusedMultiplyAdd(x, y, v);
            w = Vector512.FusedMultiplyAdd(x, y, w);
            z = Vector512.FusedMultiplyAdd(x, y, z);
        }
        return Vector512.Sum(a + b + c + d + e + f + g + h + i + j + k + l + m + n + o + p + q + r + s + t + u + v + w + z);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining)]
    private static float Narrow(int rounds)
    {
        Vector256<float> x = Vector256.Create(0.5f), y = Vector256.Create(1e-3f);
        Vector256<float> a = x, b = x, c = x, d = x, e = x, f = x, g = y, h = y, i = y, j = y, k = y, l = y;
        for (var round = 0; round < rounds; round++)
        {
            a = Vector256.FusedMultiplyAdd(x, y, a);
            b = Vector256.FusedMultiplyAdd(x, y, b);
            c = Vector256.FusedMultiplyAdd(x, y, c);
            d = Vector256.FusedMultiplyAdd(x, y, d);
            e = Vector256.FusedMultiplyAdd(x, y, e);
            f = Vector256.FusedMultiplyAdd(x, y, f);
            g = Vector256.FusedMultiplyAdd(x, y, g);
            h = Vector256.FusedMultiplyAdd(x, y, h);
            i = Vector256.FusedMultiplyAdd(x, y, i);
            j = Vector256.FusedMultiplyAdd(x, y, j);
            k = Vector256.FusedMultiplyAdd(x, y, k);
            l = Vector256.FusedMultiplyAdd(x, y, l);
        }
        return Vector256.Sum(a + b + c + d + e + f + g + h + i + j + k + l);
    }
}
