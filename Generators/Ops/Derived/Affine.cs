using NNGen.Generators.Graph;

namespace NNGen.Generators.Ops.Derived;

/// <summary>Layers that are affine in their input: graph functions over contractions and convolutions.</summary>
public static class Affine
{
    /// <summary>[.., F] times weight [O, F] plus bias [O].</summary>
    public static Value Dense(Value x, Value weight, Value? bias)
    {
        if (x.IsUnknown || weight.IsUnknown)
            return x.Builder.Unknown;
        const string letters = "abcdefghilmnopqrstuvwxyz";
        if (x.Type.Rank < 1 || x.Type.Rank - 1 > letters.Length)
            return x.Builder.Faulty("NNG1002", $"Dense needs [.., features], got {x.Type.Sizes}; Reshape it");
        var leading = letters.Substring(0, x.Type.Rank - 1);
        var y = Contractions.Of($"{leading}k,jk->{leading}j", x, weight);
        return bias is { } b ? y + b : y;
    }

    /// <summary>Cross-correlation of [C, H, W] with weight [O, C / groups, KH, KW], plus bias [O].</summary>
    public static Value Convolve(Value x, Value weight, Value? bias, Window window) =>
        PerChannel(x.Builder.Apply(Convolutions.Convolution, Attributes.Of(window.Integers), x, weight), bias);

    /// <summary>The transposed convolution of [C, H, W] with weight [C, O / groups, KH, KW], plus bias [O]; output padding, less than
    /// the stride, adds rows and columns at the bottom and the right.</summary>
    public static Value ConvolveTransposed(Value x, Value weight, Value? bias, Window window, int outputPadding)
    {
        if (x.IsUnknown || weight.IsUnknown)
            return x.Builder.Unknown;
        const string layer = "ConvTranspose";
        if ((Window.Demand(layer, Attributes.Of(window.Integers), 0) ?? Demands.Map(layer, x.Type) ?? Convolutions.Kernels(layer, [x.Type, weight.Type])) is { } fault)
            return x.Builder.Faulty(fault);
        if (outputPadding < 0 || outputPadding >= Math.Min(window.StrideY, window.StrideX))
            return x.Builder.Faulty("NNG1010", $"{layer}: output padding {outputPadding} must lie between 0 and the stride, "
                + $"{Math.Min(window.StrideY, window.StrideX)}, less 1");
        var (map, w) = (x.Type.Sizes, weight.Type.Sizes);
        var height = (map[1] - 1L) * window.StrideY - window.Top - window.Bottom + (w[2] - 1L) * window.DilationY + 1 + outputPadding;
        var width = (map[2] - 1L) * window.StrideX - window.Left - window.Right + (w[3] - 1L) * window.DilationX + 1 + outputPadding;
        return height < 1 || width < 1
            ? x.Builder.Faulty("NNG1004", $"ConvTranspose of {map} with a {w[2]} x {w[3]} kernel{Convolutions.Padded(window)} leaves {height} x {width}; use less padding")
            : height > int.MaxValue || width > int.MaxValue ? x.Builder.Faulty("NNG1009", $"ConvTranspose would have {height} x {width} places, more than 2^31 - 1")
            : PerChannel(Convolutions.Transposed(x, weight, window, (int)height, (int)width), bias);
    }

    /// <summary>Adds a value per channel [C] to [C, ..].</summary>
    public static Value PerChannel(Value x, Value? channels) => channels is { } c ? x + Channels(c, x) : x;

    /// <summary>A value per channel [C] in the sizes of [C, ..].</summary>
    public static Value Channels(Value channels, Value like) =>
        channels.IsUnknown || like.IsUnknown ? like.Builder.Unknown : Broadcasting.Along(channels, like.Type.Sizes, channels.Type.Batched, [0]);
}
