using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;
using NNGen.Kernels;
using NNGen.Tests.House;

namespace NNGen.Tests.Kernels;

/// <summary>The functions of lanes against double, over floats of all sizes, and one width against the other.</summary>
public class LaneMathTests
{
    static readonly float[] Special =
    [
        0f, -0f, 1f, -1f, 2f, -2f, 3f, -3f, 0.5f, -0.5f, float.Epsilon, -float.Epsilon, 1e-40f, 1.17549435e-38f, 1e30f, -1e30f,
        16777215f, 16777216f, -16777217f, 1e10f, -1e10f, 7.9f, -7.9f,
        88.72f, 88.73f, 89f, -87f, -103.9f, -104f, -200f, 200f, 1e15f, 1e16f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN,
    ];

    public static TheoryData<string, double> Functions => new() { { "Tanh", 7 }, { "Exp", 2 }, { "Log", 2 }, { "Sigmoid", 3 }, { "Sin", 2 }, { "Cos", 2 }, { "Pow", 1 } };

    [Theory, MemberData(nameof(Functions))]
    public void Function_OfManyFloats_IsWithinItsBoundOfDouble(string name, double units)
    {
        var (x, y) = Arguments(name, 1 << 19);
        var results = Wide(name, x, y);
        for (var i = 0; i < x.Length; i++)
        {
            var exact = Exact(name, x[i], y[i]);
            if (name == "Sigmoid" && x[i] < -87f)
                Assert.InRange(results[i] - exact, -1.2e-38, 1e-44);
            else if (double.IsNaN(exact) || Math.Abs(exact) > float.MaxValue)
                Assert.Equal((float)exact, results[i]);
            else
                Assert.True(
                    Math.Abs(results[i] - exact) <= units * Unit(exact)
                    && (name != "Tanh" || Math.Abs(results[i]) <= 1f && Math.Abs(results[i] - exact) <= 4e-7 * Math.Abs(exact) + float.Epsilon),
                    $"{name}({x[i]:R}, {y[i]:R}) = {exact:R}, but {results[i]:R}: {(results[i] - exact) / Unit(exact):0.0} units in the last place");
        }
    }

    [Theory, MemberData(nameof(Functions))]
    public void Function_OfSpecialNumbers_IsWhatDotNetSays(string name, double units)
    {
        var x = Special.SelectMany(a => Special.Select(_ => a)).ToArray();
        var y = Special.SelectMany(_ => Special).ToArray();
        var results = Wide(name, x, y);
        for (var i = 0; i < x.Length; i++)
        {
            var exact = (float)Exact(name, x[i], y[i]);
            if (name is "Sin" or "Cos" && MathF.Abs(x[i]) > 1.2e15f)
                exact = float.NaN;
            Assert.True(results[i].Equals(exact) || Math.Abs(results[i] - exact) <= units * Unit(exact) || name == "Sigmoid" && x[i] < -87f && results[i] < 1.7e-38f,
                $"{name}({x[i]:R}, {y[i]:R}) = {exact:R}, but {results[i]:R}");
        }
    }

    [Theory, MemberData(nameof(Functions))]
    public void Function_InBothWidths_HasTheSameBits(string name, double _)
    {
        var (x, y) = Arguments(name, 1 << 18);

        Assert.Equal(Bits(Wide(name, x, y)), Bits(Narrow(name, x, y)));
    }

    /// <summary>What every processor with fused multiply-add must give, whichever instructions it has: the suite runs with and without AVX-512.</summary>
    [Theory]
    [InlineData("Tanh", 3193333238), InlineData("Exp", 470439311), InlineData("Log", 3232002633), InlineData("Sigmoid", 1236700326)]
    [InlineData("Sin", 2030610361), InlineData("Cos", 1624824795), InlineData("Pow", 470576359)]
    public void Function_OnAnyProcessorWithFusedMultiplyAdd_HasTheseBits(string name, uint hash)
    {
        Assert.SkipUnless(Fma.IsSupported || AdvSimd.IsSupported, "This processor has no fused multiply-add.");
        var random = new Random(2);
        // Half of any size, half as networks have them.
        float Next() => random.Next(2) == 0 ? BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)) : 220 * random.NextSingle() - 110;
        var x = Enumerable.Range(0, 1 << 17).Select(_ => Next()).ToArray();
        var y = Enumerable.Range(0, 1 << 17).Select(_ => Next() / 16).ToArray();

        Assert.Equal(hash, Bits(Wide(name, x, y)).Aggregate(2166136261u, (sum, bits) => (sum ^ (uint)bits) * 16777619u));
    }

    [Fact]
    public void Function_OfALane_DoesNotDependOnTheLanesBesideIt()
    {
        foreach (var (name, _) in Functions.Select(row => row.Data))
            foreach (var x in Special)
            {
                var alone = Wide(name, Enumerable.Repeat(x, 16).ToArray(), Enumerable.Repeat(1.5f, 16).ToArray())[3];
                var among = Wide(name, [1f, float.NaN, 1e30f, x, -5f, 0f, 0f, 7f, float.PositiveInfinity, 1e-40f, 1f, 1f, 1f, 1f, 1f, -1e9f], Enumerable.Repeat(1.5f, 16).ToArray())[3];
                Assert.Equal(alone, among);
            }
    }

    [Fact]
    public void Sources_OfBothWidths_AreTheSameText()
    {
        var folder = Path.Combine(Repository.Root, "Kernels", "Cpu");
        string Text(string width) => File.ReadAllText(Path.Combine(folder, $"LaneMath.Vector{width}.cs")).Replace("512", "256");

        Assert.Equal(Text("512"), Text("256"));
    }

    /// <summary>The bits of a float, with one pattern for all NaN.</summary>
    static int[] Bits(float[] values) => [.. values.Select(value => float.IsNaN(value) ? -1 : BitConverter.SingleToInt32Bits(value))];

    // The distance of neighbouring floats at the exact value; among subnormal numbers that of the smallest.
    static double Unit(double exact) => Math.Max(float.Epsilon, Math.Pow(2, Math.Floor(Math.Log2(Math.Abs(exact) + 1e-300)) - 23));

    static double Exact(string name, double x, double y) => name switch
    {
        "Tanh" => Math.Tanh(x),
        "Exp" => Math.Exp(x),
        "Log" => Math.Log(x),
        "Sigmoid" => 1 / (1 + Math.Exp(-x)),
        "Sin" => Math.Sin(x),
        "Cos" => Math.Cos(x),
        "Pow" => Math.Pow(x, y),
        _ => throw new ArgumentOutOfRangeException(nameof(name)),
    };

    static float[] Wide(string name, float[] x, float[] y) => Map512(x, y, name switch
    {
        "Tanh" => (a, _) => LaneMath.Tanh(a),
        "Exp" => (a, _) => LaneMath.Exp(a),
        "Log" => (a, _) => LaneMath.Log(a),
        "Sigmoid" => (a, _) => LaneMath.Sigmoid(a),
        "Sin" => (a, _) => LaneMath.Sin(a),
        "Cos" => (a, _) => LaneMath.Cos(a),
        _ => LaneMath.Pow,
    });

    static float[] Narrow(string name, float[] x, float[] y) => Map256(x, y, name switch
    {
        "Tanh" => (a, _) => LaneMath.Tanh(a),
        "Exp" => (a, _) => LaneMath.Exp(a),
        "Log" => (a, _) => LaneMath.Log(a),
        "Sigmoid" => (a, _) => LaneMath.Sigmoid(a),
        "Sin" => (a, _) => LaneMath.Sin(a),
        "Cos" => (a, _) => LaneMath.Cos(a),
        _ => LaneMath.Pow,
    });

    // Whole vectors, the last one shifted back.
    static float[] Map512(float[] x, float[] y, Func<Vector512<float>, Vector512<float>, Vector512<float>> function)
    {
        var results = new float[x.Length];
        for (var i = 0; i < x.Length; i += 16)
        {
            var at = Math.Min(i, x.Length - 16);
            function(Vector512.Create(x, at), Vector512.Create(y, at)).CopyTo(results, at);
        }
        return results;
    }

    static float[] Map256(float[] x, float[] y, Func<Vector256<float>, Vector256<float>, Vector256<float>> function)
    {
        var results = new float[x.Length];
        for (var i = 0; i < x.Length; i += 8)
        {
            var at = Math.Min(i, x.Length - 8);
            function(Vector256.Create(x, at), Vector256.Create(y, at)).CopyTo(results, at);
        }
        return results;
    }

    /// <summary>Half of the arguments from the usual range, half of all sizes, for exp beyond both ends.</summary>
    static (float[] X, float[] Y) Arguments(string name, int count)
    {
        var random = new Random(1);
        float Uniform(double low, double high) => (float)(low + (high - low) * random.NextDouble());
        float Any(double low, double high, double smallest, double largest) => random.Next(2) == 0 ? Uniform(low, high)
            : (float)Math.Pow(10, smallest + (largest - smallest) * random.NextDouble()) * (low < 0 && random.Next(2) == 0 ? -1 : 1);
        var x = new float[count];
        var y = new float[count];
        for (var i = 0; i < count; i++)
            (x[i], y[i]) = name switch
            {
                "Exp" or "Sigmoid" => (Any(-110, 95, -44, 2.2), 0f),
                "Log" => (Any(0.3, 3, -44, 38), 0f),
                "Tanh" => (Any(-9, 9, -44, 2), 0f),
                "Pow" => (Any(0.01, 4, -44, 38), Any(-4, 4, -3, 1.5)),
                _ => (Any(-10, 10, -44, 15), 0f),
            };
        return (x, y);
    }
}
