using NNGen.Benchmarks.Peak.Networks;
using static NNGen.Benchmarks.Peak.Layout;
using static NNGen.Benchmarks.Peak.Part;

namespace NNGen.Benchmarks.Peak;

/// <summary>The rows of `peak`: the forms of kernels that generated code calls.</summary>
internal static class PeakKernels
{
    private static readonly Convolution
        First5x5 = new(1, 6, 28, 5, 2),
        Second5x5 = new(6, 16, 14, 5),
        Batch16 = new(16, 16, 32, 3, 1),
        Batch32 = new(16, 32, 28, 3, 1),
        Wide64 = new(64, 64, 32, 3, 1),
        Wide128 = new(128, 128, 16, 3, 1),
        Wide256 = new(256, 256, 14, 3, 1),
        Grey16 = new(1, 16, 64, 3, 1),
        Few8 = new(8, 8, 64, 3, 1);

    /// <summary>Makes each row when it is its turn, since their numbers fill memory.</summary>
    public static IEnumerable<Func<PeakKernel>> All { get; } =
    [
        Direct<Batch5x5>(Forward, Batch, First5x5, "Conv1Relu(image, conv1Weight, conv1Bias, conv1Relu)"),
        Direct<Batch5x5>(Weight, Batch, First5x5, "DConv1Weight(image, dConv1, dConv1Weight)"),
        Direct<Batch5x5>(Forward, Batch, Second5x5, "Conv2Relu(maxPool, conv2Weight, conv2Bias, conv2Relu)"),
        Direct<Batch5x5>(Input, Batch, Second5x5, "DMaxPoolWhere(maxPool, conv2Weight, dConv2, dMaxPoolWhere)"),
        Direct<Batch5x5>(Weight, Batch, Second5x5, "DConv2Weight(maxPool, dConv2, dConv2Weight)"),
        Direct<Batch16To16>(Forward, Batch, Batch16, "Conv1Relu(image, conv1Weight, conv1Bias, conv1Relu)"),
        Direct<Batch16To16>(Input, Batch, Batch16, "DConv1(conv1Relu, conv2Weight, dConv2, dConv1)"),
        Direct<Batch16To16>(Weight, Batch, Batch16, "DConv2Weight(conv1Relu, dConv2, dConv2Weight)"),
        Direct<Batch16To32>(Forward, Batch, Batch32, "Conv2Relu(conv1Relu, conv2Weight, conv2Bias, conv2Relu)"),
        Direct<Batch16To32>(Input, Batch, Batch32, "DConv1(conv1Relu, conv2Weight, dConv2, dConv1)"),
        Direct<Batch16To32>(Weight, Batch, Batch32, "DConv2Weight(conv1Relu, dConv2, dConv2Weight)"),

        Direct<Channels64>(Forward, Channels, Wide64, "Conv1Relu(image, conv1Weight, conv1Bias, conv1Relu)"),
        Direct<Channels64>(Input, Channels, Wide64, "DConv1(conv1Relu, conv2Weight, dConv2, dConv1)"),
        Direct<Channels64>(Weight, Channels, Wide64, "DConv2Weight(conv1Relu, dConv2, dConv2Weight)"),
        Direct<Channels128>(Forward, Channels, Wide128, "Conv1Relu(image, conv1Weight, conv1Bias, conv1Relu)"),
        Direct<Channels128>(Input, Channels, Wide128, "DConv1(conv1Relu, conv2Weight, dConv2, dConv1)"),
        Direct<Channels128>(Weight, Channels, Wide128, "DConv2Weight(conv1Relu, dConv2, dConv2Weight)"),
        Direct<Channels256>(Forward, Channels, Wide256, "Conv1Relu(image, conv1Weight, conv1Bias, conv1Relu)"),
        Direct<Channels256>(Input, Channels, Wide256, "DConv1(conv1Relu, conv2Weight, dConv2, dConv1)"),
        Direct<Channels256>(Weight, Channels, Wide256, "DConv2Weight(conv1Relu, dConv2, dConv2Weight)"),
        Direct<Channels16To32>(Forward, Channels, Batch32, "Y(conv1Relu, conv2Weight, conv2Bias, y)"),
        Direct<Channels16To32>(Input, Channels, Batch32, "DConv1(conv1Relu, conv2Weight, dConv2, dConv1)"),
        Direct<Channels16To32>(Weight, Channels, Batch32, "DConv2Weight(conv1Relu, dConv2, dConv2Weight)"),
        Direct<Channels1To16>(Forward, Channels, Grey16, "Conv1Relu(image, conv1Weight, conv1Bias, conv1Relu)"),
        Direct<Channels1To16>(Weight, Channels, Grey16, "DConv1Weight(image, dConv1, dConv1Weight)"),

        Direct<Rows8>(Forward, Rows, Few8, "Conv1Relu_2(image, conv1Weight, conv1Bias, conv1Relu)"),
        Direct<Rows8>(Input, Rows, Few8, "DConv1_2(conv1Relu, conv2Weight, dConv2, dConv1)"),
        Direct<Rows8>(Weight, Rows, Few8, "DConv2Weight_2(conv1Relu, dConv2, dConv2Weight)"),

        () => WinogradKernel.AlongRows(Forward, 6, 16, 14, samples: 32),
        () => WinogradKernel.AlongRows(Weight, 6, 16, 14, samples: 32),

        .. Filtered(Batch, 16, 16, 32, samples: 32),
        .. Filtered(Batch, 32, 32, 16, samples: 32),
        .. Filtered(Batch, 64, 64, 8, samples: 32),
        .. Filtered(Channels, 16, 16, 64, samples: 4),
        .. Filtered(Channels, 32, 32, 32, samples: 4),
        .. Filtered(Channels, 64, 64, 16, samples: 4),

        .. Dense(784, 512, samples: 128),
        .. Dense(512, 512, samples: 128),
    ];

    private static Func<PeakKernel> Direct<TNetwork>(Part part, Layout layout, Convolution sizes, string kernel) =>
        () => DirectKernel.Convolution(typeof(TNetwork), part, layout, sizes, kernel);

    private static Func<PeakKernel>[] Filtered(Layout layout, int inputs, int outputs, int size, int samples) =>
        [.. Enum.GetValues<Part>().Select(part => (Func<PeakKernel>)(() => WinogradKernel.Of(part, layout, inputs, outputs, size, samples)))];

    private static Func<PeakKernel>[] Dense(int inputs, int outputs, int samples) =>
        [.. Enum.GetValues<Part>().Select(part => (Func<PeakKernel>)(() => DenseKernel.Of(part, inputs, outputs, samples)))];
}
