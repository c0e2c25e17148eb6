using System.Collections.Immutable;
using TorchSharp;
using static TorchSharp.torch.nn;
using Network = TorchSharp.torch.nn.Module<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor>;
using TorchTensor = TorchSharp.torch.Tensor;

namespace NNGen.Benchmarks.Versus.Torch;

/// <summary>TorchSharp's side.</summary>
internal sealed class TorchSide : ISide
{
    private readonly Network network;
    private readonly ImmutableArray<(TorchTensor Tensor, TorchTensor Start)> values;
    private readonly ImmutableArray<(string Layout, TorchTensor Tensor)> all;
    private readonly TorchTensor target;
    private readonly Func<TorchTensor, TorchTensor, TorchTensor> loss;
    private ImmutableArray<(string Layout, TorchTensor Tensor)> inputs;
    private TorchTensor input;
    private torch.optim.Optimizer? optimizer;

    /// <summary>The side.</summary>
    /// <param name="network">The network; this object disposes of it.</param>
    /// <param name="start">The weights to begin with, in the order of the network's.</param>
    /// <param name="data">An input, then labels for a cross-entropy or a target of 0 and 1 for a binary one.</param>
    public TorchSide(Network network, NetworkValues start, ColumnBatch data)
    {
        this.network = network;
        values = [.. Paired(network, start)];
        inputs = all = Layouts(TensorOf(data.Columns[0]));
        (input, target) = (inputs[0].Tensor, TensorOf(data.Columns[1]));
        loss = data.Columns[1] is LabelColumn
            ? (logits, labels) => functional.cross_entropy(logits, labels)
            : (logits, mask) => functional.binary_cross_entropy_with_logits(logits, mask);
    }

    /// <summary>The arithmetic of a prediction and of a train step.</summary>
    public Arithmetic Arithmetic => Arithmetic.Of(network, input);

    /// <summary>Keeps only those of the batch's layouts in which something holds, which is asked with the batch in each.</summary>
    /// <returns>Whether any is left.</returns>
    public bool Keep(Func<string, bool> holds)
    {
        inputs = [.. inputs.Where(one =>
        {
            input = one.Tensor;
            return holds(one.Layout);
        })];
        input = inputs.IsEmpty ? all[0].Tensor : inputs[0].Tensor;
        return !inputs.IsEmpty;
    }

    /// <summary>From now on the batch lies in memory as it is computed fastest, of the layouts that are left; the whole network follows its input.</summary>
    /// <param name="begin">Prepares for runs.</param>
    /// <param name="run">What is to be fast.</param>
    /// <returns>The layout in words.</returns>
    public string ChooseLayout(Action begin, Action run)
    {
        const double seconds = 0.5;
        if (inputs is not [var rows, var pixels])
            return inputs[0].Layout;
        var found = Comparison.Measure(begin, () => Run(rows.Tensor), () => Run(pixels.Tensor), seconds);
        var (layout, fastest) = found.FirstMs <= found.SecondMs ? rows : pixels;
        input = fastest;
        return layout;

        void Run(TorchTensor tensor)
        {
            input = tensor;
            run();
        }
    }

    public void BeginTraining()
    {
        Restart();
        network.train();
        optimizer?.Dispose();
        var adam = Setup.Optimizer;
        optimizer = torch.optim.Adam(network.parameters(), adam.LearningRate, adam.Beta1, adam.Beta2, adam.Epsilon, adam.WeightDecay);
    }

    public float Step()
    {
        using var scope = torch.NewDisposeScope();
        network.zero_grad(set_to_none: true);
        var value = loss(network.call(input), target);
        value.backward();
        optimizer!.step();
        return value.item<float>();
    }

    public void BeginPrediction()
    {
        Restart();
        network.eval();
    }

    public void Predict()
    {
        using var scope = torch.NewDisposeScope();
        using var inference = torch.inference_mode();
        network.call(input);
    }

    public float[] Prediction()
    {
        using var scope = torch.NewDisposeScope();
        using var inference = torch.inference_mode();
        return network.call(input).contiguous().data<float>().ToArray();
    }

    public void Dispose()
    {
        optimizer?.Dispose();
        network.Dispose();
        target.Dispose();
        foreach (var (_, tensor) in all)
            tensor.Dispose();
        foreach (var (_, start) in values)
            start.Dispose();
    }

    private void Restart()
    {
        using var inference = torch.no_grad();
        foreach (var (tensor, start) in values)
            tensor.copy_(start);
    }

    // TorchSharp has no word for "channels last", but libtorch goes by strides, with one channel too.
    private static ImmutableArray<(string Layout, TorchTensor Tensor)> Layouts(TorchTensor batch)
    {
        if (batch.shape is not [_, var channels, var height, var width])
            return [("flat", batch)];
        var last = batch.permute(0, 2, 3, 1).contiguous().as_strided(batch.shape, [channels * height * width, 1, width * channels, channels]);
        return [("nchw", batch), ("nhwc", last)];
    }

    // Parameters with parameters and statistics with statistics; how many batches the statistics have seen is a count that only TorchSharp keeps.
    private static IEnumerable<(TorchTensor Tensor, TorchTensor Start)> Paired(Network network, NetworkValues start)
    {
        var tensors = network.named_parameters().Select(named => (named.name, Tensor: (TorchTensor)named.parameter))
            .Concat(network.named_buffers().Where(named => named.buffer.dtype == torch.float32).Select(named => (named.name, Tensor: named.buffer))).ToArray();
        var ours = start.All.ToArray();
        return tensors.Length != ours.Length
            ? throw new InvalidOperationException($"{start.Layout.Network} has {ours.Length} tensors, TorchSharp's network {tensors.Length}")
            : tensors.Zip(ours, (theirs, tensor) => theirs.Tensor.shape.SequenceEqual(tensor.Shape.Select(size => (long)size))
                ? (theirs.Tensor, torch.tensor(tensor.Span.ToArray()).reshape(theirs.Tensor.shape))
                : throw new InvalidOperationException($"{start.Layout.Network}: TorchSharp's {theirs.name} has shape [{string.Join(", ", theirs.Tensor.shape)}], ours is {tensor}"));
    }

    private static TorchTensor TensorOf(Column column) => column switch
    {
        RealColumn real => torch.tensor(real.Values.ToArray()).reshape(Shape(column)),
        LabelColumn labels => torch.tensor(labels.Values.ToArray(), torch.int64).reshape(Shape(column)),
        _ => throw new InvalidOperationException($"{column.Name} is neither real nor labels"),
    };

    private static long[] Shape(Column column) => [column.Count, .. column.Shape.Select(size => (long)size)];
}
