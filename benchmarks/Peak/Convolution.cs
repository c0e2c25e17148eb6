namespace NNGen.Benchmarks.Peak;

/// <summary>What a kernel of a convolution computes.</summary>
internal enum Part { Forward, Input, Weight }

/// <summary>Where a sample's numbers lie, and how the kernels that read them like their weights.</summary>
internal enum Layout
{
    /// <summary>[block of 16 samples][channel][row][column][sample].</summary>
    Batch,

    /// <summary>[sample][row][column][channel] where 16 divides the channels, [sample][channel][row][column] elsewhere; weights with the channels in lanes last.</summary>
    Channels,

    /// <summary>[sample][feature], and weights as they are: the gradient of a dense layer's weights, and maps of few channels, row by row.</summary>
    Rows,
}

/// <summary>A convolution of square maps with stride 1. A dense layer is one whose maps have one place.</summary>
/// <param name="Inputs">Channels that go in.</param>
/// <param name="Outputs">Channels that come out.</param>
/// <param name="Size">Rows, and columns, of what goes in.</param>
/// <param name="Kernel">Rows, and columns, of the kernels.</param>
/// <param name="Padding">Zeros on each side.</param>
internal sealed record Convolution(int Inputs, int Outputs, int Size = 1, int Kernel = 1, int Padding = 0)
{
    private const int Lanes = 16;

    /// <summary>Rows, and columns, of what comes out.</summary>
    public int Places => Size + (2 * Padding) - Kernel + 1;

    /// <summary>Numbers of a sample that go in.</summary>
    public int InputFloats => Inputs * Size * Size;

    /// <summary>Numbers of a sample that come out.</summary>
    public int OutputFloats => Outputs * Places * Places;

    /// <summary>Numbers of the weights.</summary>
    public int WeightFloats => Outputs * Inputs * Kernel * Kernel;

    /// <summary>Operations of the direct sum, the same in all parts: two for each product, and products with the zeros around a map count.</summary>
    public double Flops(int samples) => 2.0 * samples * OutputFloats * Inputs * Kernel * Kernel;

    /// <summary>The place of a number that goes in.</summary>
    public int X(Layout layout, int sample, int channel, int row, int column) => Place(layout, Inputs, Size, sample, channel, row, column);

    /// <summary>The place of a number that comes out.</summary>
    public int Y(Layout layout, int sample, int channel, int row, int column) => Place(layout, Outputs, Places, sample, channel, row, column);

    /// <summary>The place of a weight for one part. With channels in lanes, those that the part's result is along are last in a gradient, and in panels of 16 in factors.</summary>
    public int W(Layout layout, Part part, int output, int input, int row, int column) => (layout, part) switch
    {
        (not Layout.Channels, _) => ((((output * Inputs) + input) * Kernel) + row) * Kernel + column,
        (_, Part.Weight) => ((((input * Kernel) + row) * Kernel) + column) * Outputs + output,
        (_, Part.Input) => ((((((input / Lanes * Outputs) + output) * Kernel) + row) * Kernel) + column) * Lanes + (input % Lanes),
        _ => ((((((output / Lanes * Inputs) + input) * Kernel) + row) * Kernel) + column) * Lanes + (output % Lanes),
    };

    public override string ToString() => Size == 1 ? $"{Inputs}->{Outputs}" : $"{Inputs}->{Outputs} k{Kernel} at {Size}x{Size}" + (Places == Size ? "" : $"->{Places}x{Places}");

    private static int Place(Layout layout, int channels, int size, int sample, int channel, int row, int column) => layout switch
    {
        Layout.Batch => ((((((sample / Lanes * channels) + channel) * size) + row) * size) + column) * Lanes + (sample % Lanes),
        _ when channels % Lanes == 0 => ((((sample * size) + row) * size) + column) * channels + channel,
        _ => ((((sample * channels) + channel) * size) + row) * size + column,
    };
}
