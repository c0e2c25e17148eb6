using static NNGen.Layers;

namespace NNGen.Tests.Networks.Narrow;

/// <summary>Kernels of three sizes, with padding and without, on rows of 45, 45, 43 and 37 places: none is a whole number of vectors.</summary>
[Network]
public sealed partial class NarrowConvolutions
{
    static Tensor Forward([Shape(2, 60, 45)] Tensor image) =>
        image | Conv(7, 3, padding: 1) | Tanh | Conv(9, 5, padding: 2) | Relu | Conv(5, 3) | Tanh | Conv(3, 7) | Sigmoid;

    static Scalar Loss(Tensor y, [Shape(3, 52, 37)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Rows of 44 places, 22 and 11, down and up again: windows that lie side by side, that overlap, and that reach beyond the map.</summary>
[Network]
public sealed partial class NarrowPoolings
{
    static Tensor Forward([Shape(1, 96, 44)] Tensor image)
    {
        var half = image | Conv(8, 3, padding: 1) | Relu | Conv(8, 3, padding: 1) | MaxPool(2) | Conv(12, 3, padding: 1) | Tanh;
        return (half | AveragePool(2) | Conv(10, 3, padding: 1) | Relu | Upsample(2) | Conv(6, 3, padding: 1)) + (half | MaxPool(3, 1, 1) | Conv(6, 1) | AveragePool(3, 1, 1));
    }

    static Scalar Loss(Tensor y, [Shape(6, 48, 22)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Strides, dilated taps, and kernels of single channels; batch norm and a residual; a column alone at the end.</summary>
[Network]
public sealed partial class NarrowStrides
{
    static Tensor Forward([Shape(3, 90, 66)] Tensor image)
    {
        var x = image | Conv(8, 3, padding: 1) | BatchNorm() | Relu | Conv(8, 3, stride: 2, padding: 1) | BatchNorm() | Relu;
        var y = x | Conv(9, 3, padding: 2, dilation: 2) | LeakyRelu(0.1f) | Conv(9, 3, padding: 1, groups: 9) | Conv(8, 1);
        return x + y | ConvTranspose(8, 2, stride: 2) | Softplus | Conv(4, 1) | Softmax(0);
    }

    static Scalar Loss(Tensor y, [Shape(4, 90, 66)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Rows beside channels: joined maps of which some have whole vectors of channels, slices of them, and maps with their channels in lanes that are read in rows.</summary>
[Network]
public sealed partial class NarrowJoins
{
    static Tensor Forward([Shape(3, 40, 40)] Tensor image)
    {
        var (few, many) = (image | Conv(6, 3, padding: 1) | Tanh, image | Conv(32, 3, padding: 1) | Tanh);
        var joined = Concat(few, many | Conv(24, 1), few | Slice(0, 1, 4)) | Conv(7, 3, padding: 1) | Relu;
        return Concat(joined, few) | Relu | Conv(5, 3, padding: 1) | Slice(0, 1, 4) | Slice(2, 3, 37);
    }

    static Scalar Loss(Tensor y, [Shape(4, 40, 37)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Rows shorter than a vector: fifteen places, seven of which a window leaves.</summary>
[Network]
public sealed partial class NarrowRows
{
    static Tensor Forward([Shape(4, 200, 15)] Tensor image) =>
        image | Conv(6, 3, padding: 1) | Tanh | Conv(6, 3) | Relu | Conv(5, 3, padding: 1) | MaxPool(2) | Tanh | Conv(3, 3, padding: 1);

    static Scalar Loss(Tensor y, [Shape(3, 99, 6)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Channels that a multiple of 128 brings into rows for few outputs; what is pooled is joined again place by place, through a dense layer.</summary>
[Network]
public sealed partial class NarrowHeads
{
    static Tensor Forward([Shape(3, 20, 40)] Tensor image)
    {
        var x = image | Conv(6, 3, padding: 1) | Relu;
        var gated = x * (x | GlobalAveragePool | Flatten | Dense(6) | Sigmoid | Reshape(6, 1, 1));
        return gated | Conv(128, 3, padding: 1) | Tanh | Conv(6, 1) | Softmax(0);
    }

    static Scalar Loss(Tensor y, [Shape(6, 20, 40)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Borders of whole vectors and of more, rows that are dealt out, and adjoints that lanes differ in though nothing that they read does.</summary>
[Network]
public sealed partial class NarrowBorders
{
    static Tensor Forward([Shape(3, 60, 32)] Tensor image)
    {
        var x = image | Conv(6, 3, padding: 1) | Relu;
        var (wide, far) = (x | Pad(0, 0, 16, 16), x | Pad(0, 0, 100, 90) | Conv(5, 3) | Relu);
        var inner = x | Slice(1, 1, 58) | Slice(2, 1, 30) | AveragePool(3, 1, 1);
        return Concat(wide | GlobalAveragePool | Flatten, far | GlobalAveragePool | Flatten, inner | GlobalAveragePool | Flatten, image | Pad(0, 0, 16, 16) | GlobalAveragePool | Flatten) | Dense(4);
    }

    static Scalar Loss(Tensor y, [Shape(4)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Rows shorter than a vector of which every other one is read.</summary>
[Network]
public sealed partial class NarrowSlices
{
    static Tensor Forward([Shape(4, 400, 15)] Tensor image) => image | Conv(8, 3, padding: 1) | Slice(1, 0, 200, 2) | Conv(8, 3, padding: 1) | Tanh | Conv(3, 1);

    static Scalar Loss(Tensor y, [Shape(3, 200, 15)] Tensor target) => MeanSquaredError(y, target);
}

/// <summary>Seventeen vectors of a row, which no tile divides.</summary>
[Network]
public sealed partial class NarrowTiles
{
    static Tensor Forward([Shape(3, 40, 272)] Tensor image) => image | Conv(9, 3, padding: 1) | Relu | Conv(2, 1) | Tanh | Conv(1, 3);

    static Scalar Loss(Tensor y, [Shape(1, 38, 270)] Tensor target) => MeanSquaredError(y, target);
}
