using static NNGen.Layers;

namespace NNGen.Benchmarks.Peak.Networks;

// Few channels of large images: few samples go one by one, with the rows of their maps in lanes.

/// <summary>8 to 8 channels at 64 x 64.</summary>
[Network(Arithmetic = Arithmetic.Direct)]
internal sealed partial class Rows8
{
    static Tensor Forward([Shape(8, 64, 64)] Tensor image) => image | Conv(8, 3, padding: 1) | Relu | Conv(8, 3, padding: 1) | Relu;

    static Scalar Loss(Tensor y, [Shape(8, 64, 64)] Tensor target) => MeanSquaredError(y, target);
}
