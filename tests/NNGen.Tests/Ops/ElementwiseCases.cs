using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops;

/// <summary>Random cases of the elementwise rows and of the leaves, with what each should give.</summary>
internal static class ElementwiseCases
{
    public static readonly IReadOnlyDictionary<string, Func<Draw, Case>> All = new Dictionary<string, Func<Draw, Case>>
    {
        ["negate"]        = draw => Unary(draw, Elementwise.Negate, x => -x) with { Affine = [0] },
        ["exp"]           = draw => Unary(draw, Elementwise.Exp, Math.Exp),
        ["log"]           = draw => Unary(draw, Elementwise.Log, Math.Log),
        ["sqrt"]          = draw => Unary(draw, Elementwise.Sqrt, Math.Sqrt),
        ["abs"]           = draw => Unary(draw, Elementwise.Abs, x => x < 0 ? -x : x),
        ["tanh"]          = draw => Unary(draw, Elementwise.Tanh, x => 1 - 2 / (Math.Exp(2 * x) + 1)),
        ["sin"]           = draw => Unary(draw, Elementwise.Sin, Math.Sin),
        ["cos"]           = draw => Unary(draw, Elementwise.Cos, Math.Cos),
        ["relu"]          = draw => Unary(draw, Elementwise.Relu, x => x > 0 ? x : 0),
        ["sigmoid"]       = draw => Unary(draw, Elementwise.Sigmoid, x => 0.5 + 0.5 * Math.Tanh(x / 2)),
        ["softplus"]      = draw => Unary(draw, Elementwise.Softplus, x => Math.Log(1 + Math.Exp(x))),
        ["step"]          = draw => Unary(draw, Elementwise.Step, x => x > 0 ? 1 : 0),
        ["stop_gradient"] = draw => Unary(draw, Elementwise.StopGradient, x => x) with { Stopped = [0] },
        ["add"]           = draw => Binary(draw, Elementwise.Add, (x, z) => x + z) with { Affine = [0, 1] },
        ["subtract"]      = draw => Binary(draw, Elementwise.Subtract, (x, z) => x - z) with { Affine = [0, 1] },
        ["multiply"]      = draw => Binary(draw, Elementwise.Multiply, (x, z) => x * z) with { Affine = [0, 1] },
        ["divide"]        = Divide,
        ["maximum"]       = draw => Chosen(draw, Elementwise.Maximum, (x, z) => x > z ? x : z),
        ["minimum"]       = draw => Chosen(draw, Elementwise.Minimum, (x, z) => x < z ? x : z),
        ["power"]         = draw => Binary(draw, Elementwise.Power, Math.Pow),
        ["less"]          = draw => Compare(draw, Elementwise.Less, (x, z) => x < z),
        ["less_or_equal"] = draw => Compare(draw, Elementwise.LessOrEqual, (x, z) => x <= z),
        ["equal"]         = draw => Compare(draw, Elementwise.Equal, (x, z) => x == z),
        ["and"]           = draw => Truths(draw, Elementwise.And, 2, t => t[0] && t[1]),
        ["or"]            = draw => Truths(draw, Elementwise.Or, 2, t => t[0] || t[1]),
        ["not"]           = draw => Truths(draw, Elementwise.Not, 1, t => !t[0]),
        ["as_real"]       = AsReal,
        ["where"]         = Where,

        ["input"]         = draw => Stored(draw, Leaves.Input, draw.Flip()),
        ["target"]        = draw => Stored(draw, Leaves.Target, draw.Flip()),
        ["parameter"]     = draw => Stored(draw, Leaves.Parameter, false),
        ["buffer"]        = draw => Stored(draw, Leaves.Buffer, false),
        ["literal"]       = draw => Literal(draw.Real(-3, 3)),
        ["constant"]      = Constant,
        ["iota"]          = Iota,
        ["batch_count"]   = draw => Count(draw.Int(1, 4)),
        ["training"]      = _ => Case.Of(Leaves.Training, Attributes.None, 1, [], (_, _, _) => 1),
        ["truth"]         = draw => Truth(draw.Int(0, 1)),
    };

    static Case Unary(Draw draw, Op op, Func<double, double> formula)
    {
        var samples = draw.Int(1, 3);
        return Case.Of(op, Attributes.None, samples, [draw.Operand("x", draw.Type(draw.Sizes(draw.Int(0, 4))), samples, op.Domain)], (x, n, at) => formula(x[0][n, at]));
    }

    static Case Binary(Draw draw, Op op, Func<double, double, double> formula)
    {
        var (samples, types) = (draw.Int(1, 3), draw.Broadcastable(2));
        return Case.Of(op, Attributes.None, samples, [draw.Operand("x", types[0], samples, op.Domain), draw.Operand("z", types[1], samples, op.Domain)],
            (x, n, at) => formula(x[0].Stretched(n, at), x[1].Stretched(n, at)));
    }

    // Numerator and denominator of either sign.
    static Case Divide(Draw draw)
    {
        var quotient = Binary(draw, Elementwise.Divide, (x, z) => x / z);
        return quotient with { Affine = [0], Operands = [.. quotient.Operands.Select(o => o with { Values = [.. o.Values.Select(v => draw.Flip() ? -v : v)] })] };
    }

    static Case Chosen(Draw draw, Op op, Func<double, double, double> formula)
    {
        var (samples, types) = (draw.Int(1, 3), draw.Broadcastable(2));
        return Case.Of(op, Attributes.None, samples, draw.Distinct(samples, ("x", types[0]), ("z", types[1])), (x, n, at) => formula(x[0].Stretched(n, at), x[1].Stretched(n, at)));
    }

    static Case Compare(Draw draw, Op op, Func<double, double, bool> formula)
    {
        var (samples, type) = (draw.Int(1, 3), draw.Of(DType.F32, DType.I32));
        var types = draw.Broadcastable(2).Select(t => t with { Type = type }).ToArray();
        return Case.Of(op, Attributes.None, samples, [draw.Operand("x", types[0], samples, () => draw.Int(-1, 1)), draw.Operand("z", types[1], samples, () => draw.Int(-1, 1))],
            (x, n, at) => formula(x[0].Stretched(n, at), x[1].Stretched(n, at)) ? 1 : 0);
    }

    static Case Truths(Draw draw, Op op, int count, Func<bool[], bool> formula)
    {
        var samples = draw.Int(1, 3);
        Given[] operands = [.. draw.Broadcastable(count).Select((t, k) => draw.Operand($"x{k}", t with { Type = DType.Bool }, samples, () => draw.Int(0, 1)))];
        return Case.Of(op, Attributes.None, samples, operands, (x, n, at) => formula([.. x.Select(o => o.Stretched(n, at) != 0)]) ? 1 : 0);
    }

    static Case AsReal(Draw draw)
    {
        var (samples, truth) = (draw.Int(1, 3), draw.Flip());
        var type = draw.Type(draw.Sizes(draw.Int(0, 3))) with { Type = truth ? DType.Bool : DType.I32 };
        return Case.Of(Elementwise.AsReal, Attributes.None, samples, [draw.Operand("x", type, samples, () => truth ? draw.Int(0, 1) : draw.Int(-9, 9))], (x, n, at) => x[0][n, at]);
    }

    static Case Where(Draw draw)
    {
        var (samples, types) = (draw.Int(1, 3), draw.Broadcastable(3));
        return Case.Of(Elementwise.Select3, Attributes.None, samples,
            [draw.Operand("mask", types[0] with { Type = DType.Bool }, samples, () => draw.Int(0, 1)), draw.Operand("x", types[1], samples), draw.Operand("z", types[2], samples)],
            (x, n, at) => x[0].Stretched(n, at) != 0 ? x[1].Stretched(n, at) : x[2].Stretched(n, at)) with
        { Affine = [1, 2] };
    }

    static Case Stored(Draw draw, Op leaf, bool batched)
    {
        var x = draw.Operand("x", draw.Type(draw.Sizes(draw.Int(0, 3)), batched), 2) with { Leaf = leaf };
        return new Case(leaf.Name, 2, [x], (_, values) => values[0], (values, n, at) => values[0][n, at]) { Affine = [0] };
    }

    static Case Literal(double value) => Case.Of(Leaves.Literal, Attributes.Of(value), 2, [], (_, _, _) => value);

    static Case Count(int samples) => Case.Of(Leaves.BatchCount, Attributes.None, samples, [], (_, _, _) => samples);

    static Case Truth(int truth) => Case.Of(Leaves.Truth, Attributes.Of(truth), 1, [], (_, _, _) => truth);

    static Case Constant(Draw draw)
    {
        var type = draw.Type(draw.Sizes(draw.Int(0, 3)), batched: false);
        var values = draw.Reals(type.Elements);
        return Case.Of(Leaves.Constant, new Attributes(type.Sizes, [.. values], ""), 2, [], (_, _, at) => new Dense(type, values)[0, at]);
    }

    static Case Iota(Draw draw)
    {
        var sizes = draw.Sizes(draw.Int(0, 3));
        var strides = sizes.Select(_ => draw.Int(0, 20)).ToArray();
        return Case.Of(Leaves.Iota, Attributes.Of([sizes.Length, .. sizes, .. strides]), 2, [], (_, _, at) => at.Select((i, axis) => i * strides[axis]).Sum());
    }
}
