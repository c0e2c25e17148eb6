using static NNGen.Layers;

namespace NNGen.Tests.Networks.Wide;

/// <summary>A U-Net with sixteen channels, and thirty-two below.</summary>
[Network]
public sealed partial class WideUNet
{
    static Tensor Forward([Shape(1, 8, 12)] Tensor image)
    {
        var top = image | Conv(16, 3, padding: 1) | Tanh;
        var below = top | MaxPool(2) | Conv(32, 3, padding: 1) | Tanh;
        return Concat(below | ConvTranspose(16, 2, stride: 2), top) | Conv(16, 3, padding: 1) | Tanh | Conv(1, 1);
    }

    static Scalar Loss(Tensor output, [Shape(1, 8, 12)] Tensor mask) => BinaryCrossEntropy(output, mask);
}

/// <summary>Two images through the same layers, of which one is applied twice to each; two outputs, and a number to each pair.</summary>
[Network]
public sealed partial class WideTwins
{
    static (Tensor Left, Tensor Right) Forward([Shape(16, 5, 7)] Tensor a, [Shape(16, 5, 7)] Tensor b)
    {
        var turn = Conv(16, 3, padding: 1);
        var end = Conv(32, 1);
        Tensor Embed(Tensor x) => x | turn | Tanh | turn | Tanh | end | GlobalAveragePool | Flatten;
        return (Embed(a), Embed(b));
    }

    static Scalar Loss(Tensor left, Tensor right, [Shape] Tensor same) => MeanSquaredError(Mean(left * right, 0), same);
}

/// <summary>Inputs of sixteen channels and of three, whose own gradients are wanted.</summary>
[Network(Programs = Programs.InputGradient)]
public sealed partial class WideInputs
{
    static (Tensor Map, Tensor Logits) Forward([Shape(16, 5, 7)] Tensor wide, [Shape(3, 5, 7)] Tensor narrow)
    {
        var map = (wide | Conv(32, 3, padding: 1) | Tanh) * (narrow | Conv(32, 3, padding: 1) | Sigmoid) | Conv(16, 3, padding: 1);
        return (map, map | Tanh | GlobalAveragePool | Flatten | Dense(4));
    }

    static Scalar Loss(Tensor map, Tensor logits, [Shape(16, 5, 7)] Tensor target, [Classes(4)] Labels label) => CrossEntropy(logits, label) + MeanSquaredError(map, target);

    [Metric] static Scalar Accuracy(Tensor logits, Labels label) => FractionCorrect(logits, label);
}
