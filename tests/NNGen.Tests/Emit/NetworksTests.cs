using NNGen.Testing;
using NNGen.Tests.Networks;
using NNGen.Tests.Support;

namespace NNGen.Tests.Emit;

/// <summary>Whole networks, compiled into this assembly as a user's would be.</summary>
public class NetworksTests
{
    /// <summary>Blocks of sixteen samples: one that is not full, full ones, and both.</summary>
    static readonly int[] Everywhere = [.. Enumerable.Range(1, 17), 31, 32, 33, 64];

    static readonly Trial[] All =
    [
        Trial.Of<LeNet5, LeNet5.Batch, LeNet5.Metrics>(61_706, [10], Everywhere, (network, x, y) => network.Predict(x[0], y[0]), directions: true),
        // 270,000 activations a sample: in float a handful falls on the other side of a ReLU's kink.
        Trial.Of<ResNet20, ResNet20.Batch, ResNet20.Metrics>(272_474, [10], [1, 3, 17], (network, x, y) => network.Predict(x[0], y[0]), directions: true, tolerance: 1e-2),
        Trial.Of<LargeDense, LargeDense.Batch, LargeDense.Metrics>(214_534, [10], [1, 2, 15, 16, 17, 40, 130], (network, x, y) => network.Predict(x[0], y[0]), directions: true),
        Trial.Of<Inception, Inception.Batch, Inception.Metrics>(562, [10], Everywhere, (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<UNet, UNet.Batch, UNet.Metrics>(7_397, [256], Everywhere, (network, x, y) => network.Predict(x[0], y[0]), directions: true),
        Trial.Of<LargeImages, LargeImages.Batch, LargeImages.Metrics>(2_185, [2304], [1, 2, 3, 8, 17], (network, x, y) => network.Predict(x[0], y[0]), directions: true),
        Trial.Of<Joined, Joined.Batch, Joined.Metrics>(7_321, [720, 3], Everywhere, (network, x, y) => network.Predict(x[0], y[0], y[1])),
        Trial.Of<Siamese, Siamese.Batch, Siamese.Metrics>(60, [8, 8], Everywhere, (network, x, y) => network.Predict(x[0], x[1], y[0], y[1])),
        Trial.Of<Discriminator, Discriminator.Batch, Discriminator.Metrics>(97, [1], Everywhere, (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<Fooling, Fooling.Batch, Fooling.Metrics>(341, [1], Everywhere, (network, x, y) => network.Predict(x[0], y[0])),
    ];

    public static TheoryData<string> Names => [.. All.Select(trial => trial.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Network_Compiled_HasItsExactNumberOfParameters(string name) => Assert.Equal(Named(name).Expected, Named(name).Parameters);

    [Theory, MemberData(nameof(Names))]
    public void Gradient_AtARandomPoint_IsTheSlopeOfTheLoss(string name) => Named(name).Gradient();

    [Theory, MemberData(nameof(Names))]
    public void Gradient_OfAnyBatchSize_AgreesWithThePlainProgramInDouble(string name) => Assert.All(Named(name).Samples, Named(name).Training);

    [Theory, MemberData(nameof(Names))]
    public void Predict_OfAnyBatchSize_AgreesWithThePlainProgramInDouble(string name) => Assert.All([1, 3, 16, 20], Named(name).Inference);

    [Fact]
    public void Parameters_OfAnotherCount_AreNotAccepted() =>
        Assert.Throws<ArgumentException>(() => Inception.Initialize(1).Gradient(RandomBatch<Inception, Inception.Batch, Inception.Metrics>.Of(1, 2).Batch, new float[561], default));

    static Trial Named(string name) => All.Single(trial => trial.Name == name);

    /// <summary>What is tried with one network.</summary>
    sealed record Trial(string Name, int Expected, int Parameters, int[] Samples, Action Gradient, Action<int> Training, Action<int> Inference)
    {
        /// <param name="expected">Parameters, counted by hand.</param>
        /// <param name="outputs">Elements of each output.</param>
        /// <param name="samples">Batch sizes.</param>
        /// <param name="predict">The network's Predict on arrays.</param>
        /// <param name="directions">Whether one direction in each tensor must do, since more would take long.</param>
        /// <param name="tolerance">Of float, relative.</param>
        public static Trial Of<TNet, TBatch, TMetrics>(int expected, int[] outputs, int[] samples, Action<TNet, float[][], float[][]> predict, bool directions = false, double tolerance = 1e-4)
            where TNet : class, INetwork<TNet, TBatch, TMetrics>, IDoubleNetwork<TNet>
            where TBatch : IBatch
            where TMetrics : IMetrics<TMetrics> =>
            new(typeof(TNet).Name, expected, TNet.Layout.ParameterCount, samples,
                () => GradientCheck.Of<TNet>(seed: 3, samples: directions ? 2 : 4, coordinates: directions ? 0 : 4),
                count => Agreement.Training<TNet, TBatch, TMetrics>(count, tolerance),
                count => Agreement.Inference<TNet, TBatch, TMetrics>(count, outputs, Math.Min(tolerance, 1e-4), predict));
    }
}
