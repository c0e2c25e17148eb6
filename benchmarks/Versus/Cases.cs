using System.Collections.Immutable;
using NNGen.Benchmarks.Versus.Networks;
using NNGen.Benchmarks.Versus.Torch;

namespace NNGen.Benchmarks.Versus;

/// <summary>All cases.</summary>
internal static class Cases
{
    private const ulong Seed = Setup.Seed;

    public static readonly ImmutableArray<Case> All =
    [
        Case.Of("mlp-2-16-16-2",       32,  () => SmallPerceptron.Initialize(Seed), (net, x, y) => net.Predict(x, y), Architectures.SmallPerceptron),
        Case.Of("mlp-784-512-512-10",  128, () => LargePerceptron.Initialize(Seed), (net, x, y) => net.Predict(x, y), Architectures.LargePerceptron),
        Case.Of("lenet5",              64,  () => LeNet5.Initialize(Seed),          (net, x, y) => net.Predict(x, y), Architectures.LeNet5),
        Case.Of("convnet",             64,  () => ConvNet.Initialize(Seed),         (net, x, y) => net.Predict(x, y), Architectures.ConvNet),
        Case.Of("resnet20",            32,  () => ResNet20.Initialize(Seed),        (net, x, y) => net.Predict(x, y), Architectures.ResNet20),
        Case.Of("vgg",                 16,  () => Vgg.Initialize(Seed),             (net, x, y) => net.Predict(x, y), Architectures.Vgg),
        Case.Of("unet16",              4,   () => UNet16.Initialize(Seed),          (net, x, y) => net.Predict(x, y), Architectures.UNet16),
        Case.Of("densenet-block",      32,  () => DenseNetBlock.Initialize(Seed),   (net, x, y) => net.Predict(x, y), Architectures.DenseNetBlock),
        Case.Of("inception-block",     32,  () => InceptionBlock.Initialize(Seed),  (net, x, y) => net.Predict(x, y), Architectures.InceptionBlock),
    ];
}
