using NNGen.Generators;
using NNGen.Tests.Networks.Narrow;
using NNGen.Tests.Support;

namespace NNGen.Tests.Emit;

/// <summary>Networks of few channels and long rows, whose rows lie in lanes when few samples are computed one by one, against the plain programs in double.</summary>
public class RowLanesTests
{
    static readonly Trial[] All =
    [
        Trial.Of<NarrowConvolutions, NarrowConvolutions.Batch, NarrowConvolutions.Metrics>([3 * 52 * 37], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<NarrowPoolings, NarrowPoolings.Batch, NarrowPoolings.Metrics>([6 * 48 * 22], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<NarrowStrides, NarrowStrides.Batch, NarrowStrides.Metrics>([4 * 90 * 66], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<NarrowJoins, NarrowJoins.Batch, NarrowJoins.Metrics>([4 * 40 * 37], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<NarrowRows, NarrowRows.Batch, NarrowRows.Metrics>([3 * 99 * 6], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<NarrowHeads, NarrowHeads.Batch, NarrowHeads.Metrics>([6 * 20 * 40], (network, x, y) => network.Predict(x[0], y[0]), trainsFew: false),
        Trial.Of<NarrowBorders, NarrowBorders.Batch, NarrowBorders.Metrics>([4], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<NarrowSlices, NarrowSlices.Batch, NarrowSlices.Metrics>([3 * 200 * 15], (network, x, y) => network.Predict(x[0], y[0])),
        Trial.Of<NarrowTiles, NarrowTiles.Batch, NarrowTiles.Metrics>([38 * 270], (network, x, y) => network.Predict(x[0], y[0])),
    ];

    public static TheoryData<string> Names => [.. All.Select(trial => trial.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Network_OfFewChannels_HasProgramsForFewSamplesWhoseRowsLieInLanes(string name)
    {
        var code = Compiler.Compile(Lanes.Spec("Narrow/NarrowMaps.cs", name));

        Assert.Contains("class FewSamplesInferenceProgram", code);
        Assert.Equal(Named(name).TrainsFew, code.Contains("class FewSamplesTrainingProgram", StringComparison.Ordinal));
        Assert.Contains("lanes along x", code);
    }

    [Theory, MemberData(nameof(Names))]
    public void Gradient_OfFewSamples_AgreesWithThePlainProgramInDouble(string name) => Assert.All([1, 2], Named(name).Training);

    [Theory, MemberData(nameof(Names))]
    public void Predict_OfFewSamples_AgreesWithThePlainProgramInDouble(string name) => Assert.All([1, 2, 3], Named(name).Inference);

    static Trial Named(string name) => All.Single(trial => trial.Name == name);

    /// <summary>What is tried with one network.</summary>
    sealed record Trial(string Name, bool TrainsFew, Action<int> Training, Action<int> Inference)
    {
        /// <param name="outputs">Elements of each output.</param>
        /// <param name="predict">The network's Predict on arrays.</param>
        /// <param name="trainsFew">Whether it has a train step for few samples: its images are large.</param>
        public static Trial Of<TNet, TBatch, TMetrics>(int[] outputs, Action<TNet, float[][], float[][]> predict, bool trainsFew = true)
            where TNet : class, INetwork<TNet, TBatch, TMetrics>, IDoubleNetwork<TNet>
            where TBatch : IBatch
            where TMetrics : IMetrics<TMetrics> =>
            new(typeof(TNet).Name, trainsFew, count => Agreement.Training<TNet, TBatch, TMetrics>(count, 1e-4), count => Agreement.Inference<TNet, TBatch, TMetrics>(count, outputs, 1e-4, predict));
    }
}
