using System.Collections.Immutable;
using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>Dense layers, matrix products, convolutions.</summary>
internal static class AffineFamilies
{
    private static readonly string[] Window = ["kernel", "kernel_size", "stride", "padding", "dilation", "groups", "output_padding", "bias"];

    public static readonly Family[] Table =
    [
        Family.Of("linear", [], Dense), Family.Of("dense", [], Dense),
        .. new[] { "matmul", "bmm", "mm" }.Select(name => Family.Of(name, [], from => ElementwiseFamilies.Binary(from, (a, b) => $"MatMul({a}, {b})"))),
        .. new[] { "conv2d", "conv" }.Select(name => Family.Of(name, Window, Convolve)),
        .. new[] { "convtranspose2d", "conv_transpose2d", "convtranspose" }.Select(name => Family.Of(name, Window, ConvolveTransposed)),
    ];

    private static Op Dense(Case from) =>
        new($"{Op.Input(from)} | Dense({from.Shape("weight")[0]}{Argument("bias", from.Has("bias"), true)})", [Op.Input(from)], Weights(from));

    private static Op Convolve(Case from)
    {
        var w = from.Shape("weight");
        var (stride, padding, dilation) = (Pair(from, 1, "stride"), Pair(from, 0, "padding"), Pair(from, 1, "dilation"));
        var rest = Argument("groups", from.Attributes.Integer(1, "groups"), 1) + Argument("bias", from.Has("bias"), true);
        var square = w[2] == w[3] && stride.Y == stride.X && padding.Y == padding.X && dilation.Y == dilation.X;
        var layer = square
            ? $"Conv({w[0]}, {w[2]}{Argument("stride", stride.Y, 1)}{Argument("padding", padding.Y, 0)}{Argument("dilation", dilation.Y, 1)}{rest})"
            : $"Conv({w[0]}, kernel: ({w[2]}, {w[3]}), stride: {stride}, padding: {padding}, dilation: {dilation}{rest})";
        return new($"{Op.Input(from)} | {layer}", [Op.Input(from)], Weights(from));
    }

    private static Op ConvolveTransposed(Case from)
    {
        var w = from.Shape("weight");
        int Square(int otherwise, string name) => Pair(from, otherwise, name) is var (y, x) && y == x ? y
            : throw new UnsupportedException($"ConvTranspose takes one {name} for both axes, not {y} and {x}");
        if (w[2] != w[3])
            throw new UnsupportedException($"ConvTranspose has a square kernel, not {w[2]} x {w[3]}");
        var groups = from.Attributes.Integer(1, "groups");
        var layer = $"ConvTranspose({w[1] * groups}, {w[2]}{Argument("stride", Square(1, "stride"), 1)}{Argument("padding", Square(0, "padding"), 0)}"
            + $"{Argument("outputPadding", Square(0, "output_padding"), 0)}{Argument("dilation", Square(1, "dilation"), 1)}"
            + $"{Argument("groups", groups, 1)}{Argument("bias", from.Has("bias"), true)})";
        return new($"{Op.Input(from)} | {layer}", [Op.Input(from)], Weights(from));
    }

    private static ImmutableArray<string> Weights(Case from) => from.Has("bias") ? ["weight", "bias"] : ["weight"];

    private static (int Y, int X) Pair(Case from, int otherwise, string name) => from.Attributes.Integers(name) switch
    {
        null => (otherwise, otherwise),
        [var both] => (both, both),
        [var y, var x] => (y, x),
        _ => throw new CaseException($"attribute '{name}' must be one number or two"),
    };
}
