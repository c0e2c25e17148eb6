using static NNGen.Layers;

namespace NNGen.Tests.Networks.Wide;

/// <summary>3 x 3 kernels on maps that keep their odd sizes, compared with a map.</summary>
[Network]
public sealed partial class SameConvolutions
{
    static Tensor Forward([Shape(16, 5, 7)] Tensor x) => x | Conv(16, 3, padding: 1) | LeakyRelu(0.2f) | Conv(32, 3, padding: 1) | Sigmoid | Conv(16, 3, padding: 1);

    static Scalar Loss(Tensor y, [Shape(16, 5, 7)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>3 x 3 kernels on maps that become smaller, from three channels to a dense layer.</summary>
[Network]
public sealed partial class ValidConvolutions
{
    static Tensor Forward([Shape(3, 14, 10)] Tensor image) =>
        image | Conv(16, 3) | Tanh | Conv(32, 3) | Tanh | MaxPool(2) | Conv(16, 3) | Tanh | Flatten | Dense(5);

    static Scalar Loss(Tensor logits, [Classes(5)] Labels label) => CrossEntropy(logits, label);

    [Metric] static Scalar Accuracy(Tensor logits, Labels label) => FractionCorrect(logits, label);
}

/// <summary>More kernels than a core keeps near, on so small a map that they work on all samples at once.</summary>
[Network]
public sealed partial class DeepConvolutions
{
    static Tensor Forward([Shape(16, 4, 5)] Tensor x) => x | Conv(48, 1) | Tanh | Conv(64, 3, padding: 1) | Tanh | Conv(48, 3, padding: 1) | GlobalAveragePool | Flatten;

    static Scalar Loss(Tensor y, [Shape(48)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>The same where it is the input that all samples at once are read from.</summary>
[Network(Programs = Programs.InputGradient)]
public sealed partial class DeepInput
{
    static Tensor Forward([Shape(48, 4, 5)] Tensor x) => x | Conv(64, 3, padding: 1) | Tanh | Conv(48, 3, padding: 1);

    static Scalar Loss(Tensor y, [Shape(48, 4, 5)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>The same where it is the output that they are written to.</summary>
[Network]
public sealed partial class DeepOutput
{
    static Tensor Forward([Shape(16, 4, 5)] Tensor x) => x | Conv(48, 1) | Tanh | Conv(64, 3, padding: 1, bias: false);

    static Scalar Loss(Tensor y, [Shape(64, 4, 5)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>More padding than the kernel needs, and less; bias and none.</summary>
[Network]
public sealed partial class PaddedConvolutions
{
    static Tensor Forward([Shape(16, 9, 9)] Tensor x) => x | Conv(48, 3, padding: 2, bias: false) | Softplus | Conv(16, (3, 3), (1, 1), (0, 1), (1, 1)) | Tanh | GlobalAveragePool | Flatten;

    static Scalar Loss(Tensor y, [Shape(16)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Kernels of 1 x 1, 5 x 5 and 1 x 3 from one channel.</summary>
[Network]
public sealed partial class KernelSizes
{
    static Tensor Forward([Shape(1, 9, 9)] Tensor image) =>
        image | Conv(16, 1) | Tanh | Conv(16, 5, padding: 2) | Tanh | Conv(32, (1, 3), (1, 1), (0, 1), (1, 1)) | Tanh | Conv(16, 1) | GlobalAveragePool | Flatten | Dense(3);

    static Scalar Loss(Tensor y, [Shape(3)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Strides and dilations that do not fit the map.</summary>
[Network]
public sealed partial class StridedConvolutions
{
    static Tensor Forward([Shape(3, 14, 10)] Tensor image) =>
        image | Conv(16, 3, stride: 2, padding: 1) | Tanh | Conv(32, 3, padding: 2, dilation: 2) | Tanh | Conv(16, 5, stride: 2, padding: 2) | Tanh | Conv(16, 1, stride: 2) | Flatten | Dense(2);

    static Scalar Loss(Tensor y, [Shape(2)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Sixteen channels in each group: few products beside those of all channels, since lanes find no way through groups.</summary>
[Network]
public sealed partial class GroupedConvolutions
{
    static Tensor Forward([Shape(32, 5, 7)] Tensor x) =>
        x | Conv(32, 5, padding: 2) | Tanh | Conv(32, 5, padding: 2) | Tanh | Conv(32, 3, padding: 1, groups: 2) | Tanh | Conv(64, 1, stride: 2, groups: 2) | GlobalAveragePool | Flatten | Dense(3);

    static Scalar Loss(Tensor logits, [Classes(3)] Labels label) => CrossEntropy(logits, label);
}

/// <summary>Nothing but sums of products as they are written.</summary>
[Network(Arithmetic = Arithmetic.Direct)]
public sealed partial class DirectConvolutions
{
    static Tensor Forward([Shape(3, 9, 9)] Tensor image) => image | Conv(16, 3, padding: 1) | Tanh | Conv(16, 3, padding: 1, bias: false) | BatchNorm() | Tanh | Conv(32, 3) | GlobalAveragePool | Flatten | Dense(4);

    static Scalar Loss(Tensor logits, [Classes(4)] Labels label) => CrossEntropy(logits, label);
}
