using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>
/// The windows of a map as a value of their own, which pooling reduces and nothing stores: [C, H, W] to [C, OH, OW, KH, KW], and the adjoint, which adds
/// overlapping windows up. Attributes: <see cref="Window"/>, then kernel height and width (or the map's, for the adjoint); real: what padding holds.
/// </summary>
public static class Windows
{
    public static readonly Op Unfold = new("windows", OpKind.Movement,
        (x, a) =>
        {
            if ((Demands.Map("a window", x[0]) ?? Window.Demand("a window", a, 2, reals: 1)) is { } fault)
                return fault;
            var (window, map, kh, kw) = (Window.Of(a), x[0].Sizes, a.Integers[9], a.Integers[10]);
            var (height, width) = (window.OutputHeight(map[1], kh), window.OutputWidth(map[2], kw));
            return height < 1 || width < 1
                ? new Fault("NNG1004", $"a {kh} x {kw} window does not fit into {map}{Convolutions.Padded(window)}; use a smaller one or more padding")
                : x[0].WithSizes([map[0], height, width, kh, kw]);
        },
        (a, at, operand) =>
        {
            var (row, column) = Window.Of(a.Attributes).Reads(at[1], at[2], at[3], at[4]);
            return Guards.Inside([(at[0], 1, a.Inputs[0].Sizes[0]), (row, 1, a.Inputs[0].Sizes[1]), (column, 1, a.Inputs[0].Sizes[2])],
                at, operand, new Scalar.Literal(a.Attributes.Reals[0]));
        },
        p => [p.Ct.Builder.Apply(Fold!, Attributes.Of([.. Window.Of(p.Application.Attributes).Integers, p.X[0].Type.Sizes[1], p.X[0].Type.Sizes[2]]), p.Ct)],
        Domain.Any)
    {
        ReadsAgain = (a, _) => Window.Of(a.Attributes) is var w && (w.StrideY < (a[9] - 1) * w.DilationY + 1 || w.StrideX < (a[10] - 1) * w.DilationX + 1),
        WithChannels = (a, _) => a.Attributes,
        IsView = true,
    };

    public static readonly Op Fold = new("window_sum", OpKind.Reduction,
        (x, a) => (Demands.Real("window_sum", x) ?? Demands.Rank("window_sum", x[0], "channels", "rows", "columns", "kernel height", "kernel width")
                ?? Window.Demand("window_sum", a, 2)
                ?? Window.Of(a).Demand("window_sum", (a.Integers[9], a.Integers[10]), (x[0].Sizes[3], x[0].Sizes[4]), (x[0].Sizes[1], x[0].Sizes[2]))) is { } fault
            ? fault : x[0].WithSizes([x[0].Sizes[0], a.Integers[9], a.Integers[10]]),
        (a, at, operand) =>
        {
            var (window, from) = (Window.Of(a.Attributes), a.Inputs[0].Sizes);
            Axis ky = new("ky", from[3]), kx = new("kx", from[4]);
            var (row, column) = window.ReadBy(at[1], at[2], ky, kx);
            var tests = Guards.Conditions(row, window.StrideY, from[1]).Concat(Guards.Conditions(column, window.StrideX, from[2]));
            var element = operand(0, at with { At = [at[0], row / window.StrideY, column / window.StrideX, ky, kx] });
            return new Scalar.Reduce(Reducer.Sum, [ky, kx], Guards.When(tests, element, new Scalar.Literal(0)));
        },
        p => [p.Ct.Builder.Apply(Unfold, new Attributes([.. Window.Of(p.Application.Attributes).Integers, p.X[0].Type.Sizes[3], p.X[0].Type.Sizes[4]], [0.0], ""), p.Ct)],
        Domain.Any)
    { WithChannels = (a, _) => a.Attributes };

    /// <summary>Whether windows [C, OH, OW, KH, KW] lie side by side and cover a map of that size: adding them up then only moves their elements.</summary>
    public static bool AreTiles(Attributes adjoint, TensorType windows) => Window.Of(adjoint) is { Top: 0, Left: 0, DilationY: 1, DilationX: 1 } window && windows.Sizes is var sizes
        && window.StrideY == sizes[3] && window.StrideX == sizes[4] && adjoint.Integers[9] == sizes[1] * sizes[3] && adjoint.Integers[10] == sizes[2] * sizes[4];

    /// <summary>The map of which such windows are the tiles: [C, OH, KH, OW, KW], read as [C, H, W].</summary>
    public static Value Tiled(Value windows) => windows.Type.Sizes is var sizes
        ? windows.Builder.Apply(Movements.Reshape, Attributes.Of(sizes[0], sizes[1] * sizes[3], sizes[2] * sizes[4]), windows.Builder.Apply(Movements.Transpose, Attributes.Of(0, 1, 3, 2, 4), windows)) : windows;

    /// <summary>The windows of a map [C, H, W].</summary>
    public static Value Of(Value map, Window window, int kernelHeight, int kernelWidth, double padding) =>
        map.Builder.Apply(Unfold, new Attributes([.. window.Integers, kernelHeight, kernelWidth], [padding], ""), map);
}
