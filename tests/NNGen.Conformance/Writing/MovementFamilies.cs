using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>Ops that move elements: padding, slices, axes, up-sampling.</summary>
internal static class MovementFamilies
{
    private static readonly string[] Sides = ["left", "right", "top", "bottom", "padding"];

    public static readonly Family[] Table =
    [
        Family.Of("pad_constant",  [.. Sides, "value"], from => Pad(from, "Zero", from.Attributes.Number(0, "value"))),
        Family.Of("pad_zero",      Sides, from => Pad(from, "Zero", 0)),
        Family.Of("pad_reflect",   Sides, from => Pad(from, "Reflect", 0)),
        Family.Of("pad_replicate", Sides, from => Pad(from, "Replicate", 0)),
        Family.Of("slice", ["dim", "start", "stop", "end", "step"], Slice),
        .. new[] { "permute", "transpose" }.Select(name => Family.Of(name, ["perm", "dims", "dim0", "dim1"], Permute)),
        Family.Of("flip", ["dim", "dims"], from => Along(from, from.Attributes.Integers("dims", "dim") ?? throw new CaseException("attribute 'dim' is missing"),
            (x, axes) => $"{x}{string.Concat(axes.Select(axis => $" | Flip({axis})"))}")),
        .. new[] { "reshape", "view", "flatten" }.Select(name => Family.Of(name, ["shape", "start_dim"], Reshape)),
        .. new[] { "concat", "cat" }.Select(name => Family.Of(name, ["dim"], Concat)),
        .. new[] { "pixel_shuffle", "pixelshuffle" }.Select(name => Family.Of(name, ["r", "factor", "upscale_factor"],
            from => Op.Of(from, x => $"{x} | PixelShuffle({Factor(from, "r", "factor", "upscale_factor")})"))),
        .. new[] { "pixel_unshuffle", "space_to_depth" }.Select(name => Family.Of(name, ["r", "factor", "downscale_factor"], Unshuffle)),
        Family.Of("upsample_nearest",  ["scale", "factor"], from => Op.Of(from, x => $"{x} | Upsample({Factor(from, "scale", "factor")})")),
        Family.Of("upsample_bilinear", ["scale", "factor", "align_corners"], Bilinear),
    ];

    /// <summary>An op along axes of the batch tensor; where the batch axis is among them the whole tensor is one sample.</summary>
    public static Op Along(Case from, int[] axes, Func<string, IReadOnlyList<int>, string> expression)
    {
        var x = Op.Input(from);
        var absolute = Absolute(axes, from.Shape(x).Length);
        var oneSample = absolute.Contains(0);
        return new(expression(Identifier(x), [.. absolute.Select(axis => oneSample ? axis : axis - 1)]), [x]) { OneSample = oneSample };
    }

    private static int Factor(Case from, params string[] names) =>
        from.Attributes.Number(double.NaN, names) is var factor && factor == Math.Floor(factor) && factor >= 1 ? (int)factor
        : throw new UnsupportedException($"Upsample takes whole factors, not {factor}");

    private static Op Pad(Case from, string mode, double value)
    {
        int Side(string name) => from.Attributes.Integer(from.Attributes.Integer(0, "padding"), name);
        var layer = $"Pad({Side("top")}, {Side("bottom")}, {Side("left")}, {Side("right")}{(mode == "Zero" ? "" : $", PadMode.{mode}")})";

        // Padding by a number is padding by zeros of the difference to it.
        return Op.Of(from, x => value == 0 ? $"{x} | {layer}" : $"(({x} - {Literal(value)}) | {layer}) + {Literal(value)}");
    }

    private static Op Slice(Case from)
    {
        var axis = from.Attributes.Integers("dim") ?? throw new CaseException("attribute 'dim' is missing");
        var size = from.Shape(Op.Input(from)) is var shape ? shape[Absolute(axis, shape.Length)[0]] : 0;
        int Within(int place) => Math.Clamp(place < 0 ? place + size : place, 0, size);
        var (start, stop) = (Within(from.Attributes.Integer(0, "start")), Within(from.Attributes.Integer(size, "stop", "end")));
        var step = from.Attributes.Integer(1, "step");
        return Along(from, axis, (x, axes) => $"{x} | Slice({axes[0]}, {start}, {(stop - start + step - 1) / step}{Argument("step", step, 1)})");
    }

    private static Op Permute(Case from)
    {
        var rank = from.Shape(Op.Input(from)).Length;
        var order = from.Attributes.Integers("perm", "dims") is { } given ? Absolute(given, rank) : [.. Enumerable.Range(0, rank)];
        if (from.Attributes.Has("dim0"))
        {
            var (a, b) = (Absolute([from.Attributes.Integer(0, "dim0")], rank)[0], Absolute([from.Attributes.Integer(1, "dim1")], rank)[0]);
            order = order.SetItem(a, b).SetItem(b, a);
        }

        var oneSample = order[0] != 0;
        return Op.Of(from, x => $"{x} | Transpose({Sizes(oneSample ? order : order.Skip(1).Select(axis => axis - 1))})") with { OneSample = oneSample };
    }

    private static Op Reshape(Case from)
    {
        var (x, y) = (from.Shape(Op.Input(from)), from.Shape("y"));
        var oneSample = y.Length == 0 || y[0] != x[0];
        var layer = !oneSample && y.Length == 2 ? "Flatten" : $"Reshape({Sizes(oneSample ? y : y.Skip(1))})";
        return Op.Of(from, name => $"{name} | {layer}") with { OneSample = oneSample };
    }

    private static Op Concat(Case from)
    {
        var parts = Op.Operands(from);
        var axis = Absolute([from.Attributes.Integer(1, "dim")], from.Shape("y").Length)[0];
        var names = string.Join(", ", parts.Select(Identifier));
        return new(axis switch { 0 => $"Concat({names})", 1 => $"Concat({names})", _ => $"ConcatAlong({axis - 1}, {names})" }, parts) { OneSample = axis == 0 };
    }

    private static Op Unshuffle(Case from)
    {
        var (r, shape) = (Factor(from, "r", "factor", "downscale_factor"), from.Shape(Op.Input(from)));
        var (c, h, w) = (shape[1], shape[2] / r, shape[3] / r);
        return Op.Of(from, x => $"{x} | Reshape({c}, {h}, {r}, {w}, {r}) | Transpose(0, 2, 4, 1, 3) | Reshape({c * r * r}, {h}, {w})");
    }

    /// <summary>Bilinear up-sampling is a matrix for the rows and one for the columns, so it is written as two matrix products.</summary>
    private static Op Bilinear(Case from)
    {
        var (shape, y, corners) = (from.Shape(Op.Input(from)), from.Shape("y"), from.Attributes.Flag("align_corners", false));
        var (c, h, w, tall, wide) = (shape[1], shape[2], shape[3], y[2], y[3]);
        return Op.Of(from, x => $"MatMul(rows, vertical) | Reshape({c}, {wide}, {tall}) | Transpose(0, 2, 1)") with
        {
            Statements =
            [
                $"var horizontal = Constant({Numbers(Weights(w, wide, corners))}, {w}, {wide});",
                $"var vertical = Constant({Numbers(Weights(h, tall, corners))}, {h}, {tall});",
                $"var columns = MatMul({Op.Input(from)} | Reshape({c * h}, {w}), horizontal);",
                $"var rows = columns | Reshape({c}, {h}, {wide}) | Transpose(0, 2, 1) | Reshape({c * wide}, {h});",
            ],
        };
    }

    /// <summary>[size, larger]: how much of each pixel enters each pixel of the larger line.</summary>
    private static double[] Weights(int size, int larger, bool corners)
    {
        var weights = new double[size * larger];
        for (var i = 0; i < larger; i++)
        {
            var place = corners ? larger == 1 ? 0 : i * (size - 1.0) / (larger - 1) : Math.Max(0, (i + 0.5) * size / larger - 0.5);
            var (low, part) = ((int)place, place - (int)place);
            weights[low * larger + i] += 1 - part;
            weights[Math.Min(low + 1, size - 1) * larger + i] += part;
        }

        return weights;
    }
}
