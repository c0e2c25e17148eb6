using static NNGen.Layers;

namespace NNGen.Benchmarks.Versus.Networks;

/// <summary>One inception block (Szegedy et al. 2015): four branches side by side.</summary>
[Network]
public sealed partial class InceptionBlock
{
    static Layer Filters(int channels, int kernel) => Conv(channels, kernel, padding: kernel / 2) >> Relu;

    static Tensor Inception(Tensor x) => Concat(
        x | Filters(16, 1),
        x | Filters(16, 1)                     | Filters(24, 3),
        x | Filters(8, 1)                      | Filters(16, 5),
        x | MaxPool(3, stride: 1, padding: 1)  | Filters(16, 1));

    static Tensor Forward([Shape(3, 16, 16)] Tensor image) => Inception(image | Filters(32, 3)) | GlobalAveragePool | Flatten | Dense(10);

    static Scalar Loss(Tensor logits, [Classes(10)] Labels label) => CrossEntropy(logits, label);
}
