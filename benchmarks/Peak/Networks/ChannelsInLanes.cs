using static NNGen.Layers;

namespace NNGen.Benchmarks.Peak.Networks;

// Convolutions alone, whose channels fill vectors: one sample at a time.

/// <summary>64 to 64 channels at 32 x 32.</summary>
[Network(Arithmetic = Arithmetic.Direct)]
internal sealed partial class Channels64
{
    static Tensor Forward([Shape(64, 32, 32)] Tensor image) =>
        image | Conv(64, 3, padding: 1) | Relu | Conv(64, 3, padding: 1) | Relu;

    static Scalar Loss(Tensor y, [Shape(64, 32, 32)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>128 to 128 channels at 16 x 16.</summary>
[Network(Arithmetic = Arithmetic.Direct)]
internal sealed partial class Channels128
{
    static Tensor Forward([Shape(128, 16, 16)] Tensor image) =>
        image | Conv(128, 3, padding: 1) | Relu | Conv(128, 3, padding: 1) | Relu;

    static Scalar Loss(Tensor y, [Shape(128, 16, 16)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>256 to 256 channels at 14 x 14.</summary>
[Network(Arithmetic = Arithmetic.Direct)]
internal sealed partial class Channels256
{
    static Tensor Forward([Shape(256, 14, 14)] Tensor image) =>
        image | Conv(256, 3, padding: 1) | Relu | Conv(256, 3, padding: 1) | Relu;

    static Scalar Loss(Tensor y, [Shape(256, 14, 14)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>16 to 32 channels at 28 x 28.</summary>
[Network(Arithmetic = Arithmetic.Direct)]
internal sealed partial class Channels16To32
{
    static Tensor Forward([Shape(16, 28, 28)] Tensor image) =>
        image | Conv(16, 3, padding: 1) | Relu | Conv(32, 3, padding: 1) | Relu;

    static Scalar Loss(Tensor y, [Shape(32, 28, 28)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>1 to 16 channels at 64 x 64, the first layer of a U-Net.</summary>
[Network(Arithmetic = Arithmetic.Direct)]
internal sealed partial class Channels1To16
{
    static Tensor Forward([Shape(1, 64, 64)] Tensor image) =>
        image | Conv(16, 3, padding: 1) | Relu | Conv(16, 3, padding: 1) | Relu;

    static Scalar Loss(Tensor y, [Shape(16, 64, 64)] Tensor target) => MeanSquaredError(y, target);
}
