using static NNGen.Layers;

namespace NNGen.Tests.Networks.Wide;

/// <summary>Residual blocks as in ResNet, small.</summary>
[Network]
public sealed partial class WideResidual
{
    static Tensor Block(Tensor x, int channels, int stride)
    {
        var body = x | Conv(channels, 3, stride, padding: 1, bias: false) | BatchNorm() | Relu | Conv(channels, 3, padding: 1, bias: false) | BatchNorm();
        return body + (stride == 1 ? x : x | Conv(channels, 1, stride, bias: false) | BatchNorm()) | Relu;
    }

    static Tensor Forward([Shape(3, 9, 9)] Tensor image) =>
        Block(Block(image | Conv(16, 3, padding: 1, bias: false) | BatchNorm() | Relu, 16, 1), 32, 2) | GlobalAveragePool | Flatten | Dense(10);

    static Scalar Loss(Tensor logits, [Classes(10)] Labels label) => CrossEntropy(logits, label);

    [Metric] static Scalar Accuracy(Tensor logits, Labels label) => FractionCorrect(logits, label);
}
