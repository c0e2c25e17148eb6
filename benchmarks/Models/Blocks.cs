using NNGen;
using static NNGen.Layers;

namespace Models;

/// <summary>What the models have in a file of its own: the benchmarks edit it.</summary>
public static class Blocks
{
    public static Layer Filters(int channels, int padding) => Conv(channels, 5, padding: padding) >> Tanh >> AveragePool(2);

    public static Tensor Residual(Tensor x, int channels, int stride)
    {
        var unit = Conv(channels, 3, stride, padding: 1, bias: false) >> BatchNorm() >> Relu
                >> Conv(channels, 3, padding: 1, bias: false) >> BatchNorm();
        var shortcut = stride == 1 && x.Channels == channels ? x : x | Conv(channels, 1, stride, bias: false) | BatchNorm();
        return (x | unit) + shortcut | Relu;
    }

    public static Tensor Bottleneck(Tensor x, int growth)
    {
        var features = x | BatchNorm() | Relu | Conv(4 * growth, 1, bias: false) | BatchNorm() | Relu | Conv(growth, 3, padding: 1, bias: false);
        return Concat(x, features);
    }
}
