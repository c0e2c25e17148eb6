using NNGen.Conformance.Writing;

namespace NNGen.Conformance.Running;

/// <summary>Core's optimisers work in float; these are their formulas in double, for what is trained in double.</summary>
internal static class DoubleOptimizer
{
    /// <summary>Optimisers that there are in double.</summary>
    public static void Require(Optimizer optimizer)
    {
        if (optimizer is not (Adam or Sgd { Momentum: 0 }))
            throw new UnsupportedException($"training in double knows Adam and plain Sgd, not {optimizer}");
    }

    /// <summary>Step number <paramref name="step"/>, from 1.</summary>
    public static void Update(Optimizer optimizer, double[] parameters, double[] gradient, double[] first, double[] second, int step)
    {
        for (var i = 0; i < parameters.Length; i++)
            switch (optimizer)
            {
                case Sgd sgd:
                    parameters[i] -= sgd.LearningRate * (gradient[i] + sgd.WeightDecay * parameters[i]);
                    break;
                case Adam adam:
                    var g = gradient[i] + adam.WeightDecay * parameters[i];
                    first[i] = adam.Beta1 * first[i] + (1 - adam.Beta1) * g;
                    second[i] = adam.Beta2 * second[i] + (1 - adam.Beta2) * g * g;
                    var (m, v) = (first[i] / (1 - Math.Pow(adam.Beta1, step)), second[i] / (1 - Math.Pow(adam.Beta2, step)));
                    parameters[i] -= adam.LearningRate * m / (Math.Sqrt(v) + adam.Epsilon);
                    break;
            }
    }
}
