using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>Many elements become one: over axes of a sample (attributes: the axes, ascending; they vanish) or over the batch.</summary>
public static class Reductions
{
    public static readonly Op Sum = Over("sum", Reducer.Sum, DType.F32, p => [Spread(p.Ct, p)], "ReduceSum");

    /// <summary>The largest element. Its cotangent goes to the first of equals alone, so that the gradient of a maximum over n equal elements
    /// is not n times too large.</summary>
    public static readonly Op Max = Over("max", Reducer.Max, DType.F32,
        p => [Elementwise.Where(Chosen(p), Spread(p.Ct, p), p.Ct.Builder.Literal(0))], "ReduceMax");

    /// <summary>The position of the first largest element, counted row by row over the reduced axes.</summary>
    public static readonly Op ArgMax = Over("arg_max", Reducer.ArgMax, DType.I32, _ => [null], "ArgMax");

    /// <summary>The sum over the samples of the batch.</summary>
    public static readonly Op BatchSum = new("batch_sum", OpKind.Reduction,
        (x, _) => !x[0].Batched ? new Fault("NNG1014", "BatchSum needs a value per sample, and this one is shared by the batch")
            : x[0].Type != DType.F32 ? new Fault("NNG1013", $"BatchSum needs real numbers, got {x[0]}")
            : x[0] with { Batched = false },
        (_, at, operand) =>
        {
            var sample = new Axis("n", Axis.Batch);
            return new Scalar.Reduce(Reducer.Sum, [sample], operand(0, new Point(sample, at.At)));
        },
        p => [Broadcasting.To(p.Ct, p.X[0].Type.Sizes, batched: true)],
        Domain.Any)
    { WithChannels = (a, _) => a.Attributes };

    private static Op Over(string name, Reducer reducer, DType result, Vjp vjp, string onnx) => new(
        name, OpKind.Reduction,
        (x, attributes) => attributes.Integers.Any(axis => axis < 0 || axis >= x[0].Rank)
            ? new Fault("NNG1007", $"{name} over axes {attributes.Integers}, but {x[0].Sizes} has the axes 0 to {x[0].Rank - 1}")
            : attributes.Integers.Zip(attributes.Integers.Skip(1), (a, b) => a >= b).Any(falls => falls)
            ? new Fault("NNG1007", $"{name} over axes {attributes.Integers}: each axis once, in ascending order")
            : x[0].Type != DType.F32 ? new Fault("NNG1013", $"{name} needs real numbers, got {x[0]}")
            : new TensorType(result, x[0].Sizes.Where((_, axis) => !attributes.Integers.Contains(axis)).ToEquatableArray(), x[0].Batched),
        (application, at, operand) =>
        {
            var sizes = application.Inputs[0].Sizes;
            var axes = application.Attributes.Integers.Select(axis => new Axis($"r{axis}", sizes[axis])).ToArray();
            var kept = new Queue<Subscript>(at.At);
            var from = Enumerable.Range(0, sizes.Count)
                .Select(axis => axes.FirstOrDefault(a => a.Name == $"r{axis}") is { } reduced ? reduced : kept.Dequeue());
            return new Scalar.Reduce(reducer, axes.ToEquatableArray(), operand(0, at with { At = from.ToEquatableArray() }));
        },
        vjp, Domain.Any, onnx)
    { WithChannels = (a, _) => a.Attributes.Integers.Contains(0) ? null : a.Attributes };

    private static Value Spread(Value ct, Pullback p)
    {
        var x = p.X[0].Type;
        return Broadcasting.Along(ct, x.Sizes, x.Batched, [.. Enumerable.Range(0, x.Rank).Where(axis => !p.Application.Attributes.Integers.Contains(axis))]);
    }

    private static Value Chosen(Pullback p)
    {
        var (builder, x, axes) = (p.Ct.Builder, p.X[0].Type, p.Application.Attributes.Integers);
        var reduced = axes.Select(axis => x.Sizes[axis]).ToArray();
        var strides = reduced.Select((_, i) => reduced.Skip(i + 1).Aggregate(1, (a, b) => a * b));
        var position = builder.Apply(Leaves.Iota, Attributes.Of([reduced.Length, .. reduced, .. strides]));
        var stretched = Broadcasting.Along(position, x.Sizes, x.Batched, [.. axes]);
        return builder.Apply(Elementwise.Equal, stretched, Spread(builder.Apply(ArgMax, p.Application.Attributes, p.X[0]), p));
    }
}
