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
        return
        [
            .. Trained(from, written, network.Layout, "", new(losses, parameters, buffers), Tolerance.Double, _ => 0),
            Difference.Worst("y_eval_after", network.PredictDouble(parameters, last.Buffers)[0], from.Values("y_eval_after"), Tolerance.Double),
        ];
    }

    private static IEnumerable<Difference> InFloat(Case from, WrittenNetwork written, CompiledNetwork network, Optimizer optimizer, int steps)
    {
        const string Precision = " in float";
        var trained = network.TrainFloat(OperationRun.Flat(written.Parameters), OperationRun.Flat(written.Buffers), optimizer, steps);
        var last = network.Float(trained.Parameters, trained.Buffers);
        var y = network.PredictFloat(trained.Parameters, last.Buffers)[0];
        var largest = written.Parameters.Max(p => from.Values($"grad0.{p.Name}").Max(Math.Abs));
        var drifted = 0.0;
        IEnumerable<Difference> differences =
            [.. Trained(from, written, network.Layout, Precision, trained with { Losses = [.. trained.Losses, last.Loss] }, Tolerance.Trained, Drift)];
        return
        [
            .. differences,

            // Weights that have drifted are those of another network, of which the program in double says what it must give.
            drifted == 0
                ? Difference.Worst("y_eval_after" + Precision, y, from.Values("y_eval_after"), Tolerance.Trained)
                : Difference.Worst(
                    "y_eval_after of the same weights" + Precision, y, network.PredictDouble(trained.Parameters, last.Buffers)[0], Tolerance.Float),
        ];

        // Adam divides a gradient by its own size, so where the exact gradient is nothing but rounding (a bias before batch norm), each step goes anywhere
        // within the learning rate.
        double Drift(double gradient)
        {
            var drift = optimizer is Adam adam && Math.Abs(gradient) < 1e-6 * largest ? adam.LearningRate * steps : 0;
            drifted = Math.Max(drifted, drift);
            return drift;
        }
    }

    private static IEnumerable<Difference> Trained(
        Case from, WrittenNetwork written, NetworkLayout layout, string precision, TrainedValues trained, Tolerance tolerance, Func<double, double> drift)
    {
        yield return Difference.Worst("losses" + precision, trained.Losses, [.. from.Losses], tolerance);
        foreach (var (slot, info) in written.Parameters.Zip(layout.Parameters))
        {
            var (expected, gradient) = (from.Values($"param3.{slot.Name}"), from.Values($"grad0.{slot.Name}"));
            yield return Difference.Worst(
                $"param3.{slot.Name}{precision}", trained.Parameters.AsSpan(info.Offset, info.Count), expected,
                i => tolerance.At(expected[i]) + drift(gradient[i]));
        }

        // A bias before batch norm moves the mean that is recorded, by a tenth per step (the momentum).
        var moved = written.Parameters.SelectMany(slot => from.Values($"grad0.{slot.Name}")).Max(drift) / 10;
        foreach (var (slot, info) in written.Buffers.Zip(layout.Buffers).Where(b => from.Has($"buffer3.{b.First.Name}")))
        {
            var expected = from.Values($"buffer3.{slot.Name}");
            yield return Difference.Worst(
                $"buffer3.{slot.Name}{precision}", trained.Buffers.AsSpan(info.Offset, info.Count), expected, i => tolerance.At(expected[i]) + moved);
        }
    }
}
