using static NNGen.Layers;

namespace NNGen.Tests.Networks;

/// <summary>Two inputs through the same layers, one of which runs twice: six applications of two layers.</summary>
[Network]
public sealed partial class Siamese
{
    static readonly Layer embed = Dense(8);

    static (Tensor Left, Tensor Right) Forward([Shape(4)] Tensor a, [Shape(4)] Tensor b)
    {
        var hidden = Dense(4);
        return (a | hidden | Tanh | hidden | embed, b | hidden | Tanh | hidden | embed);
    }

    static Scalar Loss(Tensor left, Tensor right, [Shape] Tensor same) => MeanSquaredError(Sum(left * right), same);
}
