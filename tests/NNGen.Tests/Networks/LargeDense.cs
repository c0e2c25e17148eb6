using static NNGen.Layers;

namespace NNGen.Tests.Networks;

/// <summary>Dense layers whose weights do not stay near a core, of sizes that no tile divides.</summary>
[Network]
public sealed partial class LargeDense
{
    static Tensor Forward([Shape(3, 10, 10)] Tensor image) => image | Flatten | Dense(261) | Relu | Dense(255) | Tanh | Dense(259, bias: false) | BatchNorm() | Dense(10);

    static Scalar Loss(Tensor logits, [Classes(10)] Labels digit) => CrossEntropy(logits, digit);

    [Metric] static Scalar Accuracy(Tensor logits, Labels digit) => FractionCorrect(logits, digit);
}
