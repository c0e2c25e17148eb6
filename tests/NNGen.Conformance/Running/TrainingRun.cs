using System.Collections.Immutable;
using NNGen.Conformance.Cases;
using NNGen.Conformance.Writing;

namespace NNGen.Conformance.Running;

/// <summary>Trains a written network for a few steps, in double and in float, and compares everything on the way.</summary>
internal static class TrainingRun
{
    /// <summary>Takes the candidate that gives the first output and loss and compares all else.</summary>
    /// <exception cref="UnsupportedException">There are several candidates, none of which gives the first output.</exception>
    public static ImmutableArray<Difference> Compare(Case from, ImmutableArray<Candidate> candidates)
    {
        var optimizer = OptimizerFamilies.Of(from.Optimizer.Text("kind", "Adam"), from.Optimizer);
        DoubleOptimizer.Require(optimizer);
        var steps = from.Optimizer.Integer(3, "steps");
        if (from.Losses.Length != steps + 1)
            throw new CaseException($"{steps} steps have {steps + 1} losses, there are {from.Losses.Length}");
        if (candidates is [var only])
            return Compare(from, only, optimizer, steps);
        foreach (var candidate in candidates)
            if (Starts(candidate))
                return Compare(from, candidate, optimizer, steps);
        throw new UnsupportedException($"the description leaves its layout open, and none of {candidates.Length} likely ones gives y0");
    }

    private static bool Starts(Candidate candidate) => NetworkCompiler.Use(candidate.Network, network => OperationRun.Compare(candidate.Network with
    {
        Expected = [.. candidate.Network.Expected.Where(e => e.Quantity is Quantity.Output or Quantity.Loss)],
    }, network, inDouble: true)).All(d => d.Agrees);

    private static ImmutableArray<Difference> Compare(Case from, Candidate candidate, Optimizer optimizer, int steps) =>
    [
        .. candidate.Probe is { } probe ? NetworkCompiler.Use(probe, network => OperationRun.Compare(probe, network, inDouble: true)) : [],
        .. NetworkCompiler.Use(candidate.Network, network => ImmutableArray.Create<Difference>(
        [
            .. OperationRun.Compare(candidate.Network, network, inDouble: true), .. InDouble(from, candidate.Network, network, optimizer, steps),
            .. OperationRun.Compare(candidate.Network, network, inDouble: false), .. InFloat(from, candidate.Network, network, optimizer, steps),
        ])),
    ];

    private static IEnumerable<Difference> InDouble(Case from, WrittenNetwork written, CompiledNetwork network, Optimizer optimizer, int steps)
    {
        var (parameters, buffers, losses) = (OperationRun.Flat(written.Parameters), OperationRun.Flat(written.Buffers), new double[steps + 1]);
        var (first, second) = (new double[parameters.Length], new double[parameters.Length]);
        for (var step = 0; step < steps; step++)
        {
            var measured = network.Double(parameters, buffers);
            (losses[step], buffers) = (measured.Loss, measured.Buffers);
            DoubleOptimizer.Update(optimizer, parameters, measured.Gradient, first, second, step + 1);
        }

        var last = network.Double(parameters, buffers);
        losses[steps] = last.Loss;
        return After(from, written, network.Layout, "", parameters, buffers, losses, network.PredictDouble(parameters, last.Buffers)[0], Tolerance.Double, (_, _) => 0);
    }

    private static IEnumerable<Difference> InFloat(Case from, WrittenNetwork written, CompiledNetwork network, Optimizer optimizer, int steps)
    {
        var (losses, parameters, buffers) = network.TrainFloat(OperationRun.Flat(written.Parameters), OperationRun.Flat(written.Buffers), optimizer, steps);
        var last = network.Float(parameters, buffers);
        return After(from, written, network.Layout, " in float", parameters, buffers, [.. losses, last.Loss], network.PredictFloat(parameters, last.Buffers)[0], Tolerance.Trained, Drift);

        // Adam divides a gradient by its own size, so where the exact gradient is nothing but rounding (a bias before batch norm), each step goes anywhere
        // within the learning rate.
        double Drift(string name, int i)
        {
            var gradient = from.Values($"grad0.{name}");
            var largest = written.Parameters.Max(p => from.Values($"grad0.{p.Name}").Max(Math.Abs));
            return optimizer is Adam adam ? adam.LearningRate * steps * Math.Min(1, 1e-6 * largest / (Math.Abs(gradient[i]) + 1e-30)) : 0;
        }
    }

    private static IEnumerable<Difference> After(
        Case from, WrittenNetwork written, NetworkLayout layout, string precision, double[] parameters, double[] buffers, double[] losses, double[] output, Tolerance tolerance,
        Func<string, int, double> drift)
    {
        yield return Difference.Worst("losses" + precision, losses, [.. from.Losses], tolerance);
        foreach (var (slot, info) in written.Parameters.Zip(layout.Parameters))
        {
            var expected = from.Values($"param3.{slot.Name}");
            yield return Difference.Worst($"param3.{slot.Name}{precision}", parameters.AsSpan(info.Offset, info.Count), expected, i => tolerance.At(expected[i]) + drift(slot.Name, i));
        }

        foreach (var (slot, info) in written.Buffers.Zip(layout.Buffers).Where(b => from.Has($"buffer3.{b.First.Name}")))
            yield return Difference.Worst($"buffer3.{slot.Name}{precision}", buffers.AsSpan(info.Offset, info.Count), from.Values($"buffer3.{slot.Name}"), tolerance);
        yield return Difference.Worst($"y_eval_after{precision}", output, from.Values("y_eval_after"), tolerance);
    }
}
