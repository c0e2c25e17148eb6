using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;
using NNGen.Generators.Support;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops.Derived;

/// <summary>Values at which the textbook formula overflows or divides zero by zero, and ties.</summary>
public class ExtremeValueTests
{
    [Fact]
    public void LogSoftmax_OfLargeLogits_IsExact() =>
        AssertNear([-2000, 0, -1000, -1000 - Math.Log(1 + Math.Exp(-7)), -7 - Math.Log(1 + Math.Exp(-7)), -Math.Log(1 + Math.Exp(-7))],
            Of(x => Activations.LogSoftmax(x, 1), [2, 3], [-1000, 1000, 0, 0, 993, 1000]).Y);

    [Fact]
    public void Softmax_OfLargeLogits_SumsToOne()
    {
        var (y, gradient) = Of(x => Activations.Softmax(x, 0), [4], [1000, -1000, 1000, 999]);
        AssertNear([1 / (2 + Math.Exp(-1)), 0, 1 / (2 + Math.Exp(-1)), Math.Exp(-1) / (2 + Math.Exp(-1))], y);
        Assert.All(gradient, g => Assert.Equal(0, g, 1e-12));
    }

    [Theory, InlineData(0, 2000.0), InlineData(1, 0.0)]
    public void CrossEntropy_OfLargeLogits_IsTheDistance(int label, double loss)
    {
        var (y, gradient) = Of(x => Losses.CrossEntropy(x, Position(x.Builder, label), sum: false), [3], [-1000, 1000, 0]);
        AssertNear([loss], y);
        AssertNear(label == 0 ? [-1, 1, 0] : [0, 0, 0], gradient);
    }

    [Fact]
    public void CrossEntropy_OfAnImpossibleOtherClass_HasAGradient()
    {
        var (y, gradient) = Of(x => Losses.CrossEntropy(x, Position(x.Builder, 1), sum: false), [2], [double.NegativeInfinity, 3]);
        AssertNear([0], y);
        AssertNear([0, 0], gradient);
    }

    [Theory, InlineData(1000, 0, 1000.0, 1.0), InlineData(1000, 1, 0.0, 0.0), InlineData(-1000, 0, 0.0, 0.0), InlineData(-1000, 1, 1000.0, -1.0), InlineData(0, 1, 0.6931471805599453, -0.5)]
    public void BinaryCrossEntropy_OfLargeLogits_IsTheDistance(double logit, double target, double loss, double slope)
    {
        var (y, gradient) = Of(x => Losses.BinaryCrossEntropy(x, x.Builder.Literal(target), sum: false), [], [logit]);
        AssertNear([loss], y);
        AssertNear([slope], gradient);
    }

    [Theory, InlineData(0, 0, 0.0, 0.0), InlineData(0, 1, 100.0, -1e12), InlineData(1, 0, 100.0, 1e12), InlineData(1, 1, 0.0, 0.0)]
    public void BinaryCrossEntropy_OfCertainProbabilities_IsHeldAt100(double p, double target, double loss, double slope)
    {
        var (y, gradient) = Of(x => Losses.BinaryCrossEntropyOfProbabilities(x, x.Builder.Literal(target), sum: false), [], [p]);
        AssertNear([loss], y);
        AssertNear([slope], gradient);
    }

    [Fact]
    public void Softplus_OfLargeValues_DoesNotOverflow() =>
        AssertNear([0, 1000, Math.Log(2)], Of(x => x.Builder.Apply(Elementwise.Softplus, x), [3], [-1000, 1000, 0]).Y);

    [Fact]
    public void Sigmoid_OfLargeValues_Saturates()
    {
        var (y, gradient) = Of(x => x.Builder.Apply(Elementwise.Sigmoid, x), [2], [-1000, 1000]);
        AssertNear([0, 1], y);
        AssertNear([0, 0], gradient);
    }

    [Fact]
    public void Elu_OfLargeValues_HasAGradient()
    {
        var (y, gradient) = Of(x => Activations.Elu(x), [3], [1000, -1000, 0]);
        AssertNear([1000, -1, 0], y);
        AssertNear([1, 0, 1], gradient);
    }

    [Fact]
    public void Variance_OfEqualValues_HasNoGradient() => AssertNear([0, 0, 0], Of(x => Statistics.Variance(x, true, 0), [3], [5, 5, 5]).Gradient);

    [Fact]
    public void Power_OfZero_HasAGradient()
    {
        AssertNear([0, 1], Of(x => Activations.Power(x, 2), [2], [0, 0.5]).Gradient);
        AssertNear([0], Of(x => Activations.Power(x, 1.5), [1], [0]).Gradient);
        AssertNear([1], Of(x => Activations.Power(x, 0), [1], [0]).Y);
        AssertNear([-4], Of(x => Activations.Power(x, 4), [1], [-1]).Gradient);
    }

    /// <summary>The whole cotangent goes to the first of equal elements: no more, no less.</summary>
    [Fact]
    public void Max_OfEqualElements_GivesTheCotangentToTheFirst()
    {
        AssertNear([0, 1, 0, 0, 0, 1, 0, 0], Of(x => Statistics.Max(x, 1, 2), [2, 2, 2], [1, 3, 3, 3, 2, 5, 5, 1]).Gradient);
        AssertNear([0, 0, 1, 0], Of(x => Statistics.Min(x, 0), [4], [2, 2, 1, 1]).Gradient);
        AssertNear([1, 0], Of(x => Pooling.Max(x, 2, 1, 0), [1, 2, 2], [4, 4, 4, 4]).Gradient[..2]);
    }

    [Fact]
    public void Maximum_OfEqualElements_GivesTheCotangentToTheFirstOperand()
    {
        AssertNear([1], Of(x => x.Builder.Apply(Elementwise.Maximum, x, x.Builder.Literal(2)), [1], [2]).Gradient);
        AssertNear([0], Of(x => x.Builder.Apply(Elementwise.Minimum, x.Builder.Literal(2), x), [1], [2]).Gradient);
    }

    [Fact]
    public void MaxPool_OverPaddingAndNegativeValues_NeverChoosesThePadding()
    {
        var (y, gradient) = Of(x => Pooling.Max(x, 3, 2, 1), [1, 2, 2], [-4, -3, -2, -1]);
        AssertNear([-1], y);
        AssertNear([0, 0, 0, 1], gradient);
    }

    /// <summary>One value per channel has variance 0, whose unbiased estimate does not exist.</summary>
    [Fact]
    public void BatchNorm_OfOneValuePerChannel_IsTheBias()
    {
        var (y, gradient) = Of(x => Statistics.BatchNorm(x, One(x), One(x) * 3, One(x), One(x), 0.1, 1e-5).Y, [2], [5, -5]);
        AssertNear([3, 3], y);
        AssertNear([0, 0], gradient);
        AssertNear([0.9, 0.9], Of(x => Statistics.BatchNorm(x, One(x), One(x), One(x), One(x), 0.1, 1e-5).RunningVariance, [2], [5, -5]).Y);
    }

    static Value One(Value x) => x.Builder.Constant([1, 1], 2);



    static Value Position(GraphBuilder builder, int position) =>
        builder.Apply(Movements.Reshape, builder.Apply(Movements.Slice, Attributes.Of(position, 1, 1), builder.Apply(Leaves.Iota, Attributes.Of(1, 5, 1))));

    // One sample; the cotangent of each element is 1.
    static (double[] Y, double[] Gradient) Of(Func<Value, Value> function, int[] sizes, double[] values)
    {
        var builder = new GraphBuilder();
        var x = builder.Leaf(Leaves.Input, "x", TensorType.Real(sizes.ToEquatableArray(), true));
        var y = function(x);
        Assert.True(!y.IsUnknown, string.Join("; ", builder.Faults));
        var ct = Broadcasting.To(builder.Literal(1), y.Type.Sizes, y.Type.Batched);
        var gradient = ReverseMode.Pull(builder, [(y, ct)], [x])[0];
        var all = GraphInterpreter.Of(builder.Build([("y", y), .. gradient is { } g ? [("g", g)] : Array.Empty<(string, Value)>()]), samples: 1)
            .Run(new Dictionary<string, double[]> { ["x"] = values });
        return (all[y.Id]!, gradient is { } id ? all[id.Id]! : new double[values.Length]);
    }

    static void AssertNear(double[] expected, double[] actual)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.All(expected.Zip(actual), pair => Assert.True(Checks.Near(pair.First, pair.Second, 1e-12), $"[{string.Join(", ", actual)}] should be [{string.Join(", ", expected)}]"));
    }
}
