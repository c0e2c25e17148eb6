using System.Collections.Immutable;
using NNGen.Conformance.Writing;

namespace NNGen.Conformance.Running;

/// <summary>Runs a written network once and compares all it is expected to give.</summary>
internal static class OperationRun
{
    /// <summary>In double, and what Predict and Gradient give in float.</summary>
    public static ImmutableArray<Difference> Compare(WrittenNetwork written) => NetworkCompiler.Use(written, network =>
        Compare(written, network, inDouble: true).AddRange(Compare(written, network, inDouble: false)));

    /// <summary>In one precision.</summary>
    public static ImmutableArray<Difference> Compare(WrittenNetwork written, CompiledNetwork network, bool inDouble)
    {
        var (parameters, buffers) = (Flat(written.Parameters), Flat(written.Buffers));
        var measured = inDouble ? network.Double(parameters, buffers) : network.Float(parameters, buffers);
        if (written.Expected.Any(e => e.Quantity == Quantity.Output))
            measured = measured with { Outputs = inDouble ? network.PredictDouble(parameters, buffers) : network.PredictFloat(parameters, buffers) };
        var (precision, tolerance) = inDouble ? ("", Tolerance.Double) : (" in float", Tolerance.Float);
        return
        [
            .. written.Expected.Where(e => inDouble || e.Quantity != Quantity.InputGradient)
                .Select(e => Difference.Worst(e.Tensor + precision, Actual(e, measured, network.Layout), e.Values, tolerance)),
        ];
    }

    /// <summary>The values of parameters or buffers, one after the other.</summary>
    public static double[] Flat(ImmutableArray<Slot> slots) => [.. slots.SelectMany(slot => slot.Values)];

    private static ReadOnlySpan<double> Actual(Expectation expected, Measured measured, NetworkLayout layout) => expected.Quantity switch
    {
        Quantity.Output => measured.Outputs[expected.Index],
        Quantity.Loss => new double[] { measured.Loss },
        Quantity.InputGradient => measured.InputGradients[expected.Index],
        Quantity.ParameterGradient => Part(measured.Gradient, layout.Parameters[expected.Index]),
        _ => Part(measured.Buffers, layout.Buffers[expected.Index]),
    };

    private static ReadOnlySpan<double> Part(double[] all, TensorInfo info) => all.AsSpan(info.Offset, info.Count);
}
