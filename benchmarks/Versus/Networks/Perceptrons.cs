using static NNGen.Layers;

namespace NNGen.Benchmarks.Versus.Networks;

/// <summary>A network so small that calls cost more than arithmetic.</summary>
[Network]
public sealed partial class SmallPerceptron
{
    static Tensor Forward([Shape(2)] Tensor point) =>
        point | Dense(16) | Tanh
              | Dense(16) | Tanh
              | Dense(2);

    static Scalar Loss(Tensor logits, [Classes(2)] Labels side) => CrossEntropy(logits, side);
}

/// <summary>A perceptron as it is drawn for 28 x 28 digits: matrix products and little else.</summary>
[Network]
public sealed partial class LargePerceptron
{
    static Tensor Forward([Shape(784)] Tensor pixels) =>
        pixels | Dense(512) | Relu
               | Dense(512) | Relu
               | Dense(10);

    static Scalar Loss(Tensor logits, [Classes(10)] Labels digit) => CrossEntropy(logits, digit);
}
