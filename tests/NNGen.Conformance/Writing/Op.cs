using System.Collections.Immutable;
using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>One op in our vocabulary: y = expression(inputs, parameters).</summary>
/// <param name="Expression">The expression, in the names of the inputs.</param>
/// <param name="Inputs">The tensors that are inputs.</param>
/// <param name="Parameters">The tensors that are parameters, in the order in which the expression gives birth to them.</param>
internal sealed record Op(string Expression, ImmutableArray<string> Inputs, params ImmutableArray<string> Parameters)
{
    /// <summary>Statements before the expression.</summary>
    public ImmutableArray<string> Statements { get; init; } = [];

    /// <summary>Whether the op works across the batch axis, so that the whole tensors are one sample.</summary>
    public bool OneSample { get; init; }

    /// <summary>Buffers and what they must be after the batch (null: not said).</summary>
    public ImmutableArray<(string Before, string? After)> Buffers { get; init; } = [];

    /// <summary>
    /// Whether y is the output in training mode. It is then looked at through the gradient of a second input g, by which it is multiplied.
    /// </summary>
    public bool InTraining { get; init; }

    /// <summary>Whether only the output is looked at, in inference mode.</summary>
    public bool OutputOnly { get; init; }

    /// <summary>The op of one input that is called x, or as the only tensor that has a gradient is.</summary>
    public static Op Of(Case from, Func<string, string> expression)
    {
        var x = Input(from);
        return new(expression(Identifier(x)), [x]);
    }

    /// <summary>The name of the op's one input.</summary>
    public static string Input(Case from) => Operands(from) is [var one] ? one
        : throw new UnsupportedException($"one input was expected, there are {string.Join(", ", Operands(from))}");

    /// <summary>The tensors that went into the op, in the order of their names; parameters and running statistics are left out.</summary>
    public static ImmutableArray<string> Operands(Case from) =>
    [
        .. from.Below("").Where(name => !name.Contains('.') && !name.StartsWith("running_", StringComparison.Ordinal))
            .Except(["y", "g", "weight", "bias", "loss"]).Order(StringComparer.Ordinal),
    ];
}

/// <summary>Writes op cases: loss = sum(y g).</summary>
internal static class OpWriter
{
    public static WrittenNetwork Write(Case from, Op op, string suffix = "")
    {
        var (y, g) = (from.Shape("y"), from.Values("g"));
        var count = op.OneSample ? 1 : y.Length > 0 ? y[0] : throw new UnsupportedException("y is one number");
        Data Column(string tensor)
        {
            var shape = from.Shape(tensor);
            return !op.OneSample && (shape.Length == 0 || shape[0] != count)
                ? throw new UnsupportedException($"{tensor} [{Sizes(shape)}] has not the batch axis of y [{Sizes(y)}]")
                : new(Identifier(tensor), [.. op.OneSample ? shape : shape.Skip(1)], from.Values(tensor));
        }

        ImmutableArray<Data> inputs = [.. op.Inputs.Select(Column)];
        ImmutableArray<Data> weights = [Column("g")];
        var loss = g.Zip(from.Values("y"), (a, b) => a * b).Sum();
        var gradients = Enumerable.Concat(
            op.Inputs.Select((name, i) => (Quantity.InputGradient, i, $"grad.{name}")),
            op.Parameters.Select((name, i) => (Quantity.ParameterGradient, i, $"grad.{name}")))
            .Where(found => from.Has(found.Item3)).Select(found => new Expectation(found.Item1, found.i, found.Item3, from.Values(found.Item3)));
        var output = new Expectation(op.InTraining ? Quantity.InputGradient : Quantity.Output, op.InTraining ? inputs.Length : 0, "y", from.Values("y"));
        var buffers = op.Buffers.Select((buffer, i) => (buffer.After, i)).Where(b => b.After is not null)
            .Select(b => new Expectation(Quantity.Buffer, b.i, b.After!, from.Values(b.After!)));

        var name = ClassName(from.Name) + suffix;
        var source = op.InTraining
            ? Network(name, [.. inputs, .. weights], [("product", $"({op.Expression}) * g")], [], "BatchSum(Sum(product))", op.Statements)
            : Network(name, inputs, [("y", op.Expression)], weights.Select(Declare), "BatchSum(Sum(y * g))", op.Statements);
        return new(
            name, source, count,
            op.InTraining ? [.. inputs, .. weights] : inputs,
            op.InTraining ? [] : weights,
            [.. op.Parameters.Select(p => new Slot(p, [.. from.Shape(p)], from.Values(p)))],
            [.. op.Buffers.Select(b => new Slot(b.Before, [.. from.Shape(b.Before)], from.Values(b.Before)))],
            [from.Values("y").Length],
            op.OutputOnly ? [output] : [output, .. gradients, .. buffers, new(Quantity.Loss, 0, "sum(y * g)", [loss])]);
    }
}
