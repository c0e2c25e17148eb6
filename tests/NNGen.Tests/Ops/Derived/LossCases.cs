using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops.Derived;

/// <summary>Random cases of losses, against their textbook formulas.</summary>
internal static class LossCases
{
    const double Beta = 0.7;

    public static readonly IReadOnlyDictionary<string, Func<Draw, Case>> All = new Dictionary<string, Func<Draw, Case>>
    {
        ["CrossEntropy"]          = draw => Labelled(draw, Losses.CrossEntropy, (classes, label) => Math.Log(classes.Sum(x => Math.Exp(x - classes[label])))),
        ["NegativeLogLikelihood"] = draw => Labelled(draw, (x, labels, sum) => Losses.NegativeLogLikelihood(x, labels, sum), (classes, label) => -classes[label]),
        ["FractionCorrect"]       = draw => Labelled(draw, (x, labels, _) => Losses.FractionCorrect(x, labels), (classes, label) => classes[label] == classes.Max() ? 1 : 0, sum: false) with { Stopped = [0] },
        ["MeanSquaredError"]      = draw => Paired(draw, Losses.MeanSquaredError, (a, b) => Math.Pow(a - b, 2)),
        ["MeanAbsoluteError"]     = draw => Paired(draw, Losses.MeanAbsoluteError, (a, b) => Math.Abs(a - b), kinks: 0),
        ["SmoothL1"]              = draw => Paired(draw, (a, b, sum) => Losses.SmoothL1(a, b, Beta, sum), (a, b) => Huber(Math.Abs(a - b)), kinks: [-Beta, Beta]),
        ["SmoothL1 of beta 0"]    = draw => Paired(draw, (a, b, sum) => Losses.SmoothL1(a, b, 0, sum), (a, b) => Math.Abs(a - b), kinks: 0),
        ["BinaryCrossEntropy"]    = draw => Binary(draw, Domain.Any, Losses.BinaryCrossEntropy, (x, t) => Entropy(1 / (1 + Math.Exp(-x)), t)),
        ["BinaryCrossEntropyOfProbabilities"] = draw => Binary(draw, new(0.05, 0.95), Losses.BinaryCrossEntropyOfProbabilities, Entropy) with { Once = true },
        ["OneHot"]                = OneHot,
    };

    static double Huber(double distance) => distance < Beta ? distance * distance / (2 * Beta) : distance - Beta / 2;

    static double Entropy(double p, double t) => -t * Math.Log(p) - (1 - t) * Math.Log(1 - p);

    // Logits [classes, ..] and a label for each place.
    static Case Labelled(Draw draw, Func<Value, Value, bool, Value> loss, Func<double[], int, double> formula, bool? sum = null)
    {
        var (samples, classes, sizes, summed) = (draw.Int(1, 3), draw.Int(1, 4), draw.Sizes(draw.Int(0, 2), 3), sum ?? draw.Flip());
        var logits = draw.Distinct(samples, ("logits", draw.Type([classes, .. sizes])))[0];
        var labels = draw.Operand("labels", draw.Type(sizes) with { Type = DType.I32 }, samples, () => draw.Int(0, classes - 1)) with { Leaf = Leaves.Target };
        return Reduced("a loss of logits and labels", samples, [logits, labels], sizes, summed, (_, v) => loss(v[0], v[1], summed), (v, n, at) =>
            formula([.. Enumerable.Range(0, classes).Select(c => v[0][n, [c, .. at]])], (int)v[1][n, at]));
    }

    static Case Paired(Draw draw, Func<Value, Value, bool, Value> loss, Func<double, double, double> formula, params double[] kinks)
    {
        var (samples, sizes, sum) = (draw.Int(1, 3), draw.Sizes(draw.Int(0, 3), 4, 15), draw.Flip());
        while (true)
        {
            var (a, b) = (draw.Operand("a", draw.Type(sizes), samples), draw.Operand("b", draw.Type(sizes), samples));
            if (Dense.Points([samples, .. sizes]).All(p => kinks.All(kink => Math.Abs(a.Dense[p[0], p[1..]] - b.Dense[p[0], p[1..]] - kink) > Draw.Margin)))
                return Reduced("a loss of two values", samples, [a, b], sizes, sum, (_, v) => loss(v[0], v[1], sum), (v, n, at) => formula(v[0][n, at], v[1][n, at]));
        }
    }

    static Case Binary(Draw draw, Domain domain, Func<Value, Value, bool, Value> loss, Func<double, double, double> formula)
    {
        var (samples, sizes, sum) = (draw.Int(1, 3), draw.Sizes(draw.Int(0, 3), 4, 15), draw.Flip());
        Given[] operands = [draw.Operand("x", draw.Type(sizes), samples, domain), draw.Operand("target", draw.Type(sizes), samples, new Domain(0, 1)) with { Leaf = Leaves.Target }];
        return Reduced("a loss of two classes", samples, operands, sizes, sum, (_, v) => loss(v[0], v[1], sum), (v, n, at) => formula(v[0][n, at], v[1][n, at]));
    }

    // The mean over places is a number for each sample, if any operand has one; the sum is one for the batch.
    static Case Reduced(string text, int samples, Given[] operands, int[] sizes, bool sum, Func<GraphBuilder, Value[], Value> apply, Func<Dense[], int, int[], double> element) =>
        new(text + (sum ? ", summed" : ""), samples, operands, apply, (v, n, _) =>
        {
            var places = Dense.Points(sizes).ToArray();
            var all = sum && operands.Any(o => o.Type.Batched) ? Enumerable.Range(0, samples) : [n];
            return all.Sum(sample => places.Sum(at => element(v, sample, at))) / (sum ? 1 : places.Length);
        });

    static Case OneHot(Draw draw)
    {
        var (samples, classes, sizes) = (draw.Int(1, 3), draw.Int(1, 5), draw.Sizes(draw.Int(0, 2), 3));
        var labels = draw.Operand("labels", draw.Type(sizes) with { Type = DType.I32 }, samples, () => draw.Int(0, classes - 1)) with { Leaf = Leaves.Target };
        return new Case("OneHot", samples, [labels], (_, v) => Losses.OneHot(v[0], classes), (v, n, at) => (int)v[0][n, at[1..]] == at[0] ? 1 : 0);
    }
}
