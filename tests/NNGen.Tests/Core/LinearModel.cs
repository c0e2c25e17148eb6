using System.Collections.Immutable;
using NNGen.Kernels;

namespace NNGen.Tests.Core;

/// <summary>
/// What the generator would emit for y = W x + b with [3] inputs and [2] outputs and the mean squared error, written by hand; the buffer counts samples seen.
/// </summary>
public sealed class LinearModel : INetwork<LinearModel, LinearModel.Batch, LinearModel.Metrics>, IDoubleNetwork<LinearModel>
{
    private LinearModel(NetworkValues values) => Values = values;

    public static NetworkLayout Layout { get; } = new(
        "LinearModel",
        [new("dense1.weight", [2, 3], 0, Initializer.FanIn, 3, 2), new("dense1.bias", [2], 6, Initializer.FanIn, 3, 2)],
        [new("seen", [], 0, Initializer.Zero, 1, 1)]);

    public static ImmutableArray<ColumnInfo> Columns { get; } = [new("x", [3], ColumnKind.Real, 0), new("target", [2], ColumnKind.Real, 0)];

    public NetworkValues Values { get; }

    public static LinearModel Of(NetworkValues values) => new(values);

    public static LinearModel Initialize(ulong seed) => Of(Initialization.Draw(Layout, seed));

    public static Batch Bind(ColumnBatch columns) => new(columns.Count, columns.Real(0, Columns[0]), columns.Real(1, Columns[1]));

    public Metrics Gradient(Batch batch, Memory<float> gradientMemory, Memory<float> bufferMemory, WorkerTeam? team = null)
    {
        var gradient = gradientMemory.Span;
        var buffers = bufferMemory.Span;
        var (loss, error) = Run([.. Values.Parameters.ToArray().Select(p => (double)p)], batch.X.Span, batch.Target.Span, batch.Count, out var exact);
        for (var i = 0; i < gradient.Length; i++)
            gradient[i] = (float)exact[i];
        buffers[0] = Values.Buffers[0] + batch.Count;
        return new((float)loss, (float)error);
    }

    public Metrics Evaluate(Batch batch, WorkerTeam? team = null) => Gradient(batch, new float[8], new float[1]);

    public static double LossAndGradient(
        int count, ReadOnlySpan<double> parameters, ReadOnlySpan<double> buffers, double[][] reals, int[][] labels, Span<double> gradient,
        double[][] inputGradients, Span<double> updatedBuffers)
    {
        var (loss, _) = Run(parameters.ToArray(), Floats(reals[0]), Floats(reals[1]), count, out var exact);
        exact.CopyTo(gradient);
        updatedBuffers[0] = buffers[0] + count;
        return loss;

        static float[] Floats(double[] values) => [.. values.Select(value => (float)value)];
    }

    public static double Loss(int count, ReadOnlySpan<double> parameters, ReadOnlySpan<double> buffers, double[][] reals, int[][] labels) =>
        LossAndGradient(count, parameters, buffers, reals, labels, new double[8], [], new double[1]);

    public static void Predict(int count, ReadOnlySpan<double> parameters, ReadOnlySpan<double> buffers, double[][] inputs, double[][] outputs)
    {
        for (var n = 0; n < count; n++)
            for (var o = 0; o < 2; o++)
                outputs[0][(n * 2) + o] = Output(parameters, inputs[0].AsSpan(n * 3, 3), o);
    }

    private static double Output(ReadOnlySpan<double> p, ReadOnlySpan<double> x, int o) =>
        (p[o * 3] * x[0]) + (p[(o * 3) + 1] * x[1]) + (p[(o * 3) + 2] * x[2]) + p[6 + o];

    private static (double Loss, double Error) Run(double[] p, ReadOnlySpan<float> x, ReadOnlySpan<float> target, int count, out double[] gradient)
    {
        var (loss, error) = (0.0, 0.0);
        gradient = new double[8];
        for (var n = 0; n < count; n++)
            for (var o = 0; o < 2; o++)
            {
                var row = new double[] { x[n * 3], x[(n * 3) + 1], x[(n * 3) + 2] };
                var d = Output(p, row, o) - target[(n * 2) + o];
                loss += d * d / (2 * count);
                error += Math.Abs(d) / (2 * count);
                for (var i = 0; i < 3; i++)
                    gradient[(o * 3) + i] += d * row[i] / count;
                gradient[6 + o] += d / count;
            }

        return (loss, error);
    }

    public sealed record Batch(int Count, ReadOnlyMemory<float> X, ReadOnlyMemory<float> Target) : IBatch;

    public sealed record Metrics(float Loss, float Error) : IMetrics<Metrics>
    {
        public static ImmutableArray<string> Names { get; } = ["Loss", "Error"];

        public float this[int index] => index == 0 ? Loss : Error;

        public static Metrics Of(ReadOnlySpan<float> values) => new(values[0], values[1]);
    }
}
