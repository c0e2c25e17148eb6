using NNGen.Generators.Graph;

namespace NNGen.Generators.Ops.Derived;

/// <summary>Sums, means and variances, over axes of a sample or over the batch.</summary>
public static class Statistics
{
    public static Value Sum(Value x, params int[] axes) => axes.Length == 0 ? x : x.Builder.Apply(Reductions.Sum, Attributes.Of([.. axes.Distinct().OrderBy(a => a)]), x);

    public static Value Max(Value x, params int[] axes) => axes.Length == 0 ? x : x.Builder.Apply(Reductions.Max, Attributes.Of([.. axes.Distinct().OrderBy(a => a)]), x);

    public static Value Min(Value x, params int[] axes) => -Max(-x, axes);

    public static Value Mean(Value x, params int[] axes)
    {
        var sum = Sum(x, axes);
        return sum.IsUnknown ? sum : sum / axes.Distinct().Aggregate(1.0, (count, axis) => count * x.Type.Sizes[axis]);
    }

    /// <summary>All axes of a sample.</summary>
    public static int[] AllAxes(Value x) => x.IsUnknown ? [] : [.. Enumerable.Range(0, x.Type.Rank)];

    public static Value Variance(Value x, bool unbiased, params int[] axes)
    {
        if (x.IsUnknown || Mean(x, axes) is not { IsUnknown: false } mean)
            return x.Builder.Unknown;
        var count = axes.Distinct().Aggregate(1.0, (product, axis) => product * x.Type.Sizes[axis]);
        if (unbiased && count < 2)
            return x.Builder.Faulty("NNG1010", "an unbiased variance needs at least two elements");
        var kept = Enumerable.Range(0, x.Type.Rank).Where(axis => !axes.Contains(axis)).ToArray();
        var centred = x - Broadcasting.Along(mean, x.Type.Sizes, x.Type.Batched, kept);
        return Sum(centred * centred, axes) / (unbiased ? count - 1 : count);
    }

    public static Value BatchSum(Value x) => x.Builder.Apply(Reductions.BatchSum, x);

    public static Value BatchMean(Value x) => BatchSum(x) / x.Builder.Apply(Leaves.BatchCount);

    /// <summary>
    /// Batch normalisation per channel of [C, ..] (Ioffe and Szegedy 2015, algorithm 1): in training by the mean and the biased variance over batch and
    /// places, else by the running ones. The running statistics move by the momentum towards the batch's mean and unbiased variance, as in PyTorch. A layer
    /// that was applied before has moved them already: the step starts from there, while inference reads what is stored.
    /// </summary>
    public static (Value Y, Value RunningMean, Value RunningVariance) BatchNorm(
        Value x, Value weight, Value bias, Value runningMean, Value runningVariance, double momentum, double epsilon, Value? movedMean = null, Value? movedVariance = null)
    {
        var builder = x.Builder;
        Value[] channels = [weight, bias, runningMean, runningVariance];
        if (x.IsUnknown || channels.Any(value => value.IsUnknown))
            return (builder.Unknown, builder.Unknown, builder.Unknown);
        if (x.Type.Rank == 0)
            return (builder.Faulty("NNG1002", "BatchNorm needs [channels, ..], got a single number; Reshape it"), builder.Unknown, builder.Unknown);
        if (!x.Type.Batched)
            return (builder.Faulty("NNG1014", "BatchNorm needs a value per sample, and this one is shared by the batch"), builder.Unknown, builder.Unknown);
        if (channels.FirstOrDefault(value => !value.Type.Sizes.SequenceEqual([x.Type.Sizes[0]])) is { Builder: not null } other)
            return (builder.Faulty("NNG1011", $"BatchNorm of {x.Type.Sizes} needs a weight, a bias and statistics [{x.Type.Sizes[0]}], got {other.Type.Sizes}"),
                builder.Unknown, builder.Unknown);
        int[] places = [.. Enumerable.Range(1, x.Type.Rank - 1)];
        var count = builder.Apply(Leaves.BatchCount) * places.Aggregate(1.0, (product, axis) => product * x.Type.Sizes[axis]);
        var training = builder.Apply(Leaves.Training);

        var mean = builder.Labelled(BatchSum(Sum(x, places)) / count, "mean");
        var centred = x - Affine.Channels(mean, x);
        var variance = builder.Labelled(BatchSum(Sum(centred * centred, places)) / count, "variance");

        var shift = Elementwise.Where(training, mean, runningMean);
        var scale = weight / builder.Apply(Elementwise.Sqrt, Elementwise.Where(training, variance, runningVariance) + epsilon);
        var y = (x - Affine.Channels(shift, x)) * Affine.Channels(scale, x) + Affine.Channels(bias, x);

        // One value per channel has no unbiased variance; the biased one (zero) stands in for it.
        var unbiased = variance * (count / builder.Apply(Elementwise.Maximum, count - 1, builder.Literal(1)));
        Value Towards(Value old, Value now) => old * (1 - momentum) + now * momentum;
        return (y, Towards(movedMean ?? runningMean, mean), Towards(movedVariance ?? runningVariance, unbiased));
    }

    /// <summary>Batch normalisation by given statistics, in training as well: that of a frozen network.</summary>
    public static Value Normalise(Value x, Value weight, Value bias, Value mean, Value variance, double epsilon)
    {
        var scale = weight / x.Builder.Apply(Elementwise.Sqrt, variance + epsilon);
        return (x - Affine.Channels(mean, x)) * Affine.Channels(scale, x) + Affine.Channels(bias, x);
    }
}
