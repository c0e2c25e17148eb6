using static NNGen.Layers;

namespace NNGen.Gpu.Tests;

/// <summary>Dense layers alone.</summary>
[Network]
public sealed partial class Mlp
{
    static Tensor Forward([Shape(8)] Tensor point) => point | Dense(16) | Tanh | Dense(16) | Relu | Dense(3);

    static Scalar Loss(Tensor logits, [Classes(3)] Labels kind) => CrossEntropy(logits, kind);

    [Metric]
    static Scalar Accuracy(Tensor logits, Labels kind) => FractionCorrect(logits, kind);
}

/// <summary>LeNet-5.</summary>
[Network]
public sealed partial class LeNet5
{
    static Tensor Forward([Shape(1, 28, 28)] Tensor image) =>
        image | Conv(6, 5, padding: 2) | Tanh | AveragePool(2)
              | Conv(16, 5)            | Tanh | AveragePool(2)
              | Flatten
              | Dense(120) | Tanh
              | Dense(84)  | Tanh
              | Dense(10);

    static Scalar Loss(Tensor logits, [Classes(10)] Labels digit) => CrossEntropy(logits, digit);

    [Metric]
    static Scalar Accuracy(Tensor logits, Labels digit) => FractionCorrect(logits, digit);
}

/// <summary>What the other two lack: running statistics, groups, strides, dilation, skips, up-sampling, a loss over places.</summary>
[Network]
public sealed partial class Segmenter
{
    static Tensor Forward([Shape(3, 10, 10)] Tensor image)
    {
        var fine = image | Conv(6, 3, padding: 1, bias: false) | BatchNorm() | Relu;
        var coarse = fine | Conv(6, 3, stride: 2, padding: 1, groups: 2) | (x => LeakyRelu(0.1f)(x));
        var both = Concat(coarse, fine | MaxPool(2)) | Conv(8, 3, padding: 2, dilation: 2) | Sigmoid;
        var up = both | ConvTranspose(6, 2, stride: 2) | Softplus;
        return Concat(up, fine) | Conv(4, 1);
    }

    static Scalar Loss(Tensor scores, [Classes(4), Shape(10, 10)] Labels regions) => CrossEntropy(scores, regions);
}

/// <summary>Two shapes, two outputs, arrays of constants.</summary>
[Network]
public sealed partial class Blur
{
    static (Tensor Smooth, Tensor Mean) Forward([Shape(1, 4, 4), Shape(1, 6, 5)] Tensor image)
    {
        var smooth = image | Conv(2, 3, padding: 1) | AveragePool(3, stride: 1, padding: 1, countPadding: false);
        return (smooth, (smooth * Constant([0.5f, 2f], 2, 1, 1)) | GlobalAveragePool | Flatten);
    }

    static Scalar Loss(Tensor smooth, Tensor mean, [Shape(2)] Tensor target) => MeanSquaredError(mean, target) + Mean(smooth);
}
