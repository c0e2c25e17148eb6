using static NNGen.Layers;

namespace NNGen.Tests.Core;

/// <summary>The surface compiles as it is shown to users; the snippets are never run.</summary>
public class VocabularyTests
{
    private static readonly Layer shared = Conv(8, 3);

    [Fact]
    public void Layer_MadeAtStartUp_ThrowsOnlyWhenCalled()
    {
        Layer[] made =
        [
            shared, Relu, Tanh, Dense(10), BatchNorm(), MaxPool(2), Softmax(0), Named("stem", Relu), Use<Snippets>(), Relu >> Dense(3),
            Use(new Snippets()), Use(new Frozen<Snippets>(new Snippets())),
        ];
        Assert.All(made, layer => Assert.Throws<VocabularyException>(() => layer(null!)));
    }

    [Fact]
    public void Member_CalledAtRunTime_SaysWhereItHasMeaning()
    {
        var error = Assert.Throws<VocabularyException>(() => Snippets.LeNet5(null!));
        Assert.Contains("has meaning only inside a [Network]'s Forward, Loss or [Metric]", error.Message);
        Assert.Equal("Conv", Assert.Throws<VocabularyException>(() => shared(null!)).Member);
        Assert.Equal("Concat", Assert.Throws<VocabularyException>(() => Concat()).Member);
        Assert.Equal("Parameter", Assert.Throws<VocabularyException>(() => Parameter([2])).Member);
    }

    [Fact]
    public void Initializer_OutOfRange_Throws()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Normal(-1f));
        Assert.Throws<ArgumentOutOfRangeException>(() => Initializer.Uniform(float.NaN));
        Assert.Equal(Initializer.Zero, Initializer.Constant(0f));
    }

#pragma warning disable IDE0051 // compiled, not called
    private sealed class Snippets
    {
        private static readonly Layer head = Dense(10);

        public static Tensor LeNet5([Shape(1, 28, 28)] Tensor image) =>
            image | Conv(6, 5, padding: 2) | Tanh | AveragePool(2)
                  | Conv(16, 5)            | Tanh | AveragePool(2)
                  | Flatten
                  | Dense(120) | Tanh
                  | Dense(84)  | Tanh
                  | Dense(10);

        private static Scalar Loss(Tensor logits, [Classes(10)] Labels digit) => CrossEntropy(logits, digit);

        [Metric]
        private static Scalar Accuracy(Tensor logits, Labels digit) => FractionCorrect(logits, digit);

        private static Tensor Residual(Tensor x, int channels, int stride)
        {
            var unit = Conv(channels, 3, stride, padding: 1, bias: false) >> BatchNorm() >> Relu
                    >> Conv(channels, 3, padding: 1, bias: false) >> BatchNorm();
            var shortcut = stride == 1 && x.Channels == channels ? x : x | Conv(channels, 1, stride, bias: false) | BatchNorm();
            return (x | unit) + shortcut | Relu;
        }

        private static Tensor ResNet20([Shape(3, 32, 32)] Tensor image)
        {
            var x = image | Conv(16, 3, padding: 1, bias: false) | BatchNorm() | Relu;
            foreach (var (channels, firstStride) in new[] { (16, 1), (32, 2), (64, 2) })
                for (var i = 0; i < 3; i++)
                    x = Residual(x, channels, i == 0 ? firstStride : 1);
            return x | GlobalAveragePool | Flatten | Dense(10);
        }

        private static Tensor WaysToApply(Tensor x)
        {
            Layer own = Own;
            Func<Tensor, Tensor> function = Own;
            var chain = Relu >> Tanh >> Own >> new Layer(function) >> (t => 2 * t);
            var many = Enumerable.Range(0, 3).Select(i => Dense(8 << i) >> Relu).Aggregate((f, g) => f >> g);
            Layer[] list = [Dense(4), Tanh, new(Softmax)];
            var folded = list.Aggregate(x, (t, layer) => t | layer);
            return Relu(x) | chain | many | own | Own | (t => t + 1) | Softmax | LogSoftmax | Softmax(0) | StopGradient | head | head
                 | Named("stem", Dense(3) >> Tanh) | Use<Snippets>() | (t => t + folded);
        }

        private static Tensor Own(Tensor x) => 1 - x * x / 2f + 0.5f * -x;

        private static Scalar Scalars(Tensor x, Tensor y, Labels labels)
        {
            var penalty = 0.01f * Mean(x);
            var sum = 1 - (penalty + Sum(Square(x))) / 2 * BatchMean(Max(y)) - -Min(x);
            var normalised = (x - Mean(x)) / Sqrt(Variance(x, true) + 1e-5f);
            var perChannel = Mean(normalised, 1, 2) + Sum(x, 0) + Max(x, 0, 1) + Max(x, 0f) + Min(x, y) + BatchMean(x) + OneHot(labels);
            return sum + MeanSquaredError(perChannel, y, Reduction.Sum) / BatchCount() + SmoothL1(x, y, beta: 0.5f) + MeanAbsoluteError(x, y);
        }

        private static Tensor Choices(Tensor x)
        {
            var p = Parameter([2], Initializer.Normal(0.1f));
            var edge = Where(x < p, x + p, x - p);
            var inside = x >= 0 & x <= 1f & !(0.25f > x) | x > p;
            var (height, width) = (x.Height, x.Size(-1));
            return Where(inside, x, 0f) + Where(x < 0, 1f, x) + Where(x > p, 0f, 1f) + edge + Constant([1f, 2f], 2, 1)
                 | Reshape(-1, height * width) | Transpose(1, 0) | Slice(0, 0, 4) | Pad(1, 1, 1, 1, PadMode.Reflect) | Flip(1);
        }

        private static (Tensor Mean, Tensor LogVariance) TwoOutputs([Shape(8)] Tensor x, [Shape] Tensor t)
        {
            var features = Concat(x | Dense(4) | Relu, x | Dense(4) | Tanh) * t;
            return (features | Dense(2), ConvTranspose(2, 4, stride: 2, padding: 1)(features) | Conv(3, (3, 1), (1, 1), (1, 0), (1, 1)));
        }
    }
#pragma warning restore IDE0051
}
