using static NNGen.Layers;

namespace NNGen.Tests.Networks;

/// <summary>Images so large, of so few channels, that a batch of few samples has a train step of its own.</summary>
[Network]
public sealed partial class LargeImages
{
    static Tensor Forward([Shape(3, 48, 48)] Tensor image)
    {
        var skip = image | Conv(6, 3, padding: 1) | BatchNorm() | Relu | Conv(6, 3, padding: 1) | Tanh;
        var below = skip | MaxPool(2) | Conv(12, 3, padding: 1) | Relu | ConvTranspose(6, 2, stride: 2);
        return Concat(below, skip) | Conv(6, 3, padding: 1) | Relu | Conv(6, 3, padding: 1, groups: 6) | Conv(1, 1);
    }

    static Scalar Loss(Tensor output, [Shape(1, 48, 48)] Tensor mask) => BinaryCrossEntropy(output, mask);
}
