using static NNGen.Layers;

namespace NNGen.Benchmarks.Peak.Networks;

/// <summary>784 to 512 and 512 to 512 features; the layer before them makes both have an input gradient.</summary>
[Network]
internal sealed partial class DenseLayers
{
    static Tensor Forward([Shape(16)] Tensor x) =>
        x | Dense(784) | Relu | Dense(512) | Relu | Dense(512) | Relu | Dense(10);

    static Scalar Loss(Tensor y, [Shape(10)] Tensor target) => MeanSquaredError(y, target);
}
