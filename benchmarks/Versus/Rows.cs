using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace NNGen.Benchmarks.Versus;

/// <summary>A figure of a case.</summary>
/// <param name="Case">The case's name.</param>
/// <param name="What">What was measured: train, predict, memory.</param>
/// <param name="Ratio">The peer's figure by ours: above 1, ours is the smaller.</param>
[JsonDerivedType(typeof(TimeRow))]
[JsonDerivedType(typeof(MemoryRow))]
internal abstract record Row([property: JsonPropertyOrder(-2)] string Case, [property: JsonPropertyOrder(-1)] string What, double Ratio);

/// <summary>What a step takes.</summary>
/// <param name="Threads">Threads of the peer.</param>
/// <param name="OursMs">Milliseconds of ours, the median of all rounds.</param>
/// <param name="PeerMs">Milliseconds of the peer, the median of all rounds.</param>
/// <param name="ShareOfPeak">The step's direct arithmetic in our time, by the FMA peak of so many cores.</param>
/// <param name="PeakGflops">That peak for one core in GFLOP/s, the upper decile of windows in the same rounds.</param>
/// <param name="PeerLayout">How the peer's images lie in memory, the faster of `nchw` and `nhwc` in which it agrees; `flat` where there are none.</param>
internal sealed record TimeRow(string Case, string What, int Threads, double OursMs, double PeerMs, double ShareOfPeak, double PeakGflops, string PeerLayout)
    : Row(Case, What, PeerMs / OursMs);

/// <summary>The most memory that a process of its own held.</summary>
/// <param name="OursMb">MiB of ours.</param>
/// <param name="PeerMb">MiB of the peer.</param>
internal sealed record MemoryRow(string Case, double OursMb, double PeerMb) : Row(Case, "memory", PeerMb / OursMb);

/// <summary>How far both sides agree.</summary>
/// <param name="Case">The case's name.</param>
/// <param name="Layout">How the peer's images lie in memory.</param>
/// <param name="Ours">Our loss after the last of some steps.</param>
/// <param name="Peer">The peer's.</param>
/// <param name="LossDifference">The greatest relative difference of all steps' losses.</param>
/// <param name="PredictionDifference">The greatest difference of an output before the first step, by the greatest output.</param>
internal sealed record Agreement(string Case, string Layout, double Ours, double Peer, double LossDifference, double PredictionDifference);

/// <summary>All that a run found.</summary>
/// <param name="Machine">Where.</param>
/// <param name="Peer">Against what.</param>
/// <param name="Threads">Threads of the peer.</param>
/// <param name="Losses">How far the sides agree.</param>
/// <param name="Failures">What was not measured, and why: a layout in which the peer does not agree, a case where it has no other.</param>
/// <param name="Rows">The figures.</param>
internal sealed record VersusReport(
    string Machine, string Peer, int Threads, ImmutableArray<Agreement> Losses, ImmutableArray<string> Failures, ImmutableArray<Row> Rows);
