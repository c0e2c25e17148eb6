using static NNGen.Layers;

namespace NNGen.Benchmarks.Versus.Networks;

/// <summary>LeNet-5 (LeCun et al. 1998) with ten linear outputs.</summary>
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
}
