using System.Collections.Immutable;
using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>
/// Networks that are one chain: convolutions, transposed ones, dense layers, each with its batch norm if it has one, activations between. Strides and padding
/// follow from kernels and sizes; what stays open makes several texts, the likeliest first.
/// </summary>
internal static class ChainTexts
{
    /// <summary>A way to settle what neither names nor sizes say.</summary>
    private sealed record Choice(string Activation, string Last, bool ActivationFirst, bool Valid, string? Pool);

    public static IEnumerable<NetText> Of(Case given, ImmutableArray<NetLayer> layers)
    {
        var losses = NetLosses.Of(given);
        var chain = layers.Where(l => l.Kind is LayerKind.Conv or LayerKind.Dense)
            .OrderBy(l => l.Kind == LayerKind.Dense ? 2 : IsTransposed(l) ? 1 : 0).ToArray();
        var norms = chain.ToDictionary(l => l, l => layers.FirstOrDefault(n => n.Kind == LayerKind.Norm && Belongs(n.Name, l.Name)));
        if (norms.Values.Count(n => n is not null) != layers.Count(l => l.Kind == LayerKind.Norm) || layers.Any(l => l.Kind == LayerKind.PRelu))
            throw new UnsupportedException($"no layout is known for the layers {string.Join(", ", layers.Select(l => l.Name))}");

        var normed = norms.Values.Any(n => n is not null);
        var pools = chain.Any(l => l.Kind == LayerKind.Conv) && chain.Any(l => l.Kind == LayerKind.Dense)
            ? given.Says("average") || given.Says("avgpool") ? ["AveragePool(2)", "MaxPool(2)", null] : new[] { "MaxPool(2)", "AveragePool(2)", null }
            : [null];
        return
            from valid in new[] { false, true }
            from pool in pools
            from last in NetLosses.LastActivations(given)
            from activation in Activations(given, IsDiscriminator(chain, losses) ? "LeakyRelu(0.2f)" : "Relu")
            from first in normed ? new[] { false, true } : [false]
            let text = Text(given, losses, chain, norms, new(activation, last, first, valid, pool))
            where text is not null
            select text;
    }

    /// <summary>Activations, those that the description names first.</summary>
    public static string[] Activations(Case from, string usual)
    {
        var leaky = $"LeakyRelu({Literal(NetworkFamilies.Slope(from, 0.2))})";
        (string Word, string Text)[] known =
            [("leaky", leaky), ("leaky", "LeakyRelu(0.01f)"), ("relu", "Relu"), ("tanh", "Tanh"), ("sigmoid", "Sigmoid"), ("softplus", "Softplus")];
        return [.. known.Where(k => from.Says(k.Word)).Select(k => k.Text), .. new[] { usual, "Relu", "Tanh", leaky, "Sigmoid" }.Distinct()];
    }

    private static bool IsTransposed(NetLayer layer) => new[] { "tconv", "deconv", "convt", "up" }.Any(layer.Name.Contains);

    private static bool IsDiscriminator(NetLayer[] chain, NetLosses losses) =>
        losses.Loss.StartsWith("Binary", StringComparison.Ordinal) && chain.All(l => l.Kind == LayerKind.Conv && !IsTransposed(l));

    /// <summary>conv1_bn, conv1.bn, bn1 and norm1 belong to conv1; bn_fc1 to fc1.</summary>
    private static bool Belongs(string norm, string layer)
    {
        string Digits(string name) => string.Concat(name.Where(char.IsAsciiDigit));
        var rest = norm.Replace("bn", "").Replace("norm", "").Replace("batch", "").Trim('_', '.');
        return rest == layer || (rest == Digits(layer) && rest != "" && !layer.StartsWith("fc", StringComparison.Ordinal));
    }

    /// <summary>The text of a choice, or null where its sizes do not fit.</summary>
    private static NetText? Text(Case from, NetLosses losses, NetLayer[] chain, Dictionary<NetLayer, NetLayer?> norms, Choice choice)
    {
        int[] size = [.. from.Shape($"data.{losses.Input}").Skip(1)];
        var expressions = new List<(NetLayer, string)>();
        var stages = new List<string>();
        foreach (var (index, layer) in chain.Index())
        {
            if (Place(layer, ref size, choice) is not var (expression, before))
                return null;
            expressions.Add((layer, expression));
            var end = index == chain.Length - 1;
            var norm = norms[layer];
            if (norm is not null)
                expressions.Add((norm, "BatchNorm()"));
            var after = end ? choice.Last : $" | {choice.Activation}";
            var normed = norm is null ? "" : $" | {norm.Variable}";
            var pool = !end && layer.Kind == LayerKind.Conv && choice.Pool is { } p && Pooled(ref size) ? $" | {p}" : "";
            stages.Add($"{before}{layer.Variable}{(choice.ActivationFirst && !end ? after + normed : normed + after)}{pool}");
        }

        return size.SequenceEqual(from.Shape("y0").Skip(1))
            ? new(losses.Input, NetText.Declarations(expressions), $"{losses.Input} | {string.Join(" | ", stages)}", losses.Loss,
                [.. expressions.Select(e => e.Item1)])
            {
                Targets = losses.Targets,
                LossOfInput = losses.LossOfInput,
            }
            : null;
    }

    private static bool Pooled(ref int[] size)
    {
        size = size is [var c, var h, var w] ? [c, h / 2, w / 2] : size;
        return size.Length == 3 && size[1] > 0 && size[2] > 0;
    }

    /// <summary>The layer at that size: the expression that makes it, what must stand before it, the size behind it; null where it does not fit.</summary>
    private static (string Expression, string Before)? Place(NetLayer layer, ref int[] size, Choice choice)
    {
        var weight = layer.Weight;
        if (layer.Kind == LayerKind.Dense)
        {
            var count = size.Aggregate(1, (a, b) => a * b);
            var before = size.Length == 1 ? "" : weight[1] == count ? "Flatten | " : weight[1] == size[0] ? "GlobalAveragePool | Flatten | " : null;
            var fits = before is not null && (size.Length > 1 || weight[1] == count);
            size = [weight[0]];
            return fits ? (layer.Dense(), before!) : null;
        }

        if (size is not [var c, var h, var w])
            return null;
        var k = weight[2];
        if (IsTransposed(layer))
        {
            var (stride, padding, extra) = k == 4 && h == 1 ? (1, 0, 0) : k == 4 ? (2, 1, 0) : k == 3 ? (2, 1, 1) : k == 2 ? (2, 0, 0) : (1, k / 2, 0);
            size = [weight[1], (h - 1) * stride - 2 * padding + k + extra, (w - 1) * stride - 2 * padding + k + extra];
            return weight[0] == c ? (layer.ConvTranspose(stride, padding, extra), "") : null;
        }

        var (step, pad) = k == 4 && h == 4 ? (1, 0) : k == 4 ? (2, 1) : k == 2 ? (2, 0) : (1, choice.Valid ? 0 : k / 2);
        size = [weight[0], (h + 2 * pad - k) / step + 1, (w + 2 * pad - k) / step + 1];
        return weight[1] == c && size[1] > 0 && size[2] > 0 ? (layer.Conv(step, pad), "") : null;
    }
}
