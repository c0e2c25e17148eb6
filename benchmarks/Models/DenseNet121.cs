using System.Linq;
using NNGen;
using static NNGen.Layers;

namespace Models;

[Network]
public sealed partial class DenseNet121
{
    const int Growth = 32;
    static readonly int[] Depths = [6, 12, 24, 16];

    static Tensor DenseBlock(Tensor x, int layers) => Enumerable.Range(0, layers).Aggregate(x, (t, _) => Blocks.Bottleneck(t, Growth));

    static Tensor Transition(Tensor x) => x | BatchNorm() | Relu | Conv(x.Channels / 2, 1, bias: false) | AveragePool(2);

    static Tensor Forward([Shape(3, 224, 224)] Tensor image)
    {
        var x = image | Conv(2 * Growth, 7, stride: 2, padding: 3, bias: false) | BatchNorm() | Relu | MaxPool(3, 2, 1);
        for (var i = 0; i < Depths.Length; i++)
        {
            x = DenseBlock(x, Depths[i]);
            if (i < Depths.Length - 1)
                x = Transition(x);
        }
        return x | BatchNorm() | Relu | GlobalAveragePool | Flatten | Dense(1000);
    }

    static Scalar Loss(Tensor logits, [Classes(1000)] Labels label) => CrossEntropy(logits, label);

    [Metric] static Scalar Accuracy(Tensor logits, Labels label) => FractionCorrect(logits, label);
}
