using NNGen;
using static NNGen.Layers;

namespace Models;

[Network]
public sealed partial class ResNet20
{
    static Tensor Forward([Shape(3, 32, 32)] Tensor image)
    {
        var x = image | Conv(16, 3, padding: 1, bias: false) | BatchNorm() | Relu;
        foreach (var (channels, firstStride) in new[] { (16, 1), (32, 2), (64, 2) })
            for (var i = 0; i < 3; i++)
                x = Blocks.Residual(x, channels, i == 0 ? firstStride : 1);
        return x | GlobalAveragePool | Flatten | Dense(10);
    }

    static Scalar Loss(Tensor logits, [Classes(10)] Labels label) => CrossEntropy(logits, label);

    [Metric] static Scalar Accuracy(Tensor logits, Labels label) => FractionCorrect(logits, label);
}
