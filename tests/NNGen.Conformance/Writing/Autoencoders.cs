using System.Collections.Immutable;
using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

internal static partial class NetworkFamilies
{
    /// <summary>
    /// Convolutions of stride 2 down to a latent normal distribution, a sample of it with given noise, and the way back; summed binary cross-entropy plus the
    /// divergence from the standard normal distribution (Kingma and Welling 2014, appendix B).
    /// </summary>
    private static IEnumerable<NetText> Variational(Case from, ImmutableArray<NetLayer> layers)
    {
        var parts = Parts(layers);
        var (mean, variance) = (parts.Latent.Single(l => !IsVariance(l)), parts.Latent.Single(IsVariance));
        yield return new("x",
            [
                .. Declarations(parts),
                $"var h = x | {string.Join(" | ", parts.Down.Select(l => $"{l.Variable} | Relu"))} | Flatten;",
                $"var mu = h | {mean.Variable};",
                $"var logvar = h | {variance.Variable};",
                "var z = mu + eps * Exp(0.5f * logvar);",
            ],
            $"z | {Back(from, parts)} | Sigmoid",
            "BinaryCrossEntropyOfProbabilities(y, x, Reduction.Sum) + BatchSum(-0.5f * Sum(1 + logvar - mu * mu - Exp(logvar)))", Births(parts))
        {
            MoreInputs = ["eps"],
            MoreOutputs = [("mu", "mu"), ("logvar", "logvar")],
            MoreSizes = [from.Values("data.eps").Length, from.Values("data.eps").Length],
            LossOfInput = true,
        };
    }

    /// <summary>Convolutions of stride 2 down to a code, and the way back.</summary>
    private static IEnumerable<NetText> Autoencoder(Case from, ImmutableArray<NetLayer> layers)
    {
        var (parts, losses) = (Parts(layers), NetLosses.Of(from));
        foreach (var activation in ChainTexts.Activations(from, "Relu"))
            foreach (var last in NetLosses.LastActivations(from))
                yield return new(losses.Input,
                    [
                        .. Declarations(parts),
                        $"var code = {losses.Input} | {string.Join(" | ", parts.Down.Select(l => $"{l.Variable} | {activation}"))}"
                            + $"{string.Concat(parts.Latent.Select(l => $" | Flatten | {l.Variable}"))};",
                    ],
                    $"code | {Back(from, parts, activation)}{last}", losses.Loss, Births(parts))
                {
                    Targets = losses.Targets,
                    LossOfInput = losses.LossOfInput,
                };
    }

    private static bool IsVariance(NetLayer layer) => layer.Name.EndsWith("logvar", StringComparison.Ordinal);

    private sealed record CoderParts(NetLayer[] Down, NetLayer[] Latent, NetLayer? Expand, NetLayer[] Up);

    private static CoderParts Parts(ImmutableArray<NetLayer> layers)
    {
        NetLayer[] Of(string coder, LayerKind kind) => [.. layers.Where(l => l.Name.StartsWith(coder, StringComparison.Ordinal) && l.Kind == kind)];
        var up = Of("decoder.", LayerKind.Conv);
        if (layers.Any(l => l.Kind is LayerKind.Norm or LayerKind.PRelu) || up.Length == 0)
            throw new UnsupportedException("an encoder and a decoder of convolutions and dense layers alone are known");
        // A decoder's layers are often numbered from its end.
        var latent = Of("encoder.", LayerKind.Dense);
        return new(Of("encoder.", LayerKind.Conv), [.. latent.OrderBy(IsVariance)], Of("decoder.", LayerKind.Dense).FirstOrDefault(),
            up.Zip(up.Skip(1)).All(pair => pair.First.Weight[1] == pair.Second.Weight[0]) ? up : [.. up.Reverse()]);
    }

    private static IEnumerable<string> Declarations(CoderParts parts) => NetText.Declarations(
    [
        .. parts.Down.Select(l => (l, l.Conv(2, 1))),
        .. parts.Latent.Select(l => (l, l.Dense())),
        .. parts.Expand is { } expand ? [(expand, expand.Dense())] : Array.Empty<(NetLayer, string)>(),
        .. parts.Up.Select(l => (l, l.ConvTranspose(2, 1))),
    ]);

    private static ImmutableArray<NetLayer> Births(CoderParts parts) =>
        [.. parts.Down, .. parts.Latent, .. parts.Expand is { } expand ? [expand] : Array.Empty<NetLayer>(), .. parts.Up];

    private static string Back(Case from, CoderParts parts, string activation = "Relu")
    {
        var (y, scale) = (from.Shape("y0"), 1 << parts.Up.Length);
        var reshape = parts.Expand is { } expand ? $"{expand.Variable} | Reshape({Sizes([parts.Up[0].Weight[0], y[2] / scale, y[3] / scale])}) | " : "";
        return reshape + string.Join($" | {activation} | ", parts.Up.Select(l => l.Variable));
    }
}
