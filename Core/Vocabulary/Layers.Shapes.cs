namespace NNGen;

public static partial class Layers
{
    /// <summary>All elements as a vector, row-major: [C, H, W] to [C H W].</summary>
    public static Layer Flatten => Signature.Layer(nameof(Flatten));

    /// <summary>The same elements, row-major, in another shape.</summary>
    /// <param name="sizes">The sizes of one sample; one of them may be -1 and follows from the others.</param>
    public static Layer Reshape(params int[] sizes) => Signature.Layer(nameof(Reshape));

    /// <summary>The axes in another order: output axis i is input axis axes[i].</summary>
    /// <param name="axes">A permutation of the sample's axes.</param>
    public static Layer Transpose(params int[] axes) => Signature.Layer(nameof(Transpose));

    /// <summary>A part of one axis: elements start, start + step, ..., <paramref name="length"/> of them.</summary>
    /// <param name="axis">The axis of the sample.</param>
    /// <param name="start">The first element.</param>
    /// <param name="length">How many.</param>
    /// <param name="step">The distance of neighbours, at least 1.</param>
    public static Layer Slice(int axis, int start, int length, int step = 1) => Signature.Layer(nameof(Slice));

    /// <summary>Rows and columns added around an image: [C, H, W] to [C, H + top + bottom, W + left + right].</summary>
    /// <param name="top">Rows added above, at least 0.</param>
    /// <param name="bottom">Rows added below.</param>
    /// <param name="left">Columns added on the left.</param>
    /// <param name="right">Columns added on the right.</param>
    /// <param name="mode">What they hold.</param>
    public static Layer Pad(int top, int bottom, int left, int right, PadMode mode = PadMode.Zero) => Signature.Layer(nameof(Pad));

    /// <summary>One axis reversed; shape unchanged.</summary>
    /// <param name="axis">The axis of the sample.</param>
    public static Layer Flip(int axis) => Signature.Layer(nameof(Flip));

    /// <summary>Every pixel repeated (nearest neighbour): [C, H, W] to [C, factor H, factor W].</summary>
    /// <param name="factor">At least 1.</param>
    public static Layer Upsample(int factor) => Signature.Layer(nameof(Upsample));

    /// <summary>
    /// Channels become pixels: [C factor², H, W] to [C, factor H, factor W]; output (c, h factor + i, w factor + j) is input (c factor² + i factor + j, h,
    /// w). Shi et al. 2016.
    /// </summary>
    /// <param name="factor">At least 1; its square divides the channels.</param>
    public static Layer PixelShuffle(int factor) => Signature.Layer(nameof(PixelShuffle));

    /// <summary>Tensors one after the other along axis 0 (channels); all other sizes agree.</summary>
    /// <param name="parts">At least one tensor.</param>
    public static Tensor Concat(params Tensor[] parts) => throw Signature.Only(nameof(Concat));

    /// <summary>Tensors one after the other along an axis; all other sizes agree.</summary>
    /// <param name="axis">The axis of the sample.</param>
    /// <param name="parts">At least one tensor.</param>
    public static Tensor ConcatAlong(int axis, params Tensor[] parts) => throw Signature.Only(nameof(ConcatAlong));

    /// <summary>The matrix product per sample: [M, K] and [K, N] to [M, N]; [K] counts as one row or one column.</summary>
    /// <param name="a">The left matrix.</param>
    /// <param name="b">The right matrix.</param>
    public static Tensor MatMul(Tensor a, Tensor b) => throw Signature.Only(nameof(MatMul));

    /// <summary>
    /// The greatest element of each window: [C, H, W] to [C, H', W'], H' = (H + 2 padding - kernel) / stride + 1, rounded down. Padding never wins. The
    /// gradient goes to the first greatest element.
    /// </summary>
    /// <param name="kernel">Side of the square window.</param>
    /// <param name="stride">Step between windows; 0 stands for <paramref name="kernel"/>.</param>
    /// <param name="padding">Pixels added on each side, at most half the kernel.</param>
    public static Layer MaxPool(int kernel, int stride = 0, int padding = 0) => Signature.Layer(nameof(MaxPool));

    /// <summary>The mean of each window; sizes as <see cref="MaxPool"/>.</summary>
    /// <param name="kernel">Side of the square window.</param>
    /// <param name="stride">Step between windows; 0 stands for <paramref name="kernel"/>.</param>
    /// <param name="padding">Zeros added on each side, at most half the kernel.</param>
    /// <param name="countPadding">Whether padding counts in the mean; else it is the mean of the real pixels.</param>
    public static Layer AveragePool(int kernel, int stride = 0, int padding = 0, bool countPadding = true) => Signature.Layer(nameof(AveragePool));

    /// <summary>The mean of each channel: [C, H, W] to [C, 1, 1].</summary>
    public static Layer GlobalAveragePool => Signature.Layer(nameof(GlobalAveragePool));
}
