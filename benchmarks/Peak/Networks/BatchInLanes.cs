using static NNGen.Layers;

namespace NNGen.Benchmarks.Peak.Networks;

// Sixteen samples in lanes: a dense layer takes more than a tenth of the products, so channels are not preferred.

/// <summary>LeNet-5's convolutions: 1 to 6 channels at 28 x 28 with padding, 6 to 16 at 14 x 14 without.</summary>
[Network(Arithmetic = Arithmetic.Direct)]
internal sealed partial class Batch5x5
{
    static Tensor Forward([Shape(1, 28, 28)] Tensor image) =>
        image | Conv(6, 5, padding: 2) | Relu | MaxPool(2) | Conv(16, 5) | Relu | Flatten | Dense(120);

    static Scalar Loss(Tensor y, [Shape(120)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>16 to 16 channels at 32 x 32, as in ResNet-20.</summary>
[Network(Arithmetic = Arithmetic.Direct)]
internal sealed partial class Batch16To16
{
    static Tensor Forward([Shape(16, 32, 32)] Tensor image) =>
        image | Conv(16, 3, padding: 1) | Relu | Conv(16, 3, padding: 1) | Relu | Flatten | Dense(64);

    static Scalar Loss(Tensor y, [Shape(64)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>16 to 32 channels at 28 x 28.</summary>
[Network(Arithmetic = Arithmetic.Direct)]
internal sealed partial class Batch16To32
{
    static Tensor Forward([Shape(16, 28, 28)] Tensor image) =>
        image | Conv(16, 3, padding: 1) | Relu | Conv(32, 3, padding: 1) | Relu | Flatten | Dense(64);

    static Scalar Loss(Tensor y, [Shape(64)] Tensor target) => MeanSquaredError(y, target);
}
