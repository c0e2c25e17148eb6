using static NNGen.Layers;

namespace NNGen.Tests.Networks;

/// <summary>Batch norms after convolutions and after a dense layer: sums over the batch in the midst of a network.</summary>
[Network]
public sealed partial class NormedDigits
{
    static Tensor Forward([Shape(1, 16, 16)] Tensor image) =>
        image | Conv(8, 3, padding: 1, bias: false) | BatchNorm() | Relu | MaxPool(2)
              | Conv(12, 3, padding: 1, bias: false) | BatchNorm() | Tanh | AveragePool(2)
              | Flatten | Dense(24, bias: false) | BatchNorm() | Relu | Dense(10);

    static Scalar Loss(Tensor logits, [Classes(10)] Labels digit) => CrossEntropy(logits, digit);

    [Metric] static Scalar Accuracy(Tensor logits, Labels digit) => FractionCorrect(logits, digit);
}
