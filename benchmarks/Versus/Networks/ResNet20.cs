using static NNGen.Layers;

namespace NNGen.Benchmarks.Versus.Networks;

/// <summary>ResNet-20 (He et al. 2016) with projections where the shape changes.</summary>
[Network]
public sealed partial class ResNet20
{
    static Tensor Residual(Tensor x, int channels, int stride)
    {
        var unit = Conv(channels, 3, stride, padding: 1, bias: false) >> BatchNorm() >> Relu
                >> Conv(channels, 3, padding: 1, bias: false) >> BatchNorm();
        var shortcut = stride == 1 && x.Channels == channels ? x : x | Conv(channels, 1, stride, bias: false) | BatchNorm();
        return (x | unit) + shortcut | Relu;
    }

    static Tensor Forward([Shape(3, 32, 32)] Tensor image)
    {
        var x = image | Conv(16, 3, padding: 1, bias: false) | BatchNorm() | Relu;
        foreach (var (channels, firstStride) in new[] { (16, 1), (32, 2), (64, 2) })
            for (var i = 0; i < 3; i++)
                x = Residual(x, channels, i == 0 ? firstStride : 1);
        return x | GlobalAveragePool | Flatten | Dense(10);
    }

    static Scalar Loss(Tensor logits, [Classes(10)] Labels label) => CrossEntropy(logits, label);
}
