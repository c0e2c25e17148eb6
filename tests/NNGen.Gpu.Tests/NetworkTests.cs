using System.Reflection;

namespace NNGen.Gpu.Tests;

/// <summary>Generated networks on a device, against the same networks on the processor.</summary>
public class NetworkTests(OpenCl openCl)
{
    [Fact]
    public void Mlp_OnADevice_PredictsAndDifferentiatesAsOnTheProcessor()
    {
        var network = Mlp.Initialize(seed: 7);
        using var gpu = new Mlp.Gpu(openCl.Device, network, maximumBatch: 40);
        var points = Reals(32 * 8);

        AssertSame(network, gpu, new Mlp.Batch(32, points, Labels(32, 3)));
        AssertPredicts(100, 8, 3, network.Predict, gpu.Predict);
    }

    [Fact]
    public void LeNet5_OnADevice_PredictsAndDifferentiatesAsOnTheProcessor()
    {
        var network = LeNet5.Initialize(seed: 7);
        using var gpu = new LeNet5.Gpu(openCl.Device, network, maximumBatch: 5);

        AssertSame(network, gpu, new LeNet5.Batch(5, Reals(5 * 784), Labels(5, 10)));
        AssertSame(network, gpu, new LeNet5.Batch(3, Reals(3 * 784), Labels(3, 10)));
        AssertEvaluatesAlike(network, gpu, new LeNet5.Batch(4, Reals(4 * 784), Labels(4, 10)));
        AssertPredicts(11, 784, 10, network.Predict, gpu.Predict);
        AssertPredicts(1, 784, 10, network.Predict, gpu.Predict);
    }

    [Fact]
    public void Segmenter_OnADevice_PredictsAndDifferentiatesAsOnTheProcessor()
    {
        var network = Segmenter.Initialize(seed: 7);
        using var gpu = new Segmenter.Gpu(openCl.Device, network, maximumBatch: 4);

        AssertSame(network, gpu, new Segmenter.Batch(4, Reals(4 * 300), Labels(4 * 100, 4)));
        AssertPredicts(6, 300, 400, network.Predict, gpu.Predict);
    }

    [Fact]
    public void Blur_OfEitherShapeOnADevice_PredictsAndDifferentiatesAsOnTheProcessor()
    {
        var network = Blur.Initialize(seed: 7);
        using var gpu = new Blur.Gpu(openCl.Device, network, maximumBatch: 3);

        AssertSame(network, gpu, new Blur.Batch(3, Reals(3 * 30), Reals(3 * 2)));
        foreach (var size in new[] { 30, 16 })
        {
            AssertPredicts(5, size, 2 * size, (input, smooth) => network.Predict(5, input, smooth, new float[10]), (input, smooth) => gpu.Predict(5, input, smooth, new float[10]));
            AssertPredicts(5, size, 2, (input, mean) => network.Predict(5, input, new float[5 * 2 * size], mean), (input, mean) => gpu.Predict(5, input, new float[5 * 2 * size], mean));
        }
    }

    [Fact]
    public void Mlp_TrainedOnADevice_FollowsTheProcessorsLosses()
    {
        var network = Mlp.Initialize(seed: 3);
        using var gpu = new Mlp.Gpu(openCl.Device, network, maximumBatch: 16);
        var batches = Enumerable.Range(0, 8).Select(_ => new Mlp.Batch(16, Reals(16 * 8), Labels(16, 3))).ToArray();

        AssertTrainsAlike(network, gpu, new Sgd(LearningRate: 0.1f, Momentum: 0.9f), batches);
    }

    [Fact]
    public void LeNet5_TrainedOnADevice_FollowsTheProcessorsLosses()
    {
        var network = LeNet5.Initialize(seed: 3);
        using var gpu = new LeNet5.Gpu(openCl.Device, network, maximumBatch: 8);
        var batch = new LeNet5.Batch(8, Reals(8 * 784), Labels(8, 10));

        AssertTrainsAlike(network, gpu, Adam.Default with { LearningRate = 1e-3f }, [batch, batch, batch, batch]);
    }

    [Fact]
    public void LeNet5_EveryKernelAsPtx_StandsAlone()
    {
        var kernels = typeof(LeNet5.Gpu).GetNestedTypes(BindingFlags.NonPublic).SelectMany(programs => programs.GetMethods(BindingFlags.Public | BindingFlags.Static))
            .Where(method => method.GetParameters() is [_, { ParameterType: var type }] && type == typeof(GpuArena)).ToArray();

        Assert.True(kernels.Length > 30, $"found {kernels.Length} kernels only");
        Assert.All(kernels, Ptx.AssertStandsAlone);
    }

    [Fact]
    public void Gradient_OfMoreSamplesThanThereIsMemoryFor_SaysHowManyFit()
    {
        using var gpu = new Mlp.Gpu(openCl.Device, Mlp.Initialize(seed: 1), maximumBatch: 4);

        var thrown = Assert.Throws<ArgumentException>(() => gpu.Gradient(new Mlp.Batch(5, new float[40], new int[5]), new float[Mlp.ParameterCount], []));

        Assert.Contains("5 samples", thrown.Message);
        Assert.Contains("1 to 4", thrown.Message);
    }

    [Fact]
    public void Gradient_OfALabelThatIsNoClass_NamesIt()
    {
        using var gpu = new Mlp.Gpu(openCl.Device, Mlp.Initialize(seed: 1), maximumBatch: 4);

        Assert.Throws<ArgumentOutOfRangeException>(() => gpu.Gradient(new Mlp.Batch(2, new float[16], new[] { 0, 3 }), new float[Mlp.ParameterCount], []));
    }

    [Fact]
    public void Upload_OfAnotherNetworksValues_NamesBoth()
    {
        using var gpu = new Mlp.Gpu(openCl.Device, Mlp.Initialize(seed: 1), maximumBatch: 4);

        var thrown = Assert.Throws<ArgumentException>(() => gpu.Upload(LeNet5.Initialize(seed: 1).Values));

        Assert.Contains("LeNet5", thrown.Message);
        Assert.Contains("Mlp", thrown.Message);
    }

    private delegate void Prediction(ReadOnlySpan<float> input, Span<float> output);

    private static void AssertPredicts(int count, int inputs, int outputs, Prediction processor, Prediction device)
    {
        var input = Reals(count * inputs);
        var (expected, actual) = (new float[count * outputs], new float[count * outputs]);
        processor(input, expected);
        device(input, actual);
        AssertNear("the prediction", expected, actual);
    }

    private static void AssertSame<TNet, TBatch, TMetrics>(INetwork<TNet, TBatch, TMetrics> network, IGpuNetwork<TBatch, TMetrics> gpu, TBatch batch)
        where TNet : class, INetwork<TNet, TBatch, TMetrics> where TBatch : IBatch where TMetrics : IMetrics<TMetrics>
    {
        var (layout, names) = (TNet.Layout, TMetrics.Names);
        var (expected, actual) = (new float[layout.ParameterCount], new float[layout.ParameterCount]);
        var (expectedBuffers, actualBuffers) = (new float[layout.BufferCount], new float[layout.BufferCount]);
        var (expectedMetrics, actualMetrics) = (network.Gradient(batch, expected, expectedBuffers), gpu.Gradient(batch, actual, actualBuffers));

        foreach (var parameter in layout.Parameters)
            AssertNear($"the gradient of {parameter.Name}", expected[parameter.Offset..(parameter.Offset + parameter.Count)], actual[parameter.Offset..(parameter.Offset + parameter.Count)]);
        AssertNear("the buffers", expectedBuffers, actualBuffers);
        AssertNear("the metrics", Values(expectedMetrics), Values(actualMetrics));

        float[] Values(TMetrics metrics) => [.. names.Select((_, i) => metrics[i])];
    }

    private static void AssertEvaluatesAlike(LeNet5 network, LeNet5.Gpu gpu, LeNet5.Batch batch)
    {
        var (expected, actual) = (network.Evaluate(batch), gpu.Evaluate(batch));
        AssertNear("loss and metrics in evaluation", [expected.Loss, expected.Accuracy], [actual.Loss, actual.Accuracy]);
    }

    // Core's own steps on the processor; the same optimiser on the gradient from the device.
    private static void AssertTrainsAlike<TNet, TBatch, TMetrics>(INetwork<TNet, TBatch, TMetrics> network, IGpuNetwork<TBatch, TMetrics> gpu, Optimizer optimizer, TBatch[] batches)
        where TNet : class, INetwork<TNet, TBatch, TMetrics> where TBatch : IBatch where TMetrics : IMetrics<TMetrics>
    {
        var state = Training.Of(network, optimizer);
        var (parameters, buffers) = (network.Values.Parameters.ToArray(), network.Values.Buffers.ToArray());
        var (gradient, moments) = (new float[parameters.Length], new float[optimizer.StateCount(parameters.Length)]);
        var losses = new List<(float Processor, float Device)>();
        for (var step = 1; step <= batches.Length; step++)
        {
            state = state.Step(batches[step - 1], out var metrics);
            var device = gpu.Gradient(batches[step - 1], gradient, buffers);
            optimizer.Update(parameters, gradient, moments, step);
            gpu.Upload(new NetworkValues(TNet.Layout, [.. parameters], [.. buffers]));
            losses.Add((metrics.Loss, device.Loss));
        }
        Assert.All(losses, pair => Assert.Equal(pair.Processor, pair.Device, 1e-4f * MathF.Abs(pair.Processor)));
        Assert.NotEqual(losses[0].Device, losses[^1].Device);
        AssertNear("the trained parameters", state.Network.Values.Parameters.ToArray(), parameters);
    }

    // To 1e-4 of the largest of them: an element that cancels to almost nothing has no digits to compare.
    private static void AssertNear(string what, float[] expected, float[] actual)
    {
        var scale = expected.Select(MathF.Abs).DefaultIfEmpty().Max();
        for (var i = 0; i < expected.Length; i++)
            Assert.True(MathF.Abs(expected[i] - actual[i]) <= 1e-4f * scale, $"{what}: element {i} is {actual[i]:R} on the device and {expected[i]:R} on the processor");
    }

    private static readonly Random Random = new(11);

    private static float[] Reals(int count) => [.. Enumerable.Range(0, count).Select(_ => Random.NextSingle() * 2 - 1)];

    private static int[] Labels(int count, int classes) => [.. Enumerable.Range(0, count).Select(_ => Random.Next(classes))];
}
