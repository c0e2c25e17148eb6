using System.Globalization;
using NNGen.Generators.Graph;

namespace NNGen.Generators.Ops.Derived;

/// <summary>
/// Losses. The mean is one number per sample, its mean over places; the compiler takes the mean over the batch. The sum is one number for the batch.
/// </summary>
public static class Losses
{
    /// <summary>-log softmax(logits)[label], classes along axis 0, a label for each place of the other axes.</summary>
    public static Value CrossEntropy(Value logits, Value labels, bool sum) => NegativeLogLikelihood(Activations.LogSoftmax(logits, 0), labels, sum, "CrossEntropy");

    public static Value NegativeLogLikelihood(Value logProbabilities, Value labels, bool sum, string loss = "NegativeLogLikelihood") =>
        LabelsFit(logProbabilities, labels, loss)
            ? Reduce(-Statistics.Sum(Elementwise.Where(OneHotMask(labels, logProbabilities.Type.Sizes[0]), logProbabilities, logProbabilities.Builder.Literal(0)), 0), sum)
            : logProbabilities.Builder.Unknown;

    /// <summary>1 where the largest logit is the label's, else 0, its mean over places.</summary>
    public static Value FractionCorrect(Value logits, Value labels) =>
        LabelsFit(logits, labels, "FractionCorrect")
            ? Reduce(AsReal(logits.Builder.Apply(Elementwise.Equal, logits.Builder.Apply(Reductions.ArgMax, Attributes.Of(0), logits), labels)), sum: false)
            : logits.Builder.Unknown;

    public static Value MeanSquaredError(Value a, Value b, bool sum) => Paired(a, b, "MeanSquaredError") ? Reduce(Activations.Square(a - b), sum) : a.Builder.Unknown;

    public static Value MeanAbsoluteError(Value a, Value b, bool sum) => Paired(a, b, "MeanAbsoluteError") ? Reduce(a.Builder.Apply(Elementwise.Abs, a - b), sum) : a.Builder.Unknown;

    /// <summary>d^2 / (2 beta) where |d| is below beta, else |d| - beta / 2 (Huber 1964, as in PyTorch); with beta 0 it is |d|.</summary>
    public static Value SmoothL1(Value a, Value b, double beta, bool sum)
    {
        if (!Paired(a, b, "SmoothL1"))
            return a.Builder.Unknown;
        if (!(beta >= 0))
            return a.Builder.Faulty("NNG1010", $"SmoothL1: beta must not be negative, got {beta.ToString(CultureInfo.InvariantCulture)}");
        if (beta == 0)
            return MeanAbsoluteError(a, b, sum);
        var distance = a.Builder.Apply(Elementwise.Abs, a - b);
        return Reduce(Elementwise.Where(distance < beta, Activations.Square(a - b) * (0.5 / beta), distance - 0.5 * beta), sum);
    }

    /// <summary>-t log p - (1 - t) log(1 - p) with p = sigmoid(x), as softplus(x) - x t, which neither overflows nor cancels.</summary>
    public static Value BinaryCrossEntropy(Value logits, Value target, bool sum) =>
        Paired(logits, target, "BinaryCrossEntropy") ? Reduce(logits.Builder.Apply(Elementwise.Softplus, logits) - logits * target, sum) : logits.Builder.Unknown;

    /// <summary>The same of probabilities, each logarithm held above -100; its gradient there is (p - t) / max(p (1 - p), 1e-12), both as in PyTorch.</summary>
    public static Value BinaryCrossEntropyOfProbabilities(Value p, Value target, bool sum)
    {
        if (!Paired(p, target, "BinaryCrossEntropyOfProbabilities"))
            return p.Builder.Unknown;
        var builder = p.Builder;
        var fixedP = builder.Apply(Elementwise.StopGradient, p);
        Value Log(Value q) => builder.Apply(Elementwise.Maximum, Activations.Log(q), builder.Literal(-100));
        var value = -(target * Log(fixedP) + (1 - target) * Log(1 - fixedP));
        var slope = (fixedP - target) / builder.Apply(Elementwise.Maximum, fixedP * (1 - fixedP), builder.Literal(1e-12));
        // In p the value is constant and its derivative the stated slope: p - stop(p) is zero and has derivative one. In the target all is as written.
        return Reduce(value + builder.Apply(Elementwise.StopGradient, slope) * (p - fixedP), sum);
    }

    /// <summary>[..] labels as [classes, ..] of zeros and ones.</summary>
    public static Value OneHot(Value labels, int classes) => labels.IsUnknown ? labels
        : classes < 1 ? labels.Builder.Faulty("NNG1010", $"OneHot needs at least one class, got {classes}") : AsReal(OneHotMask(labels, classes));

    public static Value Reduce(Value elements, bool sum)
    {
        if (elements.IsUnknown)
            return elements;
        var axes = Statistics.AllAxes(elements);
        if (!sum)
            return Statistics.Mean(elements, axes);
        var total = Statistics.Sum(elements, axes);
        return total.Type.Batched ? Statistics.BatchSum(total) : total;
    }

    private static Value AsReal(Value x) => x.Builder.Apply(Elementwise.AsReal, x);

    private static Value OneHotMask(Value labels, int classes)
    {
        var (builder, sizes) = (labels.Builder, labels.Type.Sizes);
        var position = Broadcasting.Along(builder.Apply(Leaves.Iota, Attributes.Of(1, classes, 1)), [classes, .. sizes], labels.Type.Batched, [0]);
        return position.IsUnknown ? position : builder.Apply(Elementwise.Equal, position,
            Broadcasting.Along(labels, [classes, .. sizes], labels.Type.Batched, [.. Enumerable.Range(1, sizes.Count)]));
    }

    private static bool LabelsFit(Value logits, Value labels, string loss)
    {
        if (logits.IsUnknown || labels.IsUnknown)
            return false;
        var fits = logits.Type.Rank >= 1 && logits.Type.Sizes.Skip(1).SequenceEqual(labels.Type.Sizes);
        if (!fits)
            logits.Builder.Faulty("NNG1011", $"{loss} needs logits [classes{string.Concat(labels.Type.Sizes.Select(s => $", {s}"))}] for labels {labels.Type.Sizes}, got {logits.Type.Sizes}"
                + (labels.Type.Rank == 0 && logits.Type.Rank > 1 ? "; add Flatten, or GlobalAveragePool | Flatten" : ""));
        return fits;
    }

    private static bool Paired(Value a, Value b, string loss)
    {
        if (a.IsUnknown || b.IsUnknown)
            return false;
        var fits = a.Type.Sizes == b.Type.Sizes;
        if (!fits)
            a.Builder.Faulty("NNG1011", $"{loss} compares values of equal sizes, got {a.Type.Sizes} and {b.Type.Sizes}; Reshape one of them");
        return fits;
    }
}
