using static NNGen.Layers;

namespace NNGen.Benchmarks.Versus.Networks;

/// <summary>One dense block (Huang et al. 2017) of four layers that add twelve channels each.</summary>
[Network]
public sealed partial class DenseNetBlock
{
    const int Growth = 12, Layers = 4;

    static Tensor Grown(Tensor x) => Concat(x, x | BatchNorm() | Relu | Conv(Growth, 3, padding: 1, bias: false));

    static Tensor Forward([Shape(3, 16, 16)] Tensor image)
    {
        var x = image | Conv(2 * Growth, 3, padding: 1, bias: false);
        for (var layer = 0; layer < Layers; layer++)
            x = Grown(x);
        return x | GlobalAveragePool | Flatten | Dense(10);
    }

    static Scalar Loss(Tensor logits, [Classes(10)] Labels label) => CrossEntropy(logits, label);
}
