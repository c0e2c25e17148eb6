using System.Reflection;
using FsCheck;
using FsCheck.Fluent;
using NNGen.Testing;
using NNGen.Tests.Support;

namespace NNGen.Tests.RandomNetworks;

/// <summary>Networks that nobody wrote: compiled in memory through the generator, checked against differences and against double. A failure shrinks to the smallest one and prints it.</summary>
public class RandomNetworkTests
{
    /// <summary>The same networks in every run; NNGEN_RANDOM_SEED=n draws others.</summary>
    static readonly ulong Seed = ulong.TryParse(Environment.GetEnvironmentVariable("NNGEN_RANDOM_SEED"), out var seed) ? seed : 2;

    [Fact]
    public void Networks_DrawnAtRandom_AgreeWithDifferencesAndWithDouble() =>
        Prop.ForAll(RandomNetwork.Arbitrary, Check).Check(Config.QuickThrowOnFailure.WithMaxTest(25).WithReplay(Seed, 1));

    static void Check(RandomNetwork network)
    {
        using var compiled = InMemory.Compile(network.Source);
        var net = compiled.Type("Net");
        var all = new[] { net, net.GetNestedType("Batch")!, net.GetNestedType("Metrics")! };
        try
        {
            var gradientCheck = typeof(GradientCheck).GetMethods().Single(method => method.Name == "Of" && method.GetParameters()[1].ParameterType == typeof(int));
            gradientCheck.MakeGenericMethod(net).Invoke(null, [1UL, 3, 2]);
            foreach (var samples in new[] { 1, 5, 17 })
                typeof(Agreement).GetMethod(nameof(Agreement.Training))!.MakeGenericMethod(all).Invoke(null, [samples, 1e-4 * (1 + network.Depth), 5UL]);
        }
        catch (TargetInvocationException fault)
        {
            Assert.Fail($"{fault.InnerException!.GetType().Name}: {fault.InnerException.Message}\n{network.Source}");
        }
    }
}
