namespace NNGen.Benchmarks.Peak;

/// <summary>Random numbers for one part of a convolution, where its result goes, and what the plain sum says that it should be.</summary>
/// <param name="sizes">The convolution.</param>
/// <param name="part">What is computed.</param>
/// <param name="layout">Where samples lie.</param>
/// <param name="weights">How weights lie.</param>
/// <param name="samples">How many samples there are.</param>
/// <param name="cotangents">Where samples of the output's cotangent lie; null if as all others do.</param>
internal sealed class Operands(Convolution sizes, Part part, Layout layout, Layout weights, int samples, Layout? cotangents = null)
{
    private const int Points = 40;
    private const double Tolerance = 1e-4;

    // A kernel with sixteen samples in lanes does no harm where one sample was expected: its result is wrong, and that is said.
    private readonly int room = Math.Max(samples, 16);
    private readonly Random random = new(1);
    private Floats? x, y, w, bias;

    /// <summary>What goes in; where the input's gradient is computed, the output of a relu before it, whose mask this is.</summary>
    public Floats X => x ??= Numbers(room * sizes.InputFloats);

    /// <summary>The cotangent of what comes out.</summary>
    public Floats Cotangent => y ??= Numbers(room * sizes.OutputFloats);

    /// <summary>The weights.</summary>
    public Floats Weights => w ??= Numbers(sizes.WeightFloats);

    /// <summary>A number for each channel that comes out.</summary>
    public Floats Bias => bias ??= Numbers(sizes.Outputs);

    /// <summary>Receives what the part computes.</summary>
    public Floats Result { get; } = Floats.New(Count(sizes, part, Math.Max(samples, 16)));

    /// <summary>Numbers of the result that count.</summary>
    public Span<float> Written => Result.First(Count(sizes, part, samples));

    /// <summary>Compares the result with plain sums in double at some points.</summary>
    /// <param name="epilogue">What was done to the sum: it gets the sum, the place of the result, and its channel.</param>
    /// <returns>What is wrong; null if nothing is.</returns>
    public string? Check(Func<double, int, int, double> epilogue) =>
        Enumerable.Range(0, Points).Select(_ => Point(epilogue)).FirstOrDefault(fault => fault is not null);

    private string? Point(Func<double, int, int, double> epilogue)
    {
        var (n, o, i) = (random.Next(samples), random.Next(sizes.Outputs), random.Next(sizes.Inputs));
        var (to, taps) = (part switch { Part.Forward => sizes.Places, Part.Input => sizes.Size, _ => sizes.Kernel }, sizes.Kernel);
        var (r, s) = (random.Next(to), random.Next(to));
        var (at, sum) = part switch
        {
            Part.Forward => (sizes.Y(layout, n, o, r, s), Sum(sizes.Inputs, taps, taps, (c, ky, kx) => Data(n, c, r + ky, s + kx) * Weight(o, c, ky, kx))),
            Part.Input => (sizes.X(layout, n, i, r, s), Sum(sizes.Outputs, taps, taps, (c, ky, kx) => Output(n, c, r - ky, s - kx) * Weight(c, i, ky, kx))),
            _ => (sizes.W(weights, part, o, i, r, s), Sum(samples, sizes.Places, sizes.Places, (b, y, x) => Data(b, i, y + r, x + s) * Cotangent[sizes.Y(cotangents ?? layout, b, o, y, x)])),
        };
        var (expected, found) = (epilogue(sum, at, part == Part.Forward ? o : i), Result[at]);
        return Math.Abs(expected - found) <= Tolerance * (1 + Math.Abs(expected)) ? null : $"[{n}, {o}, {i}, {r}, {s}] is {found} and should be {expected}";
    }

    private static int Count(Convolution sizes, Part part, int samples) => part switch
    {
        Part.Forward => samples * sizes.OutputFloats,
        Part.Input => samples * sizes.InputFloats,
        _ => sizes.WeightFloats,
    };

    // Rows and columns count from the padding's edge.
    private double Data(int n, int c, int row, int column) => At(X, sizes.Size, row - sizes.Padding, column - sizes.Padding, (y, x) => sizes.X(layout, n, c, y, x));

    private double Output(int n, int c, int row, int column) => At(Cotangent, sizes.Places, row + sizes.Padding, column + sizes.Padding, (y, x) => sizes.Y(cotangents ?? layout, n, c, y, x));

    private double Weight(int o, int c, int row, int column) => Weights[sizes.W(weights, part, o, c, row, column)];

    private static double At(Floats numbers, int size, int row, int column, Func<int, int, int> place) =>
        row >= 0 && row < size && column >= 0 && column < size ? numbers[place(row, column)] : 0;

    private static double Sum(int count, int rows, int columns, Func<int, int, int, double> product)
    {
        var sum = 0.0;
        for (var i = 0; i < count; i++)
            for (var row = 0; row < rows; row++)
                for (var column = 0; column < columns; column++)
                    sum += product(i, row, column);
        return sum;
    }

    private Floats Numbers(int count)
    {
        var numbers = Floats.New(count);
        foreach (ref var number in numbers.First(count))
            number = (2 * random.NextSingle()) - 1;
        return numbers;
    }
}
