using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>The geometry of a two-dimensional window: vertical and horizontal stride, padding at each side, dilation; and the groups of a convolution.</summary>
public sealed record Window(int StrideY, int StrideX, int Top, int Left, int Bottom, int Right, int DilationY, int DilationX, int Groups = 1)
{
    public static Window Of(Attributes a) => a.Integers is [var sy, var sx, var t, var l, var b, var r, var dy, var dx, var g, ..]
        ? new(sy, sx, t, l, b, r, dy, dx, g) : throw new InvalidOperationException("not a window");

    public int[] Integers => [StrideY, StrideX, Top, Left, Bottom, Right, DilationY, DilationX, Groups];

    /// <summary>Positions of a kernel of k taps in a map of the given size; 0 where it does not fit.</summary>
    public int OutputHeight(int height, int k) => Positions((long)height + Top + Bottom, (k - 1L) * DilationY + 1, StrideY);

    public int OutputWidth(int width, int k) => Positions((long)width + Left + Right, (k - 1L) * DilationX + 1, StrideX);

    /// <summary>The row that tap ky of output row y reads, and the column.</summary>
    public (Subscript Row, Subscript Column) Reads(Subscript y, Subscript x, Subscript ky, Subscript kx) =>
        (y * StrideY + ky * DilationY - Top, x * StrideX + kx * DilationX - Left);

    /// <summary>StrideY times the output row whose tap ky reads row y, and the same for columns: an output row only where the stride divides it.</summary>
    public (Subscript Row, Subscript Column) ReadBy(Subscript y, Subscript x, Subscript ky, Subscript kx) =>
        (y + Top - ky * DilationY, x + Left - kx * DilationX);

    /// <summary>A window in the attributes, and so many sizes behind it.</summary>
    internal static Fault? Demand(string layer, Attributes a, int sizes, int reals = 0) =>
        Demands.Count(layer, a, 9 + sizes, reals)
        ?? Demands.Positive(layer, "strides, dilations and groups", [a.Integers[0], a.Integers[1], a.Integers[6], a.Integers[7], a.Integers[8]])
        ?? Demands.Positive(layer, "sizes", a.Integers[9..])
        ?? (a.Integers.Skip(2).Take(4).Any(padding => padding < 0) ? new Fault("NNG1010", $"{layer}: padding must not be negative; Slice takes away") : null);

    /// <summary>That a kernel on a map has so many positions: what an adjoint, which is told the sizes, must be told rightly.</summary>
    internal Fault? Demand(string layer, (int Height, int Width) map, (int Height, int Width) kernel, (int Height, int Width) positions) =>
        (OutputHeight(map.Height, kernel.Height), OutputWidth(map.Width, kernel.Width)) is var had && had == positions ? null
        : new Fault("NNG1004", $"{layer}: a {kernel.Height} x {kernel.Width} kernel on a {map.Height} x {map.Width} map{Convolutions.Padded(this)} "
            + $"has {had.Item1} x {had.Item2} positions, not {positions.Height} x {positions.Width}");

    private static int Positions(long size, long extent, int stride) => size < extent ? 0 : (int)Math.Min(int.MaxValue, (size - extent) / stride + 1);
}

/// <summary>
/// Cross-correlation of [C, H, W] with kernels [O, C / groups, KH, KW], and its two adjoints. Each of the three is bilinear, and the adjoints of each are
/// the other two, so the set is closed under differentiation. `Attributes`: <see cref="Window"/>, then the sizes that the result cannot tell.
/// </summary>
public static class Convolutions
{
    /// <summary>y[o, y, x] = sum over c, ky, kx of x[c, ...] w[o, c, ky, kx].</summary>
    public static readonly Op Convolution = new("convolution", OpKind.Contraction, Shape,
        (a, at, operand) =>
        {
            var (window, w) = (Window.Of(a.Attributes), a.Inputs[1].Sizes);
            Axis c = new("c", w[1]), ky = new("ky", w[2]), kx = new("kx", w[3]);
            var channel = at[0] / (w[0] / window.Groups) * w[1] + c;
            var (row, column) = window.Reads(at[1], at[2], ky, kx);
            return Sum([c, ky, kx], Inside(row, 1, a.Inputs[0].Sizes[1], column, 1, a.Inputs[0].Sizes[2],
                Product(operand(0, at with { At = [channel, row, column] }), operand(1, at with { At = [at[0], c, ky, kx] }))));
        },
        p => [Fit(Transposed(p.Ct, p.X[1], Window.Of(p.Application.Attributes), p.X[0].Type.Sizes[1], p.X[0].Type.Sizes[2]), p.X[0]),
              Weights(p.X[0], p.Ct, Window.Of(p.Application.Attributes), p.X[1].Type.Sizes[2], p.X[1].Type.Sizes[3])],
        Domain.Any, "Conv");

    /// <summary>The adjoint in the map, which is the transposed convolution: from [O, OH, OW] and [O, C / groups, KH, KW] to [C, H, W].</summary>
    public static readonly Op ConvolutionTransposed = new("convolution_transposed", OpKind.Contraction,
        TransposedShape,
        (a, at, operand) =>
        {
            var (window, w) = (Window.Of(a.Attributes), a.Inputs[1].Sizes);
            Axis o = new("o", w[0] / window.Groups), ky = new("ky", w[2]), kx = new("kx", w[3]);
            var from = at[0] / w[1] * (w[0] / window.Groups) + o;
            var (row, column) = window.ReadBy(at[1], at[2], ky, kx);
            return Sum([o, ky, kx], Inside(row, window.StrideY, a.Inputs[0].Sizes[1], column, window.StrideX, a.Inputs[0].Sizes[2],
                Product(operand(0, at with { At = [from, row / window.StrideY, column / window.StrideX] }),
                        operand(1, at with { At = [from, at[0] % w[1], ky, kx] }))));
        },
        p => [Fit(p.Ct.Builder.Apply(Convolution, Attributes.Of(Window.Of(p.Application.Attributes).Integers), p.Ct, p.X[1]), p.X[0]),
              Weights(p.Ct, p.X[0], Window.Of(p.Application.Attributes), p.X[1].Type.Sizes[2], p.X[1].Type.Sizes[3])],
        Domain.Any, "ConvTranspose");

    /// <summary>The adjoint in the kernels: from maps [C, H, W] and cotangents [O, OH, OW] to [O, C / groups, KH, KW], summed over the batch.</summary>
    public static readonly Op ConvolutionWeights = new("convolution_weights", OpKind.Contraction,
        WeightsShape,
        (a, at, operand) =>
        {
            var (window, map, ct) = (Window.Of(a.Attributes), a.Inputs[0], a.Inputs[1]);
            Axis n = new("n", Axis.Batch), y = new("y", ct.Sizes[1]), x = new("x", ct.Sizes[2]);
            var batched = map.Batched || ct.Batched;
            var sample = batched ? n : at.Sample;
            var channel = at[0] / (ct.Sizes[0] / window.Groups) * a.Type.Sizes[1] + at[1];
            var (row, column) = window.Reads(y, x, at[2], at[3]);
            return Sum(batched ? [n, y, x] : [y, x], Inside(row, 1, map.Sizes[1], column, 1, map.Sizes[2],
                Product(operand(0, new Point(sample, [channel, row, column])), operand(1, new Point(sample, [at[0], y, x])))));
        },
        p => [Fit(Transposed(p.X[1], p.Ct, Window.Of(p.Application.Attributes), p.X[0].Type.Sizes[1], p.X[0].Type.Sizes[2]), p.X[0]),
              Fit(p.Ct.Builder.Apply(Convolution, Attributes.Of(Window.Of(p.Application.Attributes).Integers), p.X[0], p.Ct), p.X[1])],
        Domain.Any);

    public static Value Transposed(Value ct, Value w, Window window, int height, int width) =>
        ct.Builder.Apply(ConvolutionTransposed, Attributes.Of([.. window.Integers, height, width]), ct, w);

    private static Value Weights(Value x, Value ct, Window window, int kernelHeight, int kernelWidth) =>
        ct.Builder.Apply(ConvolutionWeights, Attributes.Of([.. window.Integers, kernelHeight, kernelWidth]), x, ct);

    // A batch-free cotangent of a batched operand holds for every sample; a batched one of a shared operand is summed.
    private static Value Fit(Value ct, Value x) => Movements.SumBatch(Broadcasting.To(ct, x.Type.Sizes, x.Type.Batched || ct.Type.Batched), x.Type);

    private static Shaped Shape(EquatableArray<TensorType> inputs, Attributes attributes)
    {
        if ((Window.Demand("Conv", attributes, 0) ?? Demands.Map("Conv", inputs[0]) ?? Kernels("Conv", inputs)) is { } fault)
            return fault;
        var (window, x, w) = (Window.Of(attributes), inputs[0].Sizes, inputs[1].Sizes);
        if (x[0] != w[1] * window.Groups || w[0] % window.Groups != 0)
            return new Fault("NNG1005", $"Conv of {x[0]} to {w[0]} channels in {window.Groups} groups: the groups must divide both, with {w[1]} input channels in each");
        var (height, width) = (window.OutputHeight(x[1], w[2]), window.OutputWidth(x[2], w[3]));
        return height < 1 || width < 1
            ? new Fault("NNG1004", $"a {w[2]} x {w[3]} kernel{Dilated(window)} does not fit into {x}{Padded(window)}; use a smaller kernel or more padding")
            : TensorType.Real([w[0], height, width], inputs[0].Batched);
    }

    private static Shaped TransposedShape(EquatableArray<TensorType> inputs, Attributes attributes)
    {
        if ((Window.Demand("ConvTranspose", attributes, 2) ?? Demands.Map("ConvTranspose", inputs[0]) ?? Kernels("ConvTranspose", inputs)) is { } fault)
            return fault;
        var (window, y, w) = (Window.Of(attributes), inputs[0].Sizes, inputs[1].Sizes);
        var (height, width) = (attributes.Integers[9], attributes.Integers[10]);
        return y[0] != w[0] || w[0] % window.Groups != 0
            ? new Fault("NNG1005", $"ConvTranspose of {y[0]} channels by kernels for {w[0]} in {window.Groups} groups: both must be equal, and the groups divide them")
            : window.Demand("ConvTranspose", (height, width), (w[2], w[3]), (y[1], y[2])) is { } misfit ? misfit
            : TensorType.Real([w[1] * window.Groups, height, width], inputs[0].Batched);
    }

    private static Shaped WeightsShape(EquatableArray<TensorType> inputs, Attributes attributes)
    {
        const string op = "convolution_weights";
        if ((Demands.Real(op, inputs) ?? Window.Demand(op, attributes, 2) ?? Demands.Map(op, inputs[0]) ?? Demands.Map(op, inputs[1])) is { } fault)
            return fault;
        var (window, x, y) = (Window.Of(attributes), inputs[0].Sizes, inputs[1].Sizes);
        var (height, width) = (attributes.Integers[9], attributes.Integers[10]);
        return x[0] % window.Groups != 0 || y[0] % window.Groups != 0
            ? new Fault("NNG1005", $"{op} of {x[0]} and {y[0]} channels in {window.Groups} groups: the groups must divide both")
            : window.Demand(op, (x[1], x[2]), (height, width), (y[1], y[2])) is { } misfit ? misfit
            : TensorType.Real([y[0], x[0] / window.Groups, height, width], false);
    }

    internal static Fault? Kernels(string layer, EquatableArray<TensorType> inputs) =>
        Demands.Real(layer, inputs) ?? Demands.Rank($"{layer}'s kernel", inputs[1], "out channels", "channels in a group", "height", "width")
        ?? (inputs[1].Batched ? new Fault("NNG1014", $"{layer}'s kernels must be shared by the batch, and these differ from sample to sample") : null);

    internal static string Padded(Window w) => (w.Top | w.Left | w.Bottom | w.Right) == 0 ? "" : $" padded by {w.Top}, {w.Left}, {w.Bottom}, {w.Right} (top, left, bottom, right)";

    internal static string Dilated(Window w) => w is { DilationY: 1, DilationX: 1 } ? "" : $" dilated by {w.DilationY} x {w.DilationX}";

    private static Scalar Inside(Subscript row, int rowStep, int height, Subscript column, int columnStep, int width, Scalar inside) =>
        Guards.When(Guards.Conditions(row, rowStep, height).Concat(Guards.Conditions(column, columnStep, width)), inside, new Scalar.Literal(0));

    private static Scalar Sum(Axis[] axes, Scalar body) => new Scalar.Reduce(Reducer.Sum, axes.ToEquatableArray(), body);

    private static Scalar Product(Scalar x, Scalar y) => Elementwise.Call(Function.Multiply, x, y);
}
