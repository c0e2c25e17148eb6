using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops.Derived;

/// <summary>Random cases of activation functions, against their textbook formulas.</summary>
internal static class ActivationCases
{
    static readonly Domain AwayFrom0 = new(-2, 2, 0), AwayFrom3 = new(-4, 4, -3, 3);

    public static readonly IReadOnlyDictionary<string, Func<Draw, Case>> All = new Dictionary<string, Func<Draw, Case>>
    {
        ["Square"]      = draw => Unary(draw, Domain.Any, Activations.Square, x => Math.Pow(x, 2)),
        ["LeakyRelu"]   = draw => Unary(draw, AwayFrom0, x => Activations.LeakyRelu(x, 0.2), x => Math.Max(x, 0) + 0.2 * Math.Min(x, 0)),
        ["Elu"]         = draw => Unary(draw, AwayFrom0, x => Activations.Elu(x), x => x > 0 ? x : Math.Exp(x) - 1),
        ["Selu"]        = draw => Unary(draw, AwayFrom0, Activations.Selu, x => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * (Math.Exp(x) - 1))),
        ["Silu"]        = draw => Unary(draw, Domain.Any, Activations.Silu, x => x / (1 + Math.Exp(-x))),
        ["Gelu"]        = draw => Unary(draw, Domain.Any, Activations.Gelu, x => x / (1 + Math.Exp(-2 * Math.Sqrt(2 / Math.PI) * (x + 0.044715 * Math.Pow(x, 3))))),
        ["HardSigmoid"] = draw => Unary(draw, AwayFrom3, Activations.HardSigmoid, x => x <= -3 ? 0 : x >= 3 ? 1 : (x + 3) / 6),
        ["HardSwish"]   = draw => Unary(draw, AwayFrom3, Activations.HardSwish, x => x <= -3 ? 0 : x >= 3 ? x : x * (x + 3) / 6),
        ["Clamp"]       = draw => Unary(draw, new(-2, 2, -0.7, 1.1), x => Activations.Clamp(x, -0.7, 1.1), x => Math.Clamp(x, -0.7, 1.1)),
        ["Exp"]         = draw => Unary(draw, Domain.Any, Activations.Exp, Math.Exp),
        ["Log"]         = draw => Unary(draw, Domain.Positive, Activations.Log, Math.Log),
        ["Power"]       = draw => Powered(draw, Domain.Positive, draw.Of(-2, -1.5, -1, 0, 0.5, 1, 1.7, 2, 3, 4)),
        ["PowerOfAny"]  = draw => Powered(draw, AwayFrom0, draw.Of(-1, 0, 1, 2, 3)),
        ["PRelu"]       = PRelu,
        ["Softmax"]     = draw => Normalised(draw, Activations.Softmax, (x, others) => 1 / others.Sum(other => Math.Exp(other - x))),
        ["LogSoftmax"]  = draw => Normalised(draw, Activations.LogSoftmax, (x, others) => -Math.Log(others.Sum(other => Math.Exp(other - x)))),
    };

    static Case Unary(Draw draw, Domain domain, Func<Value, Value> function, Func<double, double> formula)
    {
        var samples = draw.Int(1, 3);
        var x = draw.Operand("x", draw.Type(draw.Sizes(draw.Int(0, 3), 4, 20)), samples, domain);
        return new Case("an activation", samples, [x], (_, v) => function(v[0]), (v, n, at) => formula(v[0][n, at]));
    }

    static Case Powered(Draw draw, Domain domain, double exponent) => Unary(draw, domain, x => Activations.Power(x, exponent), x => Math.Pow(x, exponent));

    static Case PRelu(Draw draw)
    {
        var samples = draw.Int(1, 3);
        var x = draw.Operand("x", draw.Type(draw.Sizes(draw.Int(0, 3), 4, 20)), samples, AwayFrom0);
        var slope = draw.Operand("slope", draw.Type([1], batched: false), samples);
        // One slope stretches a number to a vector of one, as in NumPy.
        return new Case("PRelu", samples, [x, slope], (_, v) => Activations.PRelu(v[0], v[1]), (v, n, at) => v[0].Stretched(n, at) is var value && value > 0 ? value : value * v[1][n, 0]);
    }

    static Case Normalised(Draw draw, Func<Value, int, Value> function, Func<double, double[], double> formula)
    {
        var (samples, sizes) = (draw.Int(1, 3), draw.Sizes(draw.Int(1, 3), 4, 20));
        var axis = draw.Int(0, sizes.Length - 1);
        return new Case($"along axis {axis}", samples, draw.Distinct(samples, ("x", draw.Type(sizes))), (_, v) => function(v[0], axis), (v, n, at) =>
            formula(v[0][n, at], [.. Enumerable.Range(0, sizes[axis]).Select(i => v[0][n, [.. at.Select((own, a) => a == axis ? i : own)]])]));
    }
}
