using ILGPU;

namespace NNGen.Gpu.Tests;

/// <summary>The functions that kernels call, against double: on the processor over the whole range of floats, and through OpenCL.</summary>
public class GpuMathTests(OpenCl openCl)
{
    public static readonly TheoryData<string, double> Functions = new()
    {
        { "Exp", 2 }, { "Log", 2 }, { "Tanh", 3 }, { "Sin", 2 }, { "Cos", 2 }, { "Sqrt", 3 }, { "Pow", 1 },
    };

    [Theory, MemberData(nameof(Functions))]
    public void Function_OnTheProcessor_IsAFewUnitsInTheLastPlaceFromDouble(string name, double units)
    {
        var (x, z) = Arguments(name, 1 << 21);
        var function = Function(name);

        AssertClose(name, units, x, z, [.. x.Zip(z, (a, b) => function(a, b))]);
    }

    [Theory, MemberData(nameof(Functions))]
    public void Function_ThroughOpenCl_IsAFewUnitsInTheLastPlaceFromDouble(string name, double units)
    {
        const int count = 1 << 16;
        var (x, z) = Arguments(name, count);
        using var memory = new GpuMemory(openCl.Device, new GpuArenaSize(3 * count, 0, 0, 0), capacity: 1);
        memory.WriteShared(0, x);
        memory.WriteShared(count, z);

        new GpuProgram(openCl.Device, [new GpuNest(Kernel(name), count, Batched: false)]).Run(memory, samples: 1);

        var y = new float[count];
        memory.ReadShared(2 * count, y);
        AssertClose(name, units, x, z, y);
    }

    [Theory, MemberData(nameof(Functions))]
    public void Function_AsPtx_CallsNothingAndApproximatesNothing(string name, double units)
    {
        Assert.True(units > 0);
        Ptx.AssertStandsAlone(Kernel(name).Method);
    }

    [Fact]
    public void Functions_AtTheirEnds_AreWhatIeeeSays()
    {
        const float inf = float.PositiveInfinity;
        Assert.Equal(0f, GpuMath.Exp(-inf));
        Assert.Equal(inf, GpuMath.Exp(inf));
        Assert.Equal(1f, GpuMath.Exp(0f));
        Assert.Equal(-inf, GpuMath.Log(0f));
        Assert.Equal(inf, GpuMath.Log(inf));
        Assert.Equal(0f, GpuMath.Log(1f));
        Assert.Equal(1f, GpuMath.Tanh(inf));
        Assert.Equal(-1f, GpuMath.Tanh(-inf));
        foreach (var nan in new[] { GpuMath.Exp(float.NaN), GpuMath.Log(float.NaN), GpuMath.Log(-1f), GpuMath.Tanh(float.NaN), GpuMath.Sin(float.NaN), GpuMath.Sin(inf), GpuMath.Cos(inf),
            GpuMath.Max(float.NaN, 1f), GpuMath.Max(1f, float.NaN), GpuMath.Min(float.NaN, 1f), GpuMath.Min(1f, float.NaN) })
            Assert.True(float.IsNaN(nan));
    }

    [Fact]
    public void Pow_OfSpecialNumbers_IsWhatDotNetSays()
    {
        float[] numbers = [0f, -0f, 1f, -1f, 2f, -2f, 3f, -3f, 0.5f, -0.5f, 1e-40f, 1e30f, -1e30f, 16777216f, 16777217f, 1e10f, -1e10f, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        foreach (var x in numbers)
            foreach (var y in numbers)
                Assert.Equal(MathF.Pow(x, y), GpuMath.Pow(x, y), (a, b) => a.Equals(b) || MathF.Abs(a - b) <= 1e-6f * MathF.Abs(a));
    }

    private static (float[] X, float[] Z) Arguments(string name, int count)
    {
        var random = new Random(1);
        float Uniform(double low, double high) => (float)(low + (high - low) * random.NextDouble());
        // Half over the usual range, half over all magnitudes.
        float Any(double low, double high, double smallest, double largest) => random.Next(2) == 0 ? Uniform(low, high)
            : (float)Math.Pow(10, smallest + (largest - smallest) * random.NextDouble()) * (low < 0 && random.Next(2) == 0 ? -1 : 1);
        var x = new float[count];
        var z = new float[count];
        for (var i = 0; i < count; i++)
            (x[i], z[i]) = name switch
            {
                "Exp" => (Any(-87, 88.7, -37, 1.9), 0f),
                "Log" or "Sqrt" => (Any(0.01, 3, -37, 38), 0f),
                "Tanh" => (Any(-3, 3, -37, 2), 0f),
                "Pow" => (Any(0.01, 4, -37, 38), Any(-4, 4, -3, 1.5)),
                _ => (Any(-10, 10, -37, 9), 0f),
            };
        return (x, z);
    }

    private static Func<float, float, float> Function(string name) => name switch
    {
        "Exp" => (x, _) => GpuMath.Exp(x),
        "Log" => (x, _) => GpuMath.Log(x),
        "Tanh" => (x, _) => GpuMath.Tanh(x),
        "Sin" => (x, _) => GpuMath.Sin(x),
        "Cos" => (x, _) => GpuMath.Cos(x),
        "Sqrt" => (x, _) => GpuMath.Sqrt(x),
        _ => GpuMath.Pow,
    };

    private static double Exact(string name, double x, double z) => name switch
    {
        "Exp" => Math.Exp(x),
        "Log" => Math.Log(x),
        "Tanh" => Math.Tanh(x),
        "Sin" => Math.Sin(x),
        "Cos" => Math.Cos(x),
        "Sqrt" => Math.Sqrt(x),
        _ => Math.Pow(x, z),
    };

    // A lambda is an instance method of a hidden class, which no device can run.
    private static Action<Index1D, GpuArena> Kernel(string name) => name switch
    {
        "Exp" => Exp,
        "Log" => Log,
        "Tanh" => Tanh,
        "Sin" => Sin,
        "Cos" => Cos,
        "Sqrt" => Sqrt,
        _ => Pow,
    };

    private static void Exp(Index1D i, GpuArena arena) => arena.Shared[i + (2 << 16)] = GpuMath.Exp(arena.Shared[i]);

    private static void Log(Index1D i, GpuArena arena) => arena.Shared[i + (2 << 16)] = GpuMath.Log(arena.Shared[i]);

    private static void Tanh(Index1D i, GpuArena arena) => arena.Shared[i + (2 << 16)] = GpuMath.Tanh(arena.Shared[i]);

    private static void Sin(Index1D i, GpuArena arena) => arena.Shared[i + (2 << 16)] = GpuMath.Sin(arena.Shared[i]);

    private static void Cos(Index1D i, GpuArena arena) => arena.Shared[i + (2 << 16)] = GpuMath.Cos(arena.Shared[i]);

    private static void Sqrt(Index1D i, GpuArena arena) => arena.Shared[i + (2 << 16)] = GpuMath.Sqrt(arena.Shared[i]);

    private static void Pow(Index1D i, GpuArena arena) => arena.Shared[i + (2 << 16)] = GpuMath.Pow(arena.Shared[i], arena.Shared[i + (1 << 16)]);

    private static void AssertClose(string name, double units, float[] x, float[] z, float[] y)
    {
        var worst = (Units: 0.0, At: 0);
        for (var i = 0; i < x.Length; i++)
        {
            var exact = Exact(name, x[i], z[i]);
            if (Math.Abs(exact) is > float.MaxValue or < 1.2e-38)
                continue;
            var nearest = (float)Math.Abs(exact);
            var error = Math.Abs(y[i] - exact) / (MathF.BitIncrement(nearest) - nearest);
            if (!(error <= worst.Units))
                worst = (error, i);
        }
        Assert.True(worst.Units <= units, $"{name}({x[worst.At]:R}, {z[worst.At]:R}) = {y[worst.At]:R}, exactly {Exact(name, x[worst.At], z[worst.At]):R}: {worst.Units:F2} units in the last place");
        TestContext.Current.TestOutputHelper?.WriteLine($"{name}: {worst.Units:F2} units at {x[worst.At]:R}, {z[worst.At]:R}");
    }
}
