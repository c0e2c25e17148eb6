using System.Collections.Immutable;
using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>Losses: what has a gradient is an input, everything else a target.</summary>
internal static class LossFamilies
{
    public static readonly Family[] Table =
    [
        Of("loss_cross_entropy", [],         (p, t, from) => $"CrossEntropy({p}, {t}{Reduced(from)})"),
        Of("loss_nll", [],                   (p, t, from) => $"NegativeLogLikelihood({LogProbabilities(from, p)}, {t}{Reduced(from)})"),
        Of("loss_mse", [],                   (p, t, from) => $"MeanSquaredError({p}, {t}{Reduced(from)})"),
        Of("loss_l1", [],                    (p, t, from) => $"MeanAbsoluteError({p}, {t}{Reduced(from)})"),
        Of("loss_smooth_l1", ["beta"],       (p, t, from) => $"SmoothL1({p}, {t}, {Number(from, "beta")}{Reduced(from)})"),
        Of("loss_huber", ["delta"],          (p, t, from) => $"{Number(from, "delta")} * SmoothL1({p}, {t}, {Number(from, "delta")}{Reduced(from)})"),
        Of("loss_bce", [],                   (p, t, from) => $"BinaryCrossEntropy{(from.Has("logits") ? "" : "OfProbabilities")}({p}, {t}{Reduced(from)})"),
        Of("loss_bce_logits", [],            (p, t, from) => $"BinaryCrossEntropy({p}, {t}{Reduced(from)})"),
        Of("loss_bce_with_logits", [],       (p, t, from) => $"BinaryCrossEntropy({p}, {t}{Reduced(from)})"),
        new("loss_kl_vae", ["reduction"], from => Write(from, (outputs, _) => outputs is [var logvar, var mu]
            ? $"BatchSum(-0.5f * Sum(1 + {logvar} - {mu} * {mu} - Exp({logvar})))"
            : throw new UnsupportedException("the divergence of a mean (mu) and a logarithm of a variance (logvar) is known"))),
    ];

    private static Family Of(string prefix, string[] attributes, Func<string, string, Case, string> loss) => new(prefix, ["reduction", .. attributes],
        from => Write(from, (inputs, targets) => inputs.Length == 1 && targets.Length == 1
            ? loss(inputs[0], targets[0], from)
            : throw new UnsupportedException($"{prefix} of the inputs {string.Join(", ", inputs)} and the targets {string.Join(", ", targets)} is not known")));

    private static string LogProbabilities(Case from, string y) => from.Says("log_softmax") || from.Has("logits") ? $"LogSoftmax({y})" : y;

    private static string Number(Case from, string name) => Literal(from.Attributes.Number(Said(from, name, 1), name));

    private static bool Sums(Case from) => from.Attributes.Text("reduction", "") is var reduction && reduction != "" ? reduction == "sum"
        : from.Name.Split('_').Contains("sum") || from.Says(", sum");

    private static string Reduced(Case from) => Sums(from) ? ", Reduction.Sum" : "";

    /// <summary>A number that the description gives as <c>name=number</c>.</summary>
    private static double Said(Case from, string name, double otherwise) =>
        from.What.Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries).Where(word => word.StartsWith(name + "=", StringComparison.Ordinal))
            .Select(word => double.Parse(word[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture)).FirstOrDefault(otherwise);

    private static Writing Write(Case from, Func<string[], string[], string> loss)
    {
        var operands = Op.Operands(from);
        var inputs = operands.Where(name => from.Has($"grad.{name}")).ToImmutableArray();
        var targets = operands.Except(inputs).ToImmutableArray();
        var classes = from.Shape(inputs[0]) is { Length: > 1 } shape ? shape[1] : 0;
        Data Column(string tensor) => new(Identifier(tensor), [.. from.Shape(tensor).Skip(1)], from.Values(tensor), from.IsLabels(tensor) ? classes : 0);
        ImmutableArray<Data> columns = [.. inputs.Select(Column)];
        ImmutableArray<Data> others = [.. targets.Select(Column)];
        // Forward hands its inputs on to Loss as they are.
        var outputs = columns.Length == 1 ? ["y"] : columns.Select(c => $"{c.Name}Output").ToArray();
        var source = Network(ClassName(from.Name), columns, [.. outputs.Zip(columns, (output, column) => (output, column.Name))], others.Select(Declare),
            loss(outputs, [.. targets.Select(Identifier)]));
        return new Writing.Operation([new(
            ClassName(from.Name), source, from.Shape(inputs[0])[0], columns, others, [], [], [.. inputs.Select(name => from.Values(name).Length)],
            [
                new(Quantity.Loss, 0, "loss", from.Values("loss")),
                .. inputs.Select((name, i) => new Expectation(Quantity.InputGradient, i, $"grad.{name}", from.Values($"grad.{name}"))),
            ])]);
    }
}
