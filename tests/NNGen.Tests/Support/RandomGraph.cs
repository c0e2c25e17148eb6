using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;

namespace NNGen.Tests.Support;

/// <summary>A program of random applications of rows and derived layers, with its gradient, and values for its leaves.</summary>
/// <param name="Graph">Outputs: `loss`, the gradient of each leaf, and some values on the way.</param>
/// <param name="Samples">Samples in the batch.</param>
/// <param name="Leaves">The leaves' values by name.</param>
internal sealed record RandomGraph(TensorGraph Graph, int Samples, IReadOnlyDictionary<string, double[]> Leaves)
{
    const int Largest = 60;

    public static RandomGraph Of(Draw draw)
    {
        var (builder, samples, leaves) = (new GraphBuilder(), draw.Int(1, 3), new List<(string Name, Value Value)>());
        List<Value> values = [Leaf(Generators.Ops.Leaves.Input, draw.Type(draw.Sizes(3, 4), true)), Leaf(Generators.Ops.Leaves.Input, draw.Type(draw.Sizes(draw.Int(0, 2)), true))];
        for (var steps = draw.Int(4, 12); steps > 0; steps--)
            if (Step(values[Math.Max(0, values.Count - draw.Int(1, 3))]) is { IsUnknown: false } value && value.Type.Elements <= Largest)
                values.Add(value);
        var loss = values.Skip(2).Append(values[0]).Select(value => Statistics.Sum(value, Statistics.AllAxes(value)))
            .Select(value => value.Type.Batched ? Statistics.BatchMean(value) : value).Aggregate((a, b) => a + b);
        var (graph, faults) = Generators.Differentiate.Adjoint.Of(builder.Build([("loss", loss), ("value", values[^1])]), "loss", [.. leaves.Select(leaf => (leaf.Name, leaf.Value.Id))]);
        Assert.DoesNotContain("NNG2002", faults.Select(fault => fault.Fault.Id));
        return new(graph, samples, leaves.ToDictionary(leaf => leaf.Name, leaf => draw.Reals(leaf.Value.Type.Elements * (leaf.Value.Type.Batched ? samples : 1))));

        Value Leaf(Op op, TensorType type)
        {
            var leaf = builder.Leaf(op, $"leaf{leaves.Count}", type);
            leaves.Add((leaf.Type.Batched ? $"leaf{leaves.Count}" : $"leaf{leaves.Count}", leaf));
            return leaf;
        }

        Value Parameter(params int[] sizes) => Leaf(Generators.Ops.Leaves.Parameter, draw.Type(sizes, false));

        Value Step(Value x)
        {
            int[] sizes = [.. x.Type.Sizes];
            var axes = draw.Some(sizes.Length);
            return draw.Int(0, 19) switch
            {
                0 => builder.Apply(draw.Of(Elementwise.Tanh, Elementwise.Sigmoid, Elementwise.Sin, Elementwise.Softplus, Elementwise.Negate, Elementwise.Relu, Elementwise.Abs), x),
                1 => draw.Of(x + 0, 0 - x, x * 1, x * -1, x / 1, x / 4, x - 0, -(-x)),
                2 => Binary(x, values[draw.Int(0, values.Count - 1)]),
                3 => x + Parameter(sizes),
                4 => x * Parameter(sizes.Length == 0 ? [] : [sizes[^1]]),
                5 => Shapes.Reshape(x, [.. sizes.Reverse()]),
                6 => Shapes.Flatten(x),
                7 => Shapes.Transpose(x, draw.Shuffled(Enumerable.Range(0, sizes.Length))),
                8 when sizes.Length > 0 => Shapes.Flip(x, draw.Int(0, sizes.Length - 1)),
                9 when sizes.Length > 0 => draw.Int(0, sizes.Length - 1) is var axis && draw.Int(0, sizes[axis] - 1) is var start ? Shapes.Slice(x, axis, start, draw.Int(1, sizes[axis] - start)) : x,
                10 when sizes.Length > 0 => Shapes.Concat(draw.Int(0, sizes.Length - 1), x, x * 2),
                11 => Statistics.Sum(x, axes),
                12 => Statistics.Max(x, axes),
                13 => Statistics.Mean(x, axes),
                14 when sizes.Length > 0 => Activations.Softmax(x, draw.Int(0, sizes.Length - 1)),
                15 when x.Type.Batched => x - Statistics.BatchMean(x),
                16 when sizes.Length == 3 && sizes[1] > 1 && sizes[2] > 1 => Pooling.Average(x, 2, draw.Int(1, 2), draw.Int(0, 1), draw.Flip()),
                17 when sizes.Length == 3 && sizes[1] > 1 && sizes[2] > 1 => Pooling.Max(x, 2, draw.Int(1, 2), draw.Int(0, 1)),
                18 when sizes.Length == 3 => Affine.Convolve(x, Parameter(2, sizes[0], 3, 3), Parameter(2), new Window(1, 1, 1, 1, 1, 1, 1, 1)),
                19 when sizes.Length > 0 => Affine.Dense(x, Parameter(3, sizes[^1]), Parameter(3)),
                _ => x * x,
            };
        }

        Value Binary(Value x, Value z) => x.Type.Sizes != z.Type.Sizes ? x : draw.Int(0, 5) switch
        {
            0 => x + z,
            1 => x - z,
            2 => x * z,
            3 => x / (z * z + 1),
            4 => builder.Apply(draw.Of(Elementwise.Maximum, Elementwise.Minimum), x, z),
            _ => Elementwise.Where(x < z, x, z),
        };
    }
}
