using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>Sums, means, maxima, variances and softmax.</summary>
internal static class ReductionFamilies
{
    public static readonly Family[] Table =
    [
        .. new (string Name, string Function)[]
        {
            ("mean", "Mean"), ("sum", "Sum"), ("max_reduce", "Max"), ("min_reduce", "Min"), ("amax", "Max"), ("amin", "Min"),
        }.Select(row => Family.Of(row.Name, ["dim", "dims", "keepdim"], from => Reduce(from, (x, axes) => $"{row.Function}({x}, {axes})"))),
        .. new[] { "var_reduce", "var" }.Select(name => Family.Of(name, ["dim", "dims", "keepdim", "unbiased"],
            from => Reduce(from, (x, axes) => $"Variance({x}, {(from.Attributes.Flag("unbiased", true) ? "true" : "false")}, {axes})"))),
        Family.Of("logsumexp", ["dim", "dims", "keepdim"], from => Reduce(from, (x, axes) => $"Log(Sum(Exp({x}), {axes}))")),
        Family.Of("softmax", ["dim"], from => Normalise(from, "Softmax")),
        .. new[] { "log_softmax", "logsoftmax" }.Select(name => Family.Of(name, ["dim"], from => Normalise(from, "LogSoftmax"))),
    ];

    private static Op Reduce(Case from, Func<string, string, string> expression)
    {
        var rank = from.Shape(Op.Input(from)).Length;
        var axes = from.Attributes.Integers("dims", "dim") ?? [.. Enumerable.Range(0, rank)];
        var op = MovementFamilies.Along(from, axes, (x, own) => expression(x, Sizes(own)));
        var sizes = from.Shape("y").Skip(op.OneSample ? 0 : 1).ToArray();
        return sizes.Length == rank - axes.Length - (op.OneSample ? 0 : 1) ? op : op with { Expression = $"{op.Expression} | Reshape({Sizes(sizes)})" };
    }

    private static Op Normalise(Case from, string function) =>
        MovementFamilies.Along(from, [from.Attributes.Integer(1, "dim")], (x, axes) => axes[0] == 0 ? $"{x} | {function}" : $"{x} | {function}({axes[0]})");
}

/// <summary>Pooling.</summary>
internal static class PoolingFamilies
{
    public static readonly Family[] Table =
    [
        .. new[] { "maxpool", "maxpool2d", "max_pool2d" }.Select(name => Family.Of(name, ["kernel", "kernel_size", "stride", "padding"],
            from => Op.Of(from, x => $"{x} | MaxPool({Window(from)})"))),
        .. new[] { "avgpool", "avgpool2d", "avg_pool2d" }.Select(name => Family.Of(name, ["kernel", "kernel_size", "stride", "padding", "count_include_pad"],
            from => Op.Of(from, x => $"{x} | AveragePool({Window(from)}{Argument("countPadding", from.Attributes.Flag("count_include_pad", true), true)})"))),
        .. new[] { "global_avgpool", "global_average_pool" }.Select(name => Family.Of(name, [],
            from => Op.Of(from, x => $"{x} | GlobalAveragePool{(from.Shape("y").Length == 4 ? "" : " | Flatten")}"))),
        Family.Of("global_maxpool", [], from => Op.Of(from, x =>
            from.Shape("y") is [_, var c, 1, 1] ? $"Max({x}, 1, 2) | Reshape({c}, 1, 1)" : $"Max({x}, 1, 2)")),
    ];

    private static string Window(Case from)
    {
        int Square(int otherwise, params string[] names) => from.Attributes.Integers(names) switch
        {
            null => otherwise,
            [var both] => both,
            [var y, var x] when y == x => y,
            _ => throw new UnsupportedException($"pooling takes one {names[0]} for both axes"),
        };
        var kernel = Square(2, "kernel", "kernel_size");
        return $"{kernel}{Argument("stride", Square(kernel, "stride"), kernel)}{Argument("padding", Square(0, "padding"), 0)}";
    }
}
