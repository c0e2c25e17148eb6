using System.Collections.Immutable;
using NNGen.Conformance.Cases;

namespace NNGen.Conformance.Running;

/// <summary>Feeds given gradients to an optimiser of Core and compares the parameters after each step.</summary>
internal static class OptimizerRun
{
    public static ImmutableArray<Difference> Compare(Case from, Optimizer optimizer)
    {
        var parameters = Floats(from, "param.0");
        var state = new float[optimizer.StateCount(parameters.Length)];
        var steps = Enumerable.Range(1, int.MaxValue).TakeWhile(k => from.Has($"grads.{k}") && from.Has($"param.{k}")).ToArray();
        return steps.Length == 0 ? throw new CaseException("there are no tensors grads.1 and param.1") :
        [
            .. steps.Select(k =>
            {
                optimizer.Update(parameters, Floats(from, $"grads.{k}"), state, k);
                return Difference.Worst($"param.{k}", Array.ConvertAll(parameters, v => (double)v), from.Values($"param.{k}"), Tolerance.Float);
            }),
        ];
    }

    private static float[] Floats(Case from, string tensor) => Array.ConvertAll(from.Values(tensor), v => (float)v);
}
