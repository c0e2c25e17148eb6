using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>Functions of single elements.</summary>
internal static class ElementwiseFamilies
{
    public static readonly Family[] Table =
    [
        Family.Of("relu",           x => $"{x} | Relu"),
        Family.Of("relu6",          x => $"{x} | Clamp(0, 6)"),
        Family.Of("tanh",           x => $"{x} | Tanh"),
        Family.Of("sigmoid",        x => $"{x} | Sigmoid"),
        Family.Of("logsigmoid",     x => $"-Softplus(-{x})"),
        Family.Of("exp",            x => $"{x} | Exp"),
        Family.Of("log",            x => $"{x} | Log"),
        Family.Of("sqrt",           x => $"{x} | Sqrt"),
        Family.Of("rsqrt",          x => $"1 / Sqrt({x})"),
        Family.Of("abs",            x => $"{x} | Abs"),
        Family.Of("square",         x => $"{x} | Square"),
        Family.Of("sin",            x => $"{x} | Sin"),
        Family.Of("cos",            x => $"{x} | Cos"),
        Family.Of("neg",            x => $"-{x}"),
        Family.Of("reciprocal",     x => $"1 / {x}"),
        Family.Of("neg_reciprocal", x => $"-(1 / {x})"),
        Family.Of("selu",           x => $"{x} | Selu"),
        Family.Of("silu",           x => $"{x} | Silu"),
        Family.Of("swish",          x => $"{x} | Silu"),
        Family.Of("mish",           x => $"{x} * Tanh(Softplus({x}))"),
        Family.Of("softsign",       x => $"{x} / (1 + Abs({x}))"),
        Family.Of("hardsigmoid",    x => $"{x} | HardSigmoid"),
        Family.Of("hardswish",      x => $"{x} | HardSwish"),
        Family.Of("step",           x => $"{x} | Step"),
        Family.Of("gelu", ["approximate"], from => from.Attributes.Text("approximate", "none") == "tanh" ? Op.Of(from, x => $"{x} | Gelu")
            : throw new UnsupportedException("Gelu is the form with tanh, and there is no erf")),
        Family.Of("elu", ["alpha"], from => Op.Of(from, x => from.Attributes.Number(1, "alpha") is var alpha && alpha == 1 ? $"{x} | Elu"
            : $"Where({x} > 0, {x}, {Literal(alpha)} * (Exp({x}) - 1))")),
        Family.Of("softplus", ["beta", "threshold"], from => Op.Of(from, x =>
            from.Attributes.Number(1, "beta") is var beta && beta == 1 ? $"{x} | Softplus"
            : $"Softplus({Literal(beta)} * {x}) / {Literal(beta)}")),
        .. new[] { "leaky_relu", "leakyrelu", "lrelu" }.Select(name => Family.Of(name, ["slope", "negative_slope", "alpha"],
            from => Op.Of(from, x => $"{x} | LeakyRelu({Literal(from.Attributes.Number(0.01, "slope", "negative_slope", "alpha"))})"))),
        Family.Of("clamp", ["min", "max"], from => Clamp(from, from.Attributes.Number(double.NaN, "min"), from.Attributes.Number(double.NaN, "max"))),
        Family.Of("hardtanh", ["min_val", "max_val"], from => Clamp(from, from.Attributes.Number(-1, "min_val"), from.Attributes.Number(1, "max_val"))),
        .. new[] { "pow", "power" }.Select(name => Family.Of(name, ["exponent"], from => Op.Operands(from).Length == 1
            ? Op.Of(from, x => $"{x} | Power({Literal(from.Attributes.Number(2, "exponent"))})")
            : Binary(from, (a, b) => $"Pow({a}, {b})"))),
        Family.Of("add", [], from => Binary(from, (a, b) => $"{a} + {b}")),
        Family.Of("sub", [], from => Binary(from, (a, b) => $"{a} - {b}")),
        Family.Of("mul", [], from => Binary(from, (a, b) => $"{a} * {b}")),
        Family.Of("div", [], from => Binary(from, (a, b) => $"{a} / {b}")),
        Family.Of("maximum", [], from => Binary(from, (a, b) => $"Max({a}, {b})")),
        Family.Of("minimum", [], from => Binary(from, (a, b) => $"Min({a}, {b})")),
    ];

    /// <summary>Held between two numbers, or from one side where the other is not a number.</summary>
    private static Op Clamp(Cases.Case from, double low, double high) => Op.Of(from, x =>
        double.IsNaN(high) ? $"Max({x}, {Literal(low)})"
        : double.IsNaN(low) ? $"Min({x}, {Literal(high)})"
        : $"{x} | Clamp({Literal(low)}, {Literal(high)})");

    /// <summary>An op of two tensors; one that has not y's batch axis is a parameter.</summary>
    public static Op Binary(Cases.Case from, Func<string, string, string> expression)
    {
        if (Op.Operands(from) is not [var a, var b])
            throw new UnsupportedException($"two inputs were expected, there are {string.Join(", ", Op.Operands(from))}");
        var y = from.Shape("y");
        bool Batched(string tensor) => from.Shape(tensor) is var shape && shape.Length == y.Length && shape[0] == y[0];
        string Name(string tensor) => Batched(tensor) ? Identifier(tensor)
            : $"Parameter([{Sizes(from.Shape(tensor))}], name: \"{tensor}\")";
        return new(expression(Name(a), Name(b)), [.. new[] { a, b }.Where(Batched)], [.. new[] { a, b }.Where(t => !Batched(t))]);
    }
}
