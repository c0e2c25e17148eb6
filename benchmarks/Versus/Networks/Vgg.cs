using static NNGen.Layers;

namespace NNGen.Benchmarks.Versus.Networks;

/// <summary>The beginning of VGG (Simonyan and Zisserman 2015) for images of 32 x 32.</summary>
[Network]
public sealed partial class Vgg
{
    static Layer Filters(int channels) => Conv(channels, 3, padding: 1) >> Relu;

    static Tensor Forward([Shape(3, 32, 32)] Tensor image) =>
        image | Filters(64)  | Filters(64)  | MaxPool(2)
              | Filters(128) | Filters(128) | MaxPool(2)
              | Filters(256) | MaxPool(2)
              | Flatten
              | Dense(10);

    static Scalar Loss(Tensor logits, [Classes(10)] Labels label) => CrossEntropy(logits, label);
}
