using static NNGen.Layers;

namespace NNGen.Benchmarks.Versus.Networks;

/// <summary>The small convolutional network of many tutorials.</summary>
[Network]
public sealed partial class ConvNet
{
    static Tensor Forward([Shape(1, 28, 28)] Tensor image) =>
        image | Conv(16, 3, padding: 1) | Relu | MaxPool(2)
              | Conv(32, 3, padding: 1) | Relu | MaxPool(2)
              | Flatten
              | Dense(10);

    static Scalar Loss(Tensor logits, [Classes(10)] Labels digit) => CrossEntropy(logits, digit);
}
