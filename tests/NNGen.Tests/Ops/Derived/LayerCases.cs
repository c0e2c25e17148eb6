using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Ops.Derived;
using NNGen.Tests.Support;

namespace NNGen.Tests.Ops.Derived;

/// <summary>Random cases of affine layers, pooling and statistics.</summary>
internal static class LayerCases
{
    public static readonly IReadOnlyDictionary<string, Func<Draw, Case>> All = new Dictionary<string, Func<Draw, Case>>
    {
        ["Dense"]                = FullyConnected,
        ["Convolve"]             = Convolve,
        ["ConvolveTransposed"]   = ConvolveTransposed,
        ["MaxPool"]              = draw => Pool(draw, (x, k, s, p, _) => Pooling.Max(x, k, s, p), (inside, _) => inside.Max()),
        ["AveragePool"]          = draw => Pool(draw, Pooling.Average, (inside, count) => inside.Sum() / count),
        ["GlobalAveragePool"]    = draw => Reduced(draw, 3, (x, _) => Pooling.GlobalAverage(x), all => all.Average(), axes: [1, 2], keep: true),
        ["Sum"]                  = draw => Reduced(draw, null, Statistics.Sum, all => all.Sum()),
        ["Max"]                  = draw => Reduced(draw, null, Statistics.Max, all => all.Max()),
        ["Min"]                  = draw => Reduced(draw, null, Statistics.Min, all => all.Min()),
        ["Mean"]                 = draw => Reduced(draw, null, Statistics.Mean, all => all.Average()),
        ["Variance"]             = draw => Reduced(draw, null, (x, axes) => Statistics.Variance(x, false, axes), all => all.Sum(x => Math.Pow(x - all.Average(), 2)) / all.Length),
        ["Variance, unbiased"]   = draw => Reduced(draw, null, (x, axes) => Statistics.Variance(x, true, axes), all => all.Sum(x => Math.Pow(x - all.Average(), 2)) / (all.Length - 1), least: 2),
        ["BatchMean"]            = draw => OverTheBatch(draw, Statistics.BatchMean, all => all.Average()),
        ["BatchSum"]             = draw => OverTheBatch(draw, Statistics.BatchSum, all => all.Sum()),
        ["BatchNorm, training"]  = draw => BatchNorm(draw, true, norm => norm.Y, s => (s.X - s.Mean) / Math.Sqrt(s.Variance + Epsilon) * s.Weight + s.Bias),
        ["BatchNorm, inference"] = draw => BatchNorm(draw, false, norm => norm.Y, s => (s.X - s.RunningMean) / Math.Sqrt(s.RunningVariance + Epsilon) * s.Weight + s.Bias),
        ["BatchNorm, mean"]      = draw => BatchNorm(draw, true, norm => norm.RunningMean, s => 0.9 * s.RunningMean + 0.1 * s.Mean),
        ["BatchNorm, variance"]  = draw => BatchNorm(draw, true, norm => norm.RunningVariance, s => 0.9 * s.RunningVariance + 0.1 * s.Variance * s.Count / Math.Max(1, s.Count - 1)),
    };

    // Large, so that third derivatives leave differences their digits.
    const double Epsilon = 0.1;

    static Case FullyConnected(Draw draw)
    {
        var (samples, leading, features, outputs, bias) = (draw.Int(1, 3), draw.Sizes(draw.Int(0, 2), 3), draw.Int(1, 4), draw.Int(1, 4), draw.Flip());
        Given[] operands = [draw.Operand("x", draw.Type([.. leading, features]), samples), draw.Operand("weight", draw.Type([outputs, features], false), samples), .. Bias(draw, bias, outputs)];
        return new Case("Dense", samples, operands, (_, v) => Affine.Dense(v[0], v[1], bias ? v[2] : null), (v, n, at) =>
            Enumerable.Range(0, features).Sum(k => v[0][n, [.. at[..^1], k]] * v[1][0, at[^1], k]) + (bias ? v[2][0, at[^1]] : 0)) with
        { Affine = [0, 1] };
    }

    static Case Convolve(Draw draw)
    {
        var (samples, g, bias) = (draw.Int(1, 2), Geometry.Of(draw, draw.Of(1, 2)), draw.Flip());
        var (groups, o, c) = (g.Window.Groups, draw.Int(1, 2), draw.Int(1, 2));
        Given[] operands = [draw.Operand("x", draw.Type([c * groups, g.Height, g.Width]), samples), draw.Operand("w", draw.Type([o * groups, c, g.KernelHeight, g.KernelWidth], false), samples),
            .. Bias(draw, bias, o * groups)];
        return new Case($"Convolve, {g}", samples, operands, (_, v) => Affine.Convolve(v[0], v[1], bias ? v[2] : null, g.Window), (v, n, at) =>
        {
            var sum = bias ? v[2][0, at[0]] : 0;
            foreach (var p in Dense.Points([c, g.KernelHeight, g.KernelWidth]))
                if (g.Inside(at[1], at[2], p[1], p[2]) is var (row, column))
                    sum += v[0][n, at[0] / o * c + p[0], row, column] * v[1][0, at[0], p[0], p[1], p[2]];
            return sum;
        }) with
        { Affine = [0, 1] };
    }

    // Each element of the map spreads the kernel around stride times its place; padding takes rows and columns away, output padding adds some.
    static Case ConvolveTransposed(Draw draw)
    {
        while (true)
        {
            var (samples, groups, bias) = (draw.Int(1, 2), draw.Of(1, 1, 2), draw.Flip());
            var (o, c, height, width, kh, kw) = (draw.Int(1, 2), draw.Int(1, 2), draw.Int(1, 3), draw.Int(1, 3), draw.Int(1, 3), draw.Int(1, 3));
            var (sy, sx) = (draw.Int(1, 3), draw.Int(1, 3));
            var w = new Window(sy, sx, draw.Int(0, 1), draw.Int(0, 1), draw.Int(0, 1), draw.Int(0, 1), draw.Int(1, 2), draw.Int(1, 2), groups);
            var extra = draw.Int(0, Math.Min(sy, sx) - 1);
            var (rows, columns) = ((height - 1) * sy - w.Top - w.Bottom + w.DilationY * (kh - 1) + 1 + extra, (width - 1) * sx - w.Left - w.Right + w.DilationX * (kw - 1) + 1 + extra);
            if (rows < 1 || columns < 1)
                continue;
            Given[] operands = [draw.Operand("x", draw.Type([c * groups, height, width]), samples), draw.Operand("w", draw.Type([c * groups, o, kh, kw], false), samples), .. Bias(draw, bias, o * groups)];
            return new Case($"ConvolveTransposed, {w}, output padding {extra}", samples, operands, (_, v) => Affine.ConvolveTransposed(v[0], v[1], bias ? v[2] : null, w, extra), (v, n, at) =>
            {
                Assert.InRange(at[1], 0, rows - 1);
                Assert.InRange(at[2], 0, columns - 1);
                var sum = bias ? v[2][0, at[0]] : 0;
                foreach (var p in Dense.Points([c, height, width, kh, kw]))
                    if ((p[1] * sy + p[3] * w.DilationY - w.Top, p[2] * sx + p[4] * w.DilationX - w.Left) == (at[1], at[2]))
                        sum += v[0][n, at[0] / o * c + p[0], p[1], p[2]] * v[1][0, at[0] / o * c + p[0], at[0] % o, p[3], p[4]];
                return sum;
            }) with
            { Affine = [0, 1] };
        }
    }

    static Given[] Bias(Draw draw, bool bias, int outputs) => bias ? [draw.Operand("bias", draw.Type([outputs], false), 1)] : [];

    static Case Pool(Draw draw, Func<Value, int, int, int, bool, Value> pool, Func<double[], int, double> formula)
    {
        while (true)
        {
            var (samples, k, stride, counted) = (draw.Int(1, 2), draw.Int(1, 3), draw.Int(1, 3), draw.Flip());
            var (padding, height, width) = (draw.Int(0, k / 2), draw.Int(1, 5), draw.Int(1, 5));
            if (height + 2 * padding < k || width + 2 * padding < k)
                continue;
            return new Case($"pool {k}, {stride}, {padding}, {counted}", samples, draw.Distinct(samples, ("x", draw.Type([draw.Int(1, 2), height, width]))),
                (_, v) => pool(v[0], k, stride, padding, counted), (v, n, at) =>
                {
                    var inside = new List<double>();
                    for (var row = at[1] * stride - padding; row < at[1] * stride - padding + k; row++)
                        for (var column = at[2] * stride - padding; column < at[2] * stride - padding + k; column++)
                            if (row >= 0 && row < height && column >= 0 && column < width)
                                inside.Add(v[0][n, at[0], row, column]);
                    return formula([.. inside], counted ? k * k : inside.Count);
                });
        }
    }

    static Case Reduced(Draw draw, int? rank, Func<Value, int[], Value> function, Func<double[], double> formula, int[]? axes = null, bool keep = false, int least = 1)
    {
        while (true)
        {
            var (samples, sizes) = (draw.Int(1, 3), draw.Sizes(rank ?? draw.Int(0, 4), 4, 20));
            var over = axes ?? draw.Some(sizes.Length);
            if (over.Aggregate(1, (product, axis) => product * sizes[axis]) < least)
                continue;
            // In any order, and named twice here and there.
            var named = axes ?? draw.Shuffled(over.Concat(over.Where(_ => draw.Flip(0.2))));
            return new Case($"over {string.Join(" ", named)}", samples, draw.Distinct(samples, ("x", draw.Type(sizes))), (_, v) => function(v[0], named), (v, n, at) =>
                formula([.. Dense.Points(sizes).Where(i => keep ? i[0] == at[0] : i.Where((_, axis) => !over.Contains(axis)).SequenceEqual(at)).Select(i => v[0][n, i])]));
        }
    }

    static Case OverTheBatch(Draw draw, Func<Value, Value> function, Func<double[], double> formula)
    {
        var samples = draw.Int(1, 4);
        return new Case("over the batch", samples, [draw.Operand("x", draw.Type(draw.Sizes(draw.Int(0, 3)), true), samples)], (_, v) => function(v[0]),
            (v, _, at) => formula([.. Enumerable.Range(0, samples).Select(n => v[0][n, at])])) with
        { Affine = [0] };
    }

    sealed record Norm(double X, double Weight, double Bias, double RunningMean, double RunningVariance, double Mean, double Variance, int Count);

    static Case BatchNorm(Draw draw, bool training, Func<(Value Y, Value RunningMean, Value RunningVariance), Value> part, Func<Norm, double> formula)
    {
        var (samples, channels, places) = (draw.Int(1, 4), draw.Int(1, 3), draw.Sizes(draw.Int(0, 2), 3));
        Given Channels(string name, Domain domain) => draw.Operand(name, draw.Type([channels], false), samples, domain);
        Given[] operands = [draw.Operand("x", draw.Type([channels, .. places], true), samples), Channels("weight", Domain.Any), Channels("bias", Domain.Any),
            Channels("running_mean", Domain.Any) with { Leaf = Leaves.Buffer }, Channels("running_var", Domain.Positive) with { Leaf = Leaves.Buffer }];
        return new Case("BatchNorm", samples, operands, (_, v) => part(Statistics.BatchNorm(v[0], v[1], v[2], v[3], v[4], 0.1, Epsilon)), (v, n, at) =>
        {
            var c = at[0];
            double[] all = [.. Enumerable.Range(0, samples).SelectMany(sample => Dense.Points(places).Select(place => v[0][sample, [c, .. place]]))];
            var mean = all.Average();
            return formula(new(at.Length == places.Length + 1 ? v[0][n, at] : 0, v[1][0, c], v[2][0, c], v[3][0, c], v[4][0, c], mean, all.Average(x => (x - mean) * (x - mean)), all.Length));
        }) with
        { Training = training };
    }
}
