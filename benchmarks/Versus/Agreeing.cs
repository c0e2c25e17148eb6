namespace NNGen.Benchmarks.Versus;

/// <summary>Whether both sides compute the same: a comparison of times says nothing otherwise.</summary>
internal static class Agreeing
{
    private const int Steps = 5;
    private const double Tolerance = 1e-3;

    /// <summary>Predicts once and trains a few steps on both sides.</summary>
    /// <param name="name">The case.</param>
    /// <param name="layout">How the peer's batch lies in memory.</param>
    /// <param name="ours">Our side.</param>
    /// <param name="peer">The peer's.</param>
    public static Agreement Of(string name, string layout, ISide ours, ISide peer)
    {
        ours.BeginPrediction();
        peer.BeginPrediction();
        var (ourOutputs, peerOutputs) = (ours.Prediction(), peer.Prediction());
        var outputs = ourOutputs.Length != peerOutputs.Length ? double.PositiveInfinity
            : ourOutputs.Zip(peerOutputs, (a, b) => (double)MathF.Abs(a - b)).Max() / peerOutputs.Max(Math.Abs);

        var (ourLosses, peerLosses) = (Losses(ours), Losses(peer));
        return new(name, layout, ourLosses[^1], peerLosses[^1], ourLosses.Zip(peerLosses, (a, b) => (double)MathF.Abs(a - b) / MathF.Abs(b)).Max(), outputs);
    }

    /// <summary>What is wrong, or null. A NaN on either side is.</summary>
    public static string? Fault(Agreement found) =>
        !(found.LossDifference <= Tolerance)
            ? $"{found.Case} in {found.Layout}: within {Steps} steps our loss and the peer's differ by {found.LossDifference:0.0e+0} relative, more than {Tolerance:0.0e+0} (at last {found.Ours} and {found.Peer})"
        : !(found.PredictionDifference <= Tolerance)
            ? $"{found.Case} in {found.Layout}: our outputs and the peer's differ by {found.PredictionDifference:0.0e+0} of the greatest, more than {Tolerance:0.0e+0}"
        : null;

    private static float[] Losses(ISide side)
    {
        side.BeginTraining();
        return [.. Enumerable.Range(0, Steps).Select(_ => side.Step())];
    }
}
