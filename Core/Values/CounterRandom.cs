using System.Text;

namespace NNGen;

/// <summary>
/// Random numbers by counter: number <c>index</c> of a stream is a hash of the stream's name, the seed and the index. Any order, any thread and any
/// machine give the same numbers; only IEEE arithmetic is used, no function of the platform.
/// </summary>
public readonly struct CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15;
    private readonly ulong key;

    private CounterRandom(ulong key) => this.key = key;

    /// <summary>The stream of a seed and a name.</summary>
    /// <param name="seed">Any number.</param>
    /// <param name="name">What the numbers are for; other names give independent streams.</param>
    public static CounterRandom Of(ulong seed, string name)
    {
        var hash = 0xCBF29CE484222325; // FNV-1a
        foreach (var value in Encoding.UTF8.GetBytes(name))
            hash = (hash ^ value) * 0x100000001B3;
        return new(Mix(hash ^ Mix(seed + Golden)));
    }

    /// <summary>A stream of its own for one index, independent of this stream's numbers.</summary>
    public CounterRandom At(ulong index) => new(Mix(Bits(index) ^ 0xD1B54A32D192ED03));

    /// <summary>64 random bits.</summary>
    public ulong Bits(ulong index) => Mix(key + ((index + 1) * Golden)); // SplitMix64, entered anywhere

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double Uniform(ulong index) => (Bits(index) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [low, high).</summary>
    public double Uniform(ulong index, double low, double high) => low + ((high - low) * Uniform(index));

    /// <summary>Uniform in [-1, 1), a multiple of 2^-23.</summary>
    public float Symmetric(ulong index) => ((Bits(index) >> 40) * (1f / (1 << 23))) - 1f;

    /// <summary>A whole number in [0, limit), each with a probability within limit / 2^64 of the same.</summary>
    /// <param name="index">Which number.</param>
    /// <param name="limit">At least 1.</param>
    public int Below(ulong index, int limit) => (int)Math.BigMul(Bits(index), (ulong)limit, out _);

    /// <summary>Normal with mean 0 and deviation 1, by the polar method (Marsaglia and Bray 1964).</summary>
    public double Normal(ulong index)
    {
        var stream = At(index);
        for (ulong i = 0; ; i += 2)
        {
            var (u, v) = ((2 * stream.Uniform(i)) - 1, (2 * stream.Uniform(i + 1)) - 1);
            var s = (u * u) + (v * v);
            if (s is > 0 and < 1)
                return u * Math.Sqrt(-2 * Log(s) / s);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    // log(2^e m) = e log 2 + 2 artanh((m - 1) / (m + 1)) with m in [0.7, 1.42); the platform's Math.Log may differ in its last bit.
    private static double Log(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var m = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | (1023L << 52));
        if (m > 1.4142135623730951)
            (m, exponent) = (m / 2, exponent + 1);
        var s = (m - 1) / (m + 1);
        var sum = 0.0;
        for (var k = 23; k >= 1; k -= 2)
            sum = (sum * s * s) + (1.0 / k);
        return (exponent * 0.6931471805599453) + (2 * s * sum);
    }
}
