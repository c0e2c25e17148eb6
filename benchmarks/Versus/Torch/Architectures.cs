using static TorchSharp.torch.nn;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;

namespace NNGen.Benchmarks.Versus.Torch;

/// <summary>The networks of the cases in TorchSharp's words. Parameters have the order of ours; what can be computed in place is.</summary>
internal static class Architectures
{
    public static Network SmallPerceptron() => Sequential(Linear(2, 16), Tanh(), Linear(16, 16), Tanh(), Linear(16, 2));

    public static Network LargePerceptron() => Sequential(Linear(784, 512), Rectified(), Linear(512, 512), Rectified(), Linear(512, 10));

    public static Network LeNet5() => Sequential(
        Conv2d(1, 6, 5, padding: 2), Tanh(), AvgPool2d(2),
        Conv2d(6, 16, 5), Tanh(), AvgPool2d(2),
        Flatten(),
        Linear(400, 120), Tanh(),
        Linear(120, 84), Tanh(),
        Linear(84, 10));

    public static Network ConvNet() => Sequential(
        Filters(1, 16, 3), MaxPool2d(2),
        Filters(16, 32, 3), MaxPool2d(2),
        Flatten(), Linear(32 * 7 * 7, 10));

    public static Network Vgg() => Sequential(
        Filters(3, 64, 3), Filters(64, 64, 3), MaxPool2d(2),
        Filters(64, 128, 3), Filters(128, 128, 3), MaxPool2d(2),
        Filters(128, 256, 3), MaxPool2d(2),
        Flatten(), Linear(256 * 4 * 4, 10));

    public static Network ResNet20() => Sequential([
        Sequential(Conv2d(3, 16, 3, padding: 1, bias: false), BatchNorm2d(16), Rectified()),
        Residual(16, 16, 1), Residual(16, 16, 1), Residual(16, 16, 1),
        Residual(16, 32, 2), Residual(32, 32, 1), Residual(32, 32, 1),
        Residual(32, 64, 2), Residual(64, 64, 1), Residual(64, 64, 1),
        Classifier(64)]);

    public static Network UNet16() => Sequential(Hourglass(1, 16, depth: 2), Conv2d(16, 1, 1));

    public static Network DenseNetBlock()
    {
        const int first = 24, growth = 12;
        return Sequential(
            Conv2d(3, first, 3, padding: 1, bias: false),
            Grown(first), Grown(first + growth), Grown(first + 2 * growth), Grown(first + 3 * growth),
            Classifier(first + 4 * growth));

        static Network Grown(int channels) => new Concatenation(
            Identity(), Sequential(BatchNorm2d(channels), Rectified(), Conv2d(channels, growth, 3, padding: 1, bias: false)));
    }

    public static Network InceptionBlock() => Sequential(
        Filters(3, 32, 3),
        new Concatenation(
            Filters(32, 16, 1),
            Sequential(Filters(32, 16, 1), Filters(16, 24, 3)),
            Sequential(Filters(32, 8, 1), Filters(8, 16, 5)),
            Sequential(MaxPool2d(3, stride: 1, padding: 1), Filters(32, 16, 1))),
        Classifier(16 + 24 + 16 + 16));

    private static Network Rectified() => ReLU(inplace: true);

    private static Network Filters(int inputs, int channels, int kernel) => Sequential(Conv2d(inputs, channels, kernel, padding: kernel / 2), Rectified());

    private static Network Classifier(int channels) => Sequential(AdaptiveAvgPool2d(1), Flatten(), Linear(channels, 10));

    private static Network Residual(int inputs, int channels, int stride) => new Residual(
        Sequential(
            Conv2d(inputs, channels, 3, stride, padding: 1, bias: false), BatchNorm2d(channels), Rectified(),
            Conv2d(channels, channels, 3, padding: 1, bias: false), BatchNorm2d(channels)),
        stride == 1 && inputs == channels ? Identity() : Sequential(Conv2d(inputs, channels, 1, stride, bias: false), BatchNorm2d(channels)));

    private static Network Hourglass(int inputs, int channels, int depth)
    {
        var level = Level(inputs, channels);
        return depth == 0 ? level : Sequential(
            level,
            new Concatenation(
                Identity(),
                Sequential(MaxPool2d(2), Hourglass(channels, 2 * channels, depth - 1), ConvTranspose2d(2 * channels, channels, 2, stride: 2))),
            Level(2 * channels, channels));

        static Network Level(int inputs, int channels) => Sequential(Filters(inputs, channels, 3), Filters(channels, channels, 3));
    }
}
