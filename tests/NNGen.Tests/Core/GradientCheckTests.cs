using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;
using NNGen.Testing;

namespace NNGen.Tests.Core;

public class GradientCheckTests
{
    [Fact]
    public void Of_RightGradient_ReportsEveryTensor()
    {
        var report = GradientCheck.Of<LinearModel>(1);
        Assert.True(report.Passed);
        Assert.Equal(["dense1.weight", "dense1.bias"], report.Tensors.Select(tensor => tensor.Name));
        Assert.InRange(report.Worst, 0, 1e-6);
        Assert.Equal(report.ToString(), Cultures.German(() => GradientCheck.Of<LinearModel>(1).ToString()));
    }

    [Fact]
    public void Of_KinkyLossWithInputGradient_ChecksBoth()
    {
        for (var seed = 0ul; seed < 20; seed++)
            Assert.Equal(["scale", "x"], GradientCheck.Of<Kinky<None>>(seed, samples: 7).Tensors.Select(tensor => tensor.Name));
    }

    [Fact]
    public void Of_WrongParameterGradient_NamesTheTensor()
    {
        var error = Assert.Throws<GradientCheckException>(() => GradientCheck.Of<Kinky<InParameter>>(1));
        Assert.Equal([GradientVerdict.Wrong, GradientVerdict.Right], error.Report.Tensors.Select(tensor => tensor.Verdict));
        Assert.Matches(@"scale \[2\] +\d+ .* wrong\n", error.Message);
    }

    [Fact]
    public void Of_WrongInputGradient_NamesTheInput()
    {
        var error = Assert.Throws<GradientCheckException>(() => GradientCheck.Of<Kinky<InInput>>(1));
        Assert.Equal([GradientVerdict.Right, GradientVerdict.Wrong], error.Report.Tensors.Select(tensor => tensor.Verdict));
    }

    [Fact]
    public void Of_DataAtAKink_SaysSo()
    {
        var error = Assert.Throws<GradientCheckException>(() => GradientCheck.Of<Kinky<None>>(1, Dataset.Of(new float[] { 0, 0 }, [2])));
        Assert.Equal(GradientVerdict.Kink, error.Report.Tensors.Single(tensor => tensor.Name == "x").Verdict);
        Assert.Equal(8, error.Report.Redraws);
        Assert.Contains("at a kink", error.Message);
    }

    [Fact]
    public void Of_DataOfOnesOwn_AreChecked()
    {
        Assert.True(GradientCheck.Of<Kinky<None>>(1, Dataset.Of(new float[] { 1, -2, 3, -4 }, [2])).Passed);
        Assert.Throws<ArgumentException>(() => GradientCheck.Of<Kinky<None>>(1, Dataset.Of(new float[] { 1, -2, 3 }, [3])));
    }

    [Property(Arbitrary = [typeof(Arbitraries<LinearModel, LinearModel.Batch, LinearModel.Metrics>)], MaxTest = 30)]
    public void Arbitraries_OfANetwork_FitIt(LinearModel network, LinearModel.Batch batch, Dataset data)
    {
        Assert.True(network.Evaluate(batch).Loss >= 0);
        Assert.Equal(batch.Count * 3, batch.X.Length);
        Assert.True(Evaluation.Of(network, data).Loss >= 0);
    }

    [Fact]
    public void Shrinking_DataAndValues_Ends()
    {
        var data = Arbitraries.Data(LinearModel.Columns);
        var smallest = Gen.Sample(data.Generator, 1, 20).Single();
        for (var rounds = 0; data.Shrinker(smallest).FirstOrDefault() is { } smaller; rounds++)
        {
            Assert.InRange(rounds, 0, 100);
            smallest = smaller;
        }

        Assert.Equal(1, smallest.Count);
        Assert.All(smallest.Columns, column => Assert.Equal(0, ((RealColumn)column).Values.ToArray().Max(Math.Abs)));
        var values = Arbitraries.Values(LinearModel.Layout);
        Assert.Equal(2, values.Shrinker(LinearModel.Initialize(1).Values).Count());
    }

    private interface IFault
    {
        static abstract (double Parameter, double Input) Factors { get; }
    }

    private readonly struct None : IFault
    {
        public static (double Parameter, double Input) Factors => (1, 1);
    }

    private readonly struct InParameter : IFault
    {
        public static (double Parameter, double Input) Factors => (1.00001, 1);
    }

    private readonly struct InInput : IFault
    {
        public static (double Parameter, double Input) Factors => (1, 1.00001);
    }

    /// <summary>loss = sum over samples of (scale_i |x_i|)², and of |x_i|: with a kink at 0, and with a fault of choice in its gradient.</summary>
    private sealed class Kinky<TFault>(NetworkValues values) : IDoubleNetwork<Kinky<TFault>> where TFault : IFault
    {
        public static NetworkLayout Layout { get; } = new("Kinky", [new("scale", [2], 0, Initializer.One, 1, 1)], []);

        public static ImmutableArray<ColumnInfo> Columns { get; } = [new("x", [2], ColumnKind.Real, 0)];

        public NetworkValues Values => values;

        public static Kinky<TFault> Of(NetworkValues values) => new(values);

        public static double LossAndGradient(
            int count, ReadOnlySpan<double> parameters, ReadOnlySpan<double> buffers, double[][] reals, int[][] labels, Span<double> gradient,
            double[][] inputGradients, Span<double> updatedBuffers)
        {
            gradient.Clear();
            for (var i = 0; i < 2 * count; i++)
            {
                var (p, x) = (parameters[i % 2], reals[0][i]);
                gradient[i % 2] += 2 * p * x * x * TFault.Factors.Parameter;
                inputGradients[0][i] = ((2 * p * p * x) + (x >= 0 ? 1 : -1)) * TFault.Factors.Input;
            }

            return Loss(count, parameters, buffers, reals, labels);
        }

        public static double Loss(int count, ReadOnlySpan<double> parameters, ReadOnlySpan<double> buffers, double[][] reals, int[][] labels)
        {
            var loss = 0.0;
            for (var i = 0; i < 2 * count; i++)
                loss += (parameters[i % 2] * parameters[i % 2] * reals[0][i] * reals[0][i]) + Math.Abs(reals[0][i]);
            return loss;
        }

        public static void Predict(int count, ReadOnlySpan<double> parameters, ReadOnlySpan<double> buffers, double[][] inputs, double[][] outputs) =>
            inputs[0].CopyTo(outputs[0], 0);
    }
}
