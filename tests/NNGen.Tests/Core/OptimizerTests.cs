using System.Runtime.Intrinsics;
using FsCheck.Xunit;
using NNGen.Kernels;
using NNGen.Tests.House;

namespace NNGen.Tests.Core;

public class OptimizerTests
{
    public static TheoryData<string, Optimizer> Trajectories => new()
    {
        { "optim_sgd", new Sgd(0.1) },
        { "optim_sgd_momentum", new Sgd(0.1, Momentum: 0.9) },
        { "optim_sgd_nesterov_wd", new Sgd(0.1, Momentum: 0.9, Nesterov: true, WeightDecay: 0.01) },
        { "optim_adam_l2", new Adam(0.01, WeightDecay: 0.1) },
        { "optim_adamw", new AdamW(0.01, WeightDecay: 0.1) },
    };

    [Theory]
    [MemberData(nameof(Trajectories))]
    public void Update_GivenGradients_FollowsLibtorch(string name, Optimizer optimizer)
    {
        var data = SafeTensors.Load(Path.Combine(Repository.Shared("conformance/gradients"), name, "data.safetensors"));
        var parameters = data["param.0"].ToFloats();
        var state = new float[optimizer.StateCount(parameters.Length)];
        for (var step = 1; step <= 6; step++)
        {
            optimizer.Update(parameters, data[$"grads.{step}"].ToFloats(), state, step);
            foreach (var (found, expected) in parameters.Zip(data[$"param.{step}"].ToFloats()))
                Assert.InRange(found, expected - 1e-6f - (1e-5f * Math.Abs(expected)), expected + 1e-6f + (1e-5f * Math.Abs(expected)));
        }
    }

    [Fact]
    public void Sgd_TwoSteps_AreThoseByHand()
    {
        // v1 = 1, p1 = 1 - 0.5 (1 + 0.5 * 1) = 0.25; v2 = 0.5 + 1 = 1.5, p2 = 0.25 - 0.5 (1 + 0.5 * 1.5) = -0.625
        float[] p = [1], state = [0];
        var sgd = new Sgd(0.5, 0.5, Nesterov: true);
        sgd.Update(p, [1], state, 1);
        Assert.Equal([0.25f], p);
        sgd.Update(p, [1], state, 2);
        Assert.Equal([-0.625f], p);
        Assert.Equal([1.5f], state);

        p = [1];
        new Sgd(0.5, WeightDecay: 0.5).Update(p, [1], [], 1);
        Assert.Equal([0.25f], p);
    }

    [Fact]
    public void Adam_FirstStep_MovesByTheRateAgainstTheSign()
    {
        float[] p = [1, 1, 1], state = new float[6];
        (Adam.Default with { LearningRate = 0.125 }).Update(p, [1e-3f, -50, 0], state, 1);
        Assert.Equal([0.875f, 1.125f, 1], p.Select(x => MathF.Round(x, 5)));
    }

    [Fact]
    public void Setting_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => Sgd.Default with { Momentum = 1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => Adam.Default with { Beta2 = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => Adam.Default with { LearningRate = double.PositiveInfinity });
        Assert.Throws<ArgumentOutOfRangeException>(() => AdamW.Default with { WeightDecay = -0.1 });
        Assert.Throws<ArgumentException>(() => Adam.Default.Update(new float[2], new float[3], new float[4], 1));
        Assert.Contains("Adam keeps 4 floats", Assert.Throws<ArgumentException>(() => Adam.Default.Update(new float[2], new float[2], new float[2], 1)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => Adam.Default.Update(new float[2], new float[2], new float[4], 0));
    }

    [Fact]
    public void Text_InAnyCulture_IsTheSame() =>
        Assert.Equal("Sgd(LearningRate 0.01, Momentum 0.5, Nesterov 0, WeightDecay 0)", Cultures.German(() => new Sgd(0.01, 0.5).ToString()));

    /// <summary>The vector code and its padded rest compute each element alike: alone, in a long array, and by the formula in floats.</summary>
    [Property(MaxTest = 50)]
    public void Update_AnyPlaceInTheVector_GivesTheSameBits(int seed)
    {
        var random = new Random(seed);
        var n = random.Next(0, (3 * Vector512<float>.Count) + 1);
        float[] p = Draw(), g = Draw(), m = Draw(), v = [.. Draw().Select(x => x * x)];
        Optimizer[] all = [new Sgd(0.1), new Sgd(0.1, 0.9, true, 0.01), new Adam(0.01, WeightDecay: 0.1), new AdamW(0.01)];
        foreach (var optimizer in all)
        {
            var moments = optimizer.StateCount(1);
            float[] together = [.. p], state = moments == 2 ? [.. m, .. v] : moments == 1 ? [.. m] : [];
            optimizer.Update(together, g, state, 3);
            for (var i = 0; i < n; i++)
            {
                float[] alone = [p[i]], own = [.. new[] { m[i], v[i] }.Take(moments)];
                optimizer.Update(alone, [g[i]], own, 3);
                Assert.Equal(alone[0], together[i]);
                Assert.Equal(own, moments == 2 ? [state[i], state[n + i]] : moments == 1 ? [state[i]] : []);
            }
        }

        float[] Draw() => [.. Enumerable.Range(0, n).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    /// <summary>Below what is shared, just there, and where parts are not equal.</summary>
    [Theory, InlineData(0), InlineData(100), InlineData(16384), InlineData(70_003)]
    public void Run_OfATeam_HasTheBitsOfTheCallerAlone(int count)
    {
        using var team = new WorkerTeam(3);
        var random = new Random(count);
        float[] start = Draw(), gradient = Draw();
        foreach (var optimizer in new Optimizer[] { new Sgd(0.1), new Sgd(0.1, 0.9, true, 0.01), new Adam(0.01, WeightDecay: 0.1), new AdamW(0.01) })
        {
            float[] alone = [.. start], shared = [.. start], state = new float[optimizer.StateCount(count)], sharedState = new float[state.Length];
            var update = new ParameterUpdate(optimizer, shared, gradient, sharedState);
            for (var step = 1; step <= 3; step++)
            {
                optimizer.Update(alone, gradient, state, step);
                update.Run(step, step == 2 ? null : team);
            }
            Assert.Equal(alone, shared);
            Assert.Equal(state, sharedState);
        }

        float[] Draw() => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
    }

    [Fact]
    public void ParameterUpdate_OfOtherLengthsOrStepZero_SaysWhatWasWrong()
    {
        Assert.Contains("2 parameters, but 3 numbers", Assert.Throws<ArgumentException>(() => new ParameterUpdate(Adam.Default, new float[2], new float[3], new float[4])).Message);
        Assert.Contains("Adam keeps 4 floats", Assert.Throws<ArgumentException>(() => new ParameterUpdate(Adam.Default, new float[2], new float[2], new float[2])).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new ParameterUpdate(Adam.Default, new float[2], new float[2], new float[4]).Run(0, null));
    }
}
