namespace NNGen.Benchmarks.Versus;

/// <summary>One side of a comparison: a network with an optimiser and one batch, all prepared.</summary>
internal interface ISide : IDisposable
{
    /// <summary>Back to the weights that the side began with and to a fresh optimiser; train steps may follow.</summary>
    void BeginTraining();

    /// <summary>A train step on the batch: gradient and Adam's update in place.</summary>
    /// <returns>The loss before the update.</returns>
    float Step();

    /// <summary>Back to the weights that the side began with; predictions may follow.</summary>
    void BeginPrediction();

    /// <summary>The network's outputs for the batch, in inference mode; they are left where the side has them.</summary>
    void Predict();

    /// <summary>The same outputs, row-major.</summary>
    float[] Prediction();
}
