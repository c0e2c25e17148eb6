using static NNGen.Layers;

namespace NNGen.Tests.Networks.Wide;

/// <summary>Transposed convolutions back to the size of the image, with a label for each of its places.</summary>
[Network]
public sealed partial class TransposedConvolutions
{
    static Tensor Forward([Shape(1, 10, 6)] Tensor image) =>
        image | Conv(16, 3, stride: 2, padding: 1) | Tanh | Conv(32, 3, padding: 1) | Tanh | ConvTranspose(16, 2, stride: 2) | Tanh | ConvTranspose(16, 3, padding: 1) | Tanh | Conv(3, 1);

    static Scalar Loss(Tensor logits, [Classes(3), Shape(10, 6)] Labels place) => CrossEntropy(logits, place);
}

/// <summary>Maxima and means over windows that overlap, reach beyond the map, or leave some of it out.</summary>
[Network]
public sealed partial class Poolings
{
    static Tensor Forward([Shape(16, 9, 12)] Tensor x) =>
        (x | Conv(32, 3, padding: 1) | MaxPool(3, 2, 1) | AveragePool(3, 1, 1, countPadding: false) | Conv(16, 3, padding: 1) | AveragePool(2) | Tanh)
        + (x | Conv(16, 1) | MaxPool(2) | MaxPool(2));

    static Scalar Loss(Tensor y, [Shape(16, 2, 3)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Sixteen channels beside thirty-two, and parts of them: at multiples of sixteen, and between.</summary>
[Network]
public sealed partial class Joins
{
    static Tensor Forward([Shape(16, 5, 7)] Tensor x)
    {
        var both = Concat(x | Conv(16, 3, padding: 1) | Tanh, x | Conv(32, 1) | Tanh);
        return Concat(both | Slice(0, 16, 32) | Conv(16, 3, padding: 1), both | Slice(0, 8, 16) | Conv(16, 1), both | Slice(1, 1, 4) | Slice(2, 2, 5) | Pad(1, 0, 1, 1) | Conv(32, 3, padding: 1));
    }

    static Scalar Loss(Tensor y, [Shape(64, 5, 7)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Elements that change their places: mirrored, repeated, dealt out of channels, and with other axes.</summary>
[Network]
public sealed partial class Moves
{
    static Tensor Forward([Shape(16, 5, 7)] Tensor x) =>
        x | Conv(64, 3, padding: 1) | PixelShuffle(2) | Flip(0) | Conv(16, 3, stride: 2, padding: 1) | Flip(2) | Upsample(2) | Conv(16, 3, padding: 1) | Tanh | Transpose(0, 2, 1) | Conv(16, 3) | Reshape(16, 8, 12) | Conv(16, 1);

    static Scalar Loss(Tensor y, [Shape(16, 8, 12)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Joins in joins, of parts that others read too and of one part twice; a part that is an output; slices of slices, and of rows and columns; a convolution over all samples whose residual is a part.</summary>
[Network]
public sealed partial class NestedJoins
{
    static (Tensor Map, Tensor Part) Forward([Shape(16, 5, 7)] Tensor x)
    {
        var a = x | Conv(16, 3, padding: 1) | Relu;
        var b = x | Conv(16, 1) | Tanh;
        var inner = Concat(a, b);
        var c = inner | Conv(32, 3, padding: 1) | Relu;
        var outer = Concat(inner, c, a, x);
        var half = outer | Slice(0, 8, 48);
        var d = half | Conv(16, 3, padding: 1) | Relu;
        var e = (half | Slice(0, 8, 32) | Conv(16, 3, padding: 1)) + (d | Conv(16, 3, padding: 1)) * a;
        var tall = ConcatAlong(1, c | Slice(1, 0, 3), c | Slice(1, 1, 4) | Conv(32, 3, padding: 1));
        e *= tall | Conv(16, 3, padding: 1) | GlobalAveragePool;
        return (Concat(Concat(d, e) | Conv(16, 3, padding: 1), e), d);
    }

    static Scalar Loss(Tensor map, Tensor part, [Shape(32, 5, 7)] Tensor target) => MeanSquaredError(map, target) + Mean(Square(part));
}
