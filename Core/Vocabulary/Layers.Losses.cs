namespace NNGen;

// With Reduction.Mean a loss is one number per sample, whose mean over the batch the compiler takes; with Reduction.Sum it belongs to the batch.
public static partial class Layers
{
    /// <summary>-log softmax(logits)[label], the mean or sum over samples and pixels. Safe for large logits.</summary>
    /// <param name="logits">[classes] or [classes, H, W].</param>
    /// <param name="labels">One per sample, or [H, W].</param>
    /// <param name="reduction">Mean or sum.</param>
    public static Scalar CrossEntropy(Tensor logits, Labels labels, Reduction reduction = Reduction.Mean) => throw Signature.Only(nameof(CrossEntropy));

    /// <summary>-logProbabilities[label], the mean or sum over samples and pixels.</summary>
    /// <param name="logProbabilities">[classes] or [classes, H, W]: what <see cref="LogSoftmax(Tensor)"/> returns.</param>
    /// <param name="labels">One per sample, or [H, W].</param>
    /// <param name="reduction">Mean or sum.</param>
    public static Scalar NegativeLogLikelihood(Tensor logProbabilities, Labels labels, Reduction reduction = Reduction.Mean)
        => throw Signature.Only(nameof(NegativeLogLikelihood));

    /// <summary>(a - b)², the mean or sum over all elements.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The same shape.</param>
    /// <param name="reduction">Mean or sum.</param>
    public static Scalar MeanSquaredError(Tensor a, Tensor b, Reduction reduction = Reduction.Mean) => throw Signature.Only(nameof(MeanSquaredError));

    /// <summary>|a - b|, the mean or sum over all elements.</summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The same shape.</param>
    /// <param name="reduction">Mean or sum.</param>
    public static Scalar MeanAbsoluteError(Tensor a, Tensor b, Reduction reduction = Reduction.Mean) => throw Signature.Only(nameof(MeanAbsoluteError));

    /// <summary>
    /// With d = |a - b|: d² / (2 beta) where d &lt; beta, d - beta / 2 elsewhere; the mean or sum over all elements. Girshick 2015.
    /// </summary>
    /// <param name="a">Any shape.</param>
    /// <param name="b">The same shape.</param>
    /// <param name="beta">Where the square ends, positive.</param>
    /// <param name="reduction">Mean or sum.</param>
    public static Scalar SmoothL1(Tensor a, Tensor b, float beta = 1f, Reduction reduction = Reduction.Mean) => throw Signature.Only(nameof(SmoothL1));

    /// <summary>-t log s(x) - (1 - t) log(1 - s(x)) with s the sigmoid, the mean or sum over all elements. Safe for large logits.</summary>
    /// <param name="logits">Any shape.</param>
    /// <param name="target">The same shape, in [0, 1].</param>
    /// <param name="reduction">Mean or sum.</param>
    public static Scalar BinaryCrossEntropy(Tensor logits, Tensor target, Reduction reduction = Reduction.Mean)
        => throw Signature.Only(nameof(BinaryCrossEntropy));

    /// <summary>-t log p - (1 - t) log(1 - p), the mean or sum over all elements; logarithms are not less than -100.</summary>
    /// <param name="probability">Any shape, in [0, 1].</param>
    /// <param name="target">The same shape, in [0, 1].</param>
    /// <param name="reduction">Mean or sum.</param>
    public static Scalar BinaryCrossEntropyOfProbabilities(Tensor probability, Tensor target, Reduction reduction = Reduction.Mean)
        => throw Signature.Only(nameof(BinaryCrossEntropyOfProbabilities));

    /// <summary>The fraction of samples (and pixels) whose greatest logit is the label's, in [0, 1]. For metrics: it has no gradient.</summary>
    /// <param name="logits">[classes] or [classes, H, W].</param>
    /// <param name="labels">One per sample, or [H, W].</param>
    public static Scalar FractionCorrect(Tensor logits, Labels labels) => throw Signature.Only(nameof(FractionCorrect));

    /// <summary>1 at the label's class, 0 elsewhere: [classes] or [classes, H, W].</summary>
    /// <param name="labels">One per sample, or [H, W].</param>
    public static Tensor OneHot(Labels labels) => throw Signature.Only(nameof(OneHot));
}
