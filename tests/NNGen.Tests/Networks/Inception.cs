using static NNGen.Layers;

namespace NNGen.Tests.Networks;

/// <summary>A block of four branches side by side, as in GoogLeNet (Szegedy et al. 2015).</summary>
[Network]
public sealed partial class Inception
{
    static Tensor Block(Tensor x, int c1, (int Reduce, int Out) c3, (int Reduce, int Out) c5, int pool) => Concat(
        x | Conv(c1, 1) | Relu,
        x | Conv(c3.Reduce, 1) | Relu | Conv(c3.Out, 3, padding: 1) | Relu,
        x | Conv(c5.Reduce, 1) | Relu | Conv(c5.Out, 5, padding: 2) | Relu,
        x | MaxPool(3, 1, 1) | Conv(pool, 1) | Relu);

    static Tensor Forward([Shape(3, 8, 8)] Tensor image) => Block(image, 4, (3, 5), (2, 4), 3) | GlobalAveragePool | Flatten | Dense(10);

    static Scalar Loss(Tensor logits, [Classes(10)] Labels label) => CrossEntropy(logits, label);

    [Metric] static Scalar Accuracy(Tensor logits, Labels label) => FractionCorrect(logits, label);
}
