namespace NNGen.Tests.Read;

/// <summary>Networks that the course teaches, as users write them.</summary>
internal static class Models
{
    public const string LeNet5 = """
        [Network]
        public sealed partial class LeNet5
        {
            static Tensor Forward([Shape(1, 28, 28)] Tensor image) =>
                image | Conv(6, 5, padding: 2) | Tanh | AveragePool(2)
                      | Conv(16, 5)            | Tanh | AveragePool(2)
                      | Flatten
                      | Dense(120) | Tanh
                      | Dense(84)  | Tanh
                      | Dense(10);

            static Scalar Loss(Tensor logits, [Classes(10)] Labels digit) => CrossEntropy(logits, digit);

            [Metric] static Scalar Accuracy(Tensor logits, Labels digit) => FractionCorrect(logits, digit);
        }
        """;

    public const string ResNet20 = """
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
        """;

    public const string DenseNet121 = """
        [Network]
        public sealed partial class DenseNet121
        {
            const int Growth = 32;
            static readonly int[] Blocks = [6, 12, 24, 16];

            static Tensor Bottleneck(Tensor x)
            {
                var y = x | BatchNorm() | Relu | Conv(4 * Growth, 1, bias: false) | BatchNorm() | Relu | Conv(Growth, 3, padding: 1, bias: false);
                return Concat(x, y);
            }

            static Tensor DenseBlock(Tensor x, int layers) => Enumerable.Range(0, layers).Aggregate(x, (t, _) => Bottleneck(t));

            static Tensor Transition(Tensor x) => x | BatchNorm() | Relu | Conv(x.Channels / 2, 1, bias: false) | AveragePool(2);

            static Tensor Forward([Shape(3, 224, 224)] Tensor image)
            {
                var x = image | Conv(2 * Growth, 7, stride: 2, padding: 3, bias: false) | BatchNorm() | Relu | MaxPool(3, 2, 1);
                for (var i = 0; i < Blocks.Length; i++)
                {
                    x = DenseBlock(x, Blocks[i]);
                    if (i < Blocks.Length - 1)
                        x = Transition(x);
                }
                var head = Dense(1000);
                return x | BatchNorm() | Relu | GlobalAveragePool | Flatten | head;
            }

            static Scalar Loss(Tensor logits, [Classes(1000)] Labels label) => CrossEntropy(logits, label);
        }
        """;

    public const string Inception = """
        [Network]
        public sealed partial class Inception
        {
            static Tensor Block(Tensor x, int c1, (int Reduce, int Out) c3, (int Reduce, int Out) c5, int pool) => Concat(
                x | Conv(c1, 1) | Relu,
                x | Conv(c3.Reduce, 1) | Relu | Conv(c3.Out, 3, padding: 1) | Relu,
                x | Conv(c5.Reduce, 1) | Relu | Conv(c5.Out, 5, padding: 2) | Relu,
                x | MaxPool(3, 1, 1) | Conv(pool, 1) | Relu);

            static Tensor Forward([Shape(3, 16, 16)] Tensor image) =>
                Block(Block(image, 64, (96, 128), (16, 32), 32), 128, (128, 192), (32, 96), 64) | GlobalAveragePool | Flatten | Dense(10);

            static Scalar Loss(Tensor logits, [Classes(10)] Labels label) => CrossEntropy(logits, label);
        }
        """;

    public const string UNet = """
        [Network]
        public sealed partial class UNet
        {
            static Layer Twice(int channels) =>
                Conv(channels, 3, padding: 1) >> Relu >> Conv(channels, 3, padding: 1) >> Relu;

            static Tensor Forward([Shape(1, 32, 32)] Tensor image)
            {
                var skips = new List<Tensor>();
                var x = image;
                foreach (var channels in new[] { 8, 16, 32 })
                {
                    x |= Twice(channels);
                    skips.Add(x);
                    x |= MaxPool(2);
                }
                x |= Twice(64);
                while (skips.Count > 0)
                {
                    var skip = skips[^1];
                    skips.RemoveAt(skips.Count - 1);
                    x = Concat(x | ConvTranspose(skip.Channels, 2, stride: 2), skip) | Twice(skip.Channels);
                }
                return x | Conv(1, 1);
            }

            static Scalar Loss(Tensor output, [Shape(1, 32, 32)] Tensor mask) => BinaryCrossEntropy(output, mask);
        }
        """;

    public const string Shared = """
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
        """;

    public const string Gan = """
        [Network]
        public sealed partial class Generator
        {
            static Tensor Forward([Shape(8)] Tensor noise) => noise | Dense(16) | BatchNorm() | Relu | Dense(4);
        }

        [Network]
        public sealed partial class Discriminator
        {
            static Tensor Forward([Shape(4)] Tensor x) => x | Dense(16) | LeakyRelu(0.2f) | Dense(1);
        }

        [Network]
        public sealed partial class Fooling
        {
            static Tensor Forward(Generator g, Frozen<Discriminator> d, [Shape(8)] Tensor noise) => noise | Use(g) | Use(d);

            static Scalar Loss(Tensor verdict) => BinaryCrossEntropy(verdict, Constant([1f]));
        }
        """;

    public static IEnumerable<(string Name, string Source)> All =>
    [
        (nameof(LeNet5), LeNet5), (nameof(ResNet20), ResNet20), (nameof(DenseNet121), DenseNet121), (nameof(Inception), Inception), (nameof(UNet), UNet), (nameof(Shared), Shared), (nameof(Gan), Gan),
    ];
}
