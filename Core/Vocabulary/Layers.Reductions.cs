namespace NNGen;

public static partial class Layers
{
    /// <summary>e^x / sum e^x over axis 0 (classes or channels); shape unchanged. Safe for large x.</summary>
    /// <param name="x">[C, ..].</param>
    public static Tensor Softmax(Tensor x) => throw Signature.Only(nameof(Softmax));

    /// <summary>e^x / sum e^x over an axis; shape unchanged.</summary>
    /// <param name="axis">The axis of the sample.</param>
    public static Layer Softmax(int axis) => Signature.Layer(nameof(Softmax));

    /// <summary>x - log sum e^x over axis 0 (classes or channels); shape unchanged. Safe for large x.</summary>
    /// <param name="x">[C, ..].</param>
    public static Tensor LogSoftmax(Tensor x) => throw Signature.Only(nameof(LogSoftmax));

    /// <summary>x - log sum e^x over an axis; shape unchanged.</summary>
    /// <param name="axis">The axis of the sample.</param>
    public static Layer LogSoftmax(int axis) => Signature.Layer(nameof(LogSoftmax));

    /// <summary>The sum of all elements of a sample.</summary>
    /// <param name="x">Any shape.</param>
    public static Scalar Sum(Tensor x) => throw Signature.Only(nameof(Sum));

    /// <summary>The sum over some axes, which are removed.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes of the sample.</param>
    public static Tensor Sum(Tensor x, params int[] axes) => throw Signature.Only(nameof(Sum));

    /// <summary>The mean of all elements of a sample.</summary>
    /// <param name="x">Any shape.</param>
    public static Scalar Mean(Tensor x) => throw Signature.Only(nameof(Mean));

    /// <summary>The mean over some axes, which are removed.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes of the sample.</param>
    public static Tensor Mean(Tensor x, params int[] axes) => throw Signature.Only(nameof(Mean));

    /// <summary>The greatest element of a sample.</summary>
    /// <param name="x">Any shape.</param>
    public static Scalar Max(Tensor x) => throw Signature.Only(nameof(Max));

    /// <summary>The maximum over some axes, which are removed.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes of the sample.</param>
    public static Tensor Max(Tensor x, params int[] axes) => throw Signature.Only(nameof(Max));

    /// <summary>The least element of a sample.</summary>
    /// <param name="x">Any shape.</param>
    public static Scalar Min(Tensor x) => throw Signature.Only(nameof(Min));

    /// <summary>The minimum over some axes, which are removed.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="axes">Axes of the sample.</param>
    public static Tensor Min(Tensor x, params int[] axes) => throw Signature.Only(nameof(Min));

    /// <summary>The variance over some axes, which are removed.</summary>
    /// <param name="x">Any shape.</param>
    /// <param name="unbiased">Whether the sum of squares is divided by n - 1 instead of n.</param>
    /// <param name="axes">Axes of the sample; none means all.</param>
    public static Tensor Variance(Tensor x, bool unbiased, params int[] axes) => throw Signature.Only(nameof(Variance));

    /// <summary>The sum over the samples of the batch, elementwise: the result belongs to the whole batch.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor BatchSum(Tensor x) => throw Signature.Only(nameof(BatchSum));

    /// <inheritdoc cref="BatchSum(Tensor)"/>
    public static Scalar BatchSum(Scalar x) => throw Signature.Only(nameof(BatchSum));

    /// <summary>The mean over the samples of the batch, elementwise: the result belongs to the whole batch.</summary>
    /// <param name="x">Any shape.</param>
    public static Tensor BatchMean(Tensor x) => throw Signature.Only(nameof(BatchMean));

    /// <inheritdoc cref="BatchMean(Tensor)"/>
    public static Scalar BatchMean(Scalar x) => throw Signature.Only(nameof(BatchMean));

    /// <summary>The number of samples in the batch.</summary>
    public static Scalar BatchCount() => throw Signature.Only(nameof(BatchCount));
}
