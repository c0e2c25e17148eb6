using NNGen;
using static NNGen.Layers;

namespace Models;

[Network]
public sealed partial class LeNet5
{
    static Tensor Forward([Shape(1, 28, 28)] Tensor image) =>
        image | Blocks.Filters(6, padding: 2)
              | Blocks.Filters(16, padding: 0)
              | Flatten
              | Dense(120) | Tanh
              | Dense(84) | Tanh
              | Dense(10);

    static Scalar Loss(Tensor logits, [Classes(10)] Labels digit) => CrossEntropy(logits, digit);

    [Metric] static Scalar Accuracy(Tensor logits, Labels digit) => FractionCorrect(logits, digit);
}
