using System.Collections.Immutable;

namespace NNGen;

/// <summary>A named number that a network measures: its loss or one of its metrics.</summary>
/// <param name="Name">Its name, for example <c>Loss</c>.</param>
/// <param name="Value">Its value.</param>
public readonly record struct Measure(string Name, float Value)
{
    /// <summary>All numbers of a metrics record; the loss is first.</summary>
    internal static ImmutableArray<Measure> All<TMetrics>(TMetrics metrics) where TMetrics : IMetrics<TMetrics>
    {
        var all = ImmutableArray.CreateBuilder<Measure>(TMetrics.Names.Length);
        for (var i = 0; i < TMetrics.Names.Length; i++)
            all.Add(new(TMetrics.Names[i], metrics[i]));
        return all.MoveToImmutable();
    }
}

/// <summary>How far a training is.</summary>
/// <param name="Epoch">Which epoch, from 1.</param>
/// <param name="Batch">Batches done in this epoch.</param>
/// <param name="Batches">Batches in an epoch; when it equals <paramref name="Batch"/>, the epoch is complete.</param>
/// <param name="Train">The means over the epoch so far, the loss first.</param>
/// <param name="Test">The means on held-out data; empty before the epoch is complete or when none are watched.</param>
/// <param name="Seconds">Time spent in this epoch so far, in seconds.</param>
public sealed record TrainingProgress(
    int Epoch, int Batch, int Batches, ImmutableArray<Measure> Train, ImmutableArray<Measure> Test, double Seconds)
{
    /// <summary>The training loss, the mean over the epoch so far.</summary>
    public float Loss => Train[0].Value;

    /// <summary>Whether the loss is no number any more (NaN or infinite).</summary>
    public bool Diverged => !float.IsFinite(Loss);
}
