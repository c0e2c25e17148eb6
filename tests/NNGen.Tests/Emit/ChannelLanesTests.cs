using NNGen.Tests.Networks.Wide;
using NNGen.Tests.Support;

namespace NNGen.Tests.Emit;

/// <summary>Networks whose channels run in lanes, one sample at a time, against the plain programs in double.</summary>
public class ChannelLanesTests
{
    /// <summary>Fewer samples than a team has threads or a strip has tiles, and more than a lane block holds.</summary>
    static readonly int[] Samples = [1, 2, 3, 5, 16, 17];

    static readonly Trial[] All =
    [
        Trial.Of<SameConvolutions, SameConvolutions.Batch, SameConvolutions.Metrics>("WideConvolutions", [560], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<ValidConvolutions, ValidConvolutions.Batch, ValidConvolutions.Metrics>("WideConvolutions", [5], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<DeepConvolutions, DeepConvolutions.Batch, DeepConvolutions.Metrics>("WideConvolutions", [48], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<DeepInput, DeepInput.Batch, DeepInput.Metrics>("WideConvolutions", [960], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<DeepOutput, DeepOutput.Batch, DeepOutput.Metrics>("WideConvolutions", [1280], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<PaddedConvolutions, PaddedConvolutions.Batch, PaddedConvolutions.Metrics>("WideConvolutions", [16], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<KernelSizes, KernelSizes.Batch, KernelSizes.Metrics>("WideConvolutions", [3], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<StridedConvolutions, StridedConvolutions.Batch, StridedConvolutions.Metrics>("WideConvolutions", [2], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<GroupedConvolutions, GroupedConvolutions.Batch, GroupedConvolutions.Metrics>("WideConvolutions", [3], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<DirectConvolutions, DirectConvolutions.Batch, DirectConvolutions.Metrics>("WideConvolutions", [4], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<TransposedConvolutions, TransposedConvolutions.Batch, TransposedConvolutions.Metrics>("WideMaps", [180], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<Poolings, Poolings.Batch, Poolings.Metrics>("WideMaps", [96], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<Joins, Joins.Batch, Joins.Metrics>("WideMaps", [2240], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<NestedJoins, NestedJoins.Batch, NestedJoins.Metrics>("WideMaps", [1120, 560], (network, x, y) => network.Predict(x[0], y[0], y[1])),
        Trial.Of<Moves, Moves.Batch, Moves.Metrics>("WideMaps", [1536], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<WideResidual, WideResidual.Batch, WideResidual.Metrics>("WideResidual", [10], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<WideUNet, WideUNet.Batch, WideUNet.Metrics>("WideNetworks", [96], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<WideTwins, WideTwins.Batch, WideTwins.Metrics>("WideNetworks", [32, 32], (network, x, y) => network.Predict(x[0], x[1], y[0], y[1])),
        Trial.Of<WideInputs, WideInputs.Batch, WideInputs.Metrics>("WideNetworks", [560, 4], (network, x, y) => network.Predict(x[0], x[1], y[0], y[1])),
    ];

    public static TheoryData<string> Names => [.. All.Select(trial => trial.Name)];

    /// <summary>Without running statistics, training and inference give the same loss.</summary>
    public static TheoryData<string> Stateless => [.. All.Where(trial => trial.Evaluation is not null).Select(trial => trial.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Network_WithWideConvolutions_HasItsChannelsInLanes(string name) => Assert.True(Lanes.AreChannels($"Wide/{Named(name).File}.cs", name));

    [Theory, MemberData(nameof(Names))]
    public void Gradient_OfAnyBatchSize_AgreesWithThePlainProgramInDouble(string name) => Assert.All(Samples, Named(name).Training);

    [Theory, MemberData(nameof(Stateless))]
    public void Evaluate_OfAnyBatchSize_AgreesWithThePlainProgramInDouble(string name) => Assert.All([2, 17], Named(name).Evaluation!);

    [Theory, MemberData(nameof(Names))]
    public void Predict_OfAnyBatchSize_AgreesWithThePlainProgramInDouble(string name) => Assert.All(Samples, Named(name).Inference);

    [Fact]
    public void Gradient_OfTwoInputs_AgreesWithThePlainProgramInDouble() => Assert.All(Samples, samples =>
        InputGradients<WideInputs, WideInputs.Batch, WideInputs.Metrics>(samples, (network, batch, gradient, inputs) => network.Gradient(batch, gradient, default, inputs[0], inputs[1])));

    [Fact]
    public void Gradient_OfAnInputThroughAllSamplesAtOnce_AgreesWithThePlainProgramInDouble() => Assert.All(Samples, samples =>
        InputGradients<DeepInput, DeepInput.Batch, DeepInput.Metrics>(samples, (network, batch, gradient, inputs) => network.Gradient(batch, gradient, default, inputs[0])));

    static void InputGradients<TNet, TBatch, TMetrics>(int samples, Action<TNet, TBatch, float[], float[][]> gradient)
        where TNet : class, INetwork<TNet, TBatch, TMetrics>, IDoubleNetwork<TNet>
        where TBatch : IBatch
        where TMetrics : IMetrics<TMetrics>
    {
        var point = RandomBatch<TNet, TBatch, TMetrics>.Of(3, samples);
        // The last column of reals is the target.
        var sizes = point.Reals[..^1].Select(values => values.Length).ToArray();
        double[][] expected = [.. sizes.Select(size => new double[size])];
        float[][] actual = [.. sizes.Select(size => new float[size])];

        TNet.LossAndGradient(samples, point.Parameters, point.Buffers, point.Reals, point.Labels, new double[TNet.Layout.ParameterCount], expected, []);
        gradient(point.Network, point.Batch, new float[TNet.Layout.ParameterCount], actual);

        Assert.All(expected.Zip(actual), pair => Assert.InRange(Agreement.Distance(pair.First, pair.Second), 0, 1e-4 * Agreement.Length(pair.First)));
    }

    static Trial Named(string name) => All.Single(trial => trial.Name == name);

    /// <summary>What is tried with one network.</summary>
    sealed record Trial(string Name, string File, Action<int> Training, Action<int>? Evaluation, Action<int> Inference)
    {
        /// <param name="file">Where its source is.</param>
        /// <param name="outputs">Elements of each output.</param>
        /// <param name="predict">The network's Predict on arrays.</param>
        public static Trial Of<TNet, TBatch, TMetrics>(string file, int[] outputs, Action<TNet, float[][], float[][]> predict)
            where TNet : class, INetwork<TNet, TBatch, TMetrics>, IDoubleNetwork<TNet>
            where TBatch : IBatch
            where TMetrics : IMetrics<TMetrics> =>
            new(typeof(TNet).Name, file,
                count => Agreement.Training<TNet, TBatch, TMetrics>(count, 1e-4),
                TNet.Layout.BufferCount == 0 ? count => Agreement.Evaluation<TNet, TBatch, TMetrics>(count, 1e-4) : null,
                count => Agreement.Inference<TNet, TBatch, TMetrics>(count, outputs, 1e-4, predict));
    }
}
