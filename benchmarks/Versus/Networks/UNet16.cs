using static NNGen.Layers;

namespace NNGen.Benchmarks.Versus.Networks;

/// <summary>A U-Net (Ronneberger et al. 2015) of three levels with 16, 32 and 64 channels: a yes or no for each pixel.</summary>
[Network]
public sealed partial class UNet16
{
    static Layer Level(int channels) => Conv(channels, 3, padding: 1) >> Relu >> Conv(channels, 3, padding: 1) >> Relu;

    static Tensor Hourglass(Tensor x, int channels, int depth)
    {
        var skip = x | Level(channels);
        if (depth == 0)
            return skip;
        var below = Hourglass(skip | MaxPool(2), 2 * channels, depth - 1) | ConvTranspose(channels, 2, stride: 2);
        return Concat(skip, below) | Level(channels);
    }

    static Tensor Forward([Shape(1, 64, 64)] Tensor image) => Hourglass(image, 16, depth: 2) | Conv(1, 1);

    static Scalar Loss(Tensor logits, [Shape(1, 64, 64)] Tensor mask) => BinaryCrossEntropy(logits, mask);
}
