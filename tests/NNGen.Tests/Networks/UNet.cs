using static NNGen.Layers;

namespace NNGen.Tests.Networks;

/// <summary>A U-Net (Ronneberger et al. 2015) whose skips wait in a list.</summary>
[Network]
public sealed partial class UNet
{
    static Layer Twice(int channels) =>
        Conv(channels, 3, padding: 1) >> Relu >> Conv(channels, 3, padding: 1) >> Relu;

    static Tensor Forward([Shape(1, 16, 16)] Tensor image)
    {
        var skips = new List<Tensor>();
        var x = image;
        foreach (var channels in new[] { 4, 8 })
        {
            x |= Twice(channels);
            skips.Add(x);
            x |= MaxPool(2);
        }
        x |= Twice(16);
        while (skips.Count > 0)
        {
            var skip = skips[^1];
            skips.RemoveAt(skips.Count - 1);
            x = Concat(x | ConvTranspose(skip.Channels, 2, stride: 2), skip) | Twice(skip.Channels);
        }
        return x | Conv(1, 1);
    }

    static Scalar Loss(Tensor output, [Shape(1, 16, 16)] Tensor mask) => BinaryCrossEntropy(output, mask);
}
