using static NNGen.Layers;

namespace NNGen.Tests.Networks;

/// <summary>Draws points from noise.</summary>
[Network]
public sealed partial class Generator
{
    static Tensor Forward([Shape(8)] Tensor noise) => noise | Dense(16) | BatchNorm() | Relu | Dense(4);
}

/// <summary>Tells drawn points from true ones.</summary>
[Network]
public sealed partial class Discriminator
{
    static Tensor Forward([Shape(4)] Tensor x) => x | Dense(16) | LeakyRelu(0.2f) | Dense(1);

    static Scalar Loss(Tensor verdict, [Shape(1)] Tensor truth) => BinaryCrossEntropy(verdict, truth);
}

/// <summary>The generator's step: its gradient goes through the discriminator, which stays as it is.</summary>
[Network]
public sealed partial class Fooling
{
    static Tensor Forward(Generator g, Frozen<Discriminator> d, [Shape(8)] Tensor noise) => noise | Use(g) | Use(d);

    static Scalar Loss(Tensor verdict) => BinaryCrossEntropy(verdict, Constant([1f], 1));
}
