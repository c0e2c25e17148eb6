using System.Collections.Immutable;
using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>What the data and the description of a trained network say of its input, its loss and its last activation.</summary>
internal sealed record NetLosses(string Input, string Loss, ImmutableArray<string> Targets, bool LossOfInput)
{
    private static readonly string[] TargetNames = ["t", "target", "targets", "y", "label", "labels", "ab", "eps", "clean"];

    public static NetLosses Of(Case from)
    {
        var data = from.Below("data.");
        var inputs = data.Where(name => !from.IsLabels($"data.{name}") && !TargetNames.Contains(name)).ToArray();
        var input = inputs.Contains("x") ? "x" : inputs is [var first, ..] ? first
            : throw new UnsupportedException($"which of {string.Join(", ", data)} is the input?");
        var targets = data.Where(name => from.IsLabels($"data.{name}") || TargetNames.Contains(name)).ToArray();
        if (targets.Length > 1)
            throw new UnsupportedException($"several targets ({string.Join(", ", targets)})");
        var target = targets is [var one] ? Identifier(one) : Identifier(input);
        return new(input, Text(from, targets is [var name] && from.IsLabels($"data.{name}"), target), [.. targets], targets.Length == 0);
    }

    /// <summary>The last activation, by what values the output has and which the description names, likeliest first.</summary>
    public static string[] LastActivations(Case from)
    {
        var (y, classes) = (from.Values("y0"), from.Shape("y0").Length == 2 ? from.Shape("y0")[1] : 0);
        bool Sums(Func<double, double> of) => classes > 1 && y.Chunk(classes).All(row => Math.Abs(row.Sum(of) - 1) < 1e-4);
        if (Sums(Math.Exp))
            return [" | LogSoftmax"];
        if (y.All(v => v >= 0) && Sums(v => v))
            return [" | Softmax"];
        var (low, high) = (y.Min(), y.Max());
        return [.. new[]
        {
            (Text: " | Sigmoid", Possible: low >= 0 && high <= 1, Named: from.Says("sigmoid") || from.Says("BCE")),
            (Text: " | Tanh", Possible: low >= -1 && high <= 1, Named: from.Says("tanh") || from.Says("generator")),
            (Text: "", Possible: true, Named: true),
            (Text: " | Sigmoid", Possible: low >= 0 && high <= 1, Named: true),
            (Text: " | Tanh", Possible: low >= -1 && high <= 1, Named: true),
            (Text: " | Relu", Possible: low >= 0, Named: true),
        }.Where(a => a.Possible && a.Named).Select(a => a.Text).Distinct()];
    }

    private static string Text(Case from, bool labels, string target)
    {
        var sum = from.Says("-sum") || from.Says(" sum") || from.Says("summed") ? ", Reduction.Sum" : "";
        var probabilities = from.Values("y0").All(v => v is >= 0 and <= 1);
        var logarithms = from.Says("log_softmax") || LastActivations(from) is [" | LogSoftmax"];
        return labels ? $"{(logarithms ? "NegativeLogLikelihood" : "CrossEntropy")}(y, {target}{sum})"
            : from.Says("MSE") ? $"MeanSquaredError(y, {target}{sum})"
            : from.Says("BCE") || from.Says("cross-entropy") || from.Says("cross entropy")
                ? $"BinaryCrossEntropy{(probabilities ? "OfProbabilities" : "")}(y, {target}{sum})"
            : from.Says("smooth") ? $"SmoothL1(y, {target})"
            : from.Says("L1") ? $"MeanAbsoluteError(y, {target}{sum})"
            : $"MeanSquaredError(y, {target}{sum})";
    }
}
