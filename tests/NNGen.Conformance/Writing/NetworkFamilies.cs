using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>
/// Trained networks. A case names neither strides nor activations: the family follows from the names of the layers, sizes from the weights, and what is still
/// open from the description.
/// </summary>
internal static partial class NetworkFamilies
{
    /// <summary>All of them begin with <c>net_</c>.</summary>
    public static readonly Family[] Table = [new("net", [], Write)];

    private static readonly (Func<Case, ImmutableArray<NetLayer>, bool> Is, Func<Case, ImmutableArray<NetLayer>, IEnumerable<NetText>> Texts)[] Layouts =
    [
        ((from, layers) => from.Has("data.sobel"), EdgeFilter),
        ((from, layers) => layers.Any(l => l.Name.StartsWith("s.s.", StringComparison.Ordinal)), Mirror),
        ((from, layers) => layers.All(l => l.Name.Contains("coder.")) && layers.Any(IsVariance), Variational),
        ((from, layers) => layers.All(l => l.Name.Contains("coder.")), Autoencoder),
        ((from, layers) => layers.Any(l => Branch().IsMatch(l.Name)) && !layers.Any(l => l.Kind == LayerKind.Norm), Inception),
        ((from, layers) => layers.Any(l => l.Name == "c0") && layers.Any(l => l.Name == "b0"), Residual),
        ((from, layers) => layers.Any(l => l.Name == "l1" && l.Kind == LayerKind.Conv) && layers.Any(l => l.Name == "d1"), Turbulence),
        ((from, layers) => layers is [{ Kind: LayerKind.Dense }] && from.Says("same"), Shared),
        ((from, layers) => layers.All(l => l.Kind == LayerKind.Dense) && from.Says("sin("), Siren),
        ((from, layers) => true, ChainTexts.Of),
    ];

    private static Writing Write(Case from)
    {
        var layers = NetLayer.All(from);
        var (_, texts) = Layouts.First(layout => layout.Is(from, layers));
        ImmutableArray<Candidate> candidates = [.. texts(from, layers).Take(24).Select(text => text.Candidate(from))];
        return candidates.IsEmpty ? throw new UnsupportedException("no layout is known that fits the sizes of its layers") : new Writing.Trained(candidates);
    }

    /// <summary>A kernel that learns another one's response, which is written as a sum of shifted images, since that kernel is no parameter.</summary>
    private static IEnumerable<NetText> EdgeFilter(Case from, ImmutableArray<NetLayer> layers)
    {
        var (conv, shape, kernel) = (layers[0], from.Shape("data.x"), from.Values("data.sobel"));
        var side = from.Shape("data.sobel")[3];
        var taps = kernel.Select((k, i) => (k, y: i / side, x: i % side)).Where(tap => tap.k != 0)
            .Select(tap => $"{Literal(tap.k)} * (padded | Slice(1, {tap.y}, {shape[2]}) | Slice(2, {tap.x}, {shape[3]}))");
        string[] statements = [$"var {conv.Variable} = {conv.Conv(1, conv.Weight[2] / 2)};"];
        yield return new("x", [.. statements], $"x | {conv.Variable}", "MeanSquaredError(y, Response(x))", [conv])
        {
            LossOfInput = true,
            Members = $$"""

                    static Tensor Response(Tensor x)
                    {
                        var padded = x | Pad({{side / 2}}, {{side / 2}}, {{side / 2}}, {{side / 2}});
                        return {{string.Join("\n             + ", taps)}};
                    }

                """,
        };
    }

    /// <summary>
    /// A pix2pix U-Net: each level takes its input down, lets the next level work, comes up, and puts both side by side. It learns to mirror.
    /// </summary>
    private static IEnumerable<NetText> Mirror(Case from, ImmutableArray<NetLayer> layers)
    {
        var byName = layers.ToDictionary(l => l.Name);
        string Level(int depth) => string.Concat(Enumerable.Repeat("s.", depth));
        var depths = Enumerable.Range(0, layers.Length).TakeWhile(depth => byName.ContainsKey(Level(depth) + "d")).ToArray();
        IEnumerable<string> At(int depth, params string[] names) => names.Select(name => Level(depth) + name);
        IEnumerable<string> order = [.. depths.SelectMany(depth => At(depth, "d", "dn")), .. depths.Reverse().SelectMany(depth => At(depth, "u", "un"))];
        int[] Widths(string layer, int axis) => [.. depths.Select(depth => byName[Level(depth) + layer].Weight[axis])];
        yield return new("x", [], "Level(x, 0)", "MeanSquaredError(y, x | Flip(2))", [.. order.Where(byName.ContainsKey).Select(name => byName[name])])
        {
            LossOfInput = true,
            Members = $$"""

                    static Tensor Level(Tensor x, int level)
                    {
                        int[] down = [{{Sizes(Widths("d", 0))}}];
                        int[] up = [{{Sizes(Widths("u", 1))}}];
                        var (outermost, innermost) = (level == 0, level == down.Length - 1);
                        var active = outermost ? x : x | LeakyRelu(0.2f);
                        var below = active | Conv(down[level], 4, stride: 2, padding: 1, bias: false);
                        if (!outermost && !innermost)
                            below = below | BatchNorm();
                        var inner = innermost ? below : Level(below, level + 1);
                        var above = inner | Relu | ConvTranspose(up[level], 4, stride: 2, padding: 1, bias: outermost);
                        return outermost ? above | Tanh : Concat(active, above | BatchNorm());
                    }

                """,
        };
    }

    /// <summary>Parallel branches of convolutions side by side; the last one pools first.</summary>
    private static IEnumerable<NetText> Inception(Case from, ImmutableArray<NetLayer> layers)
    {
        var losses = NetLosses.Of(from);
        var branches = layers.Where(l => Branch().IsMatch(l.Name)).GroupBy(l => Branch().Match(l.Name).Groups[1].Value).ToArray();
        var (head, size) = (layers.Single(l => l.Kind == LayerKind.Dense), from.Shape($"data.{losses.Input}"));
        var channels = branches.Sum(b => b.Last().Weight[0]);
        var pool = head.Weight[1] == channels ? "GlobalAveragePool" : head.Weight[1] == channels * (size[2] / 2) * (size[3] / 2) ? "AveragePool(2)" : null;
        if (pool is null)
            yield break;
        string Text(IGrouping<string, NetLayer> branch, bool pooled) =>
            losses.Input + (pooled ? " | MaxPool(3, stride: 1, padding: 1)" : "") + " | " + string.Join(" | Relu | ", branch.Select(l => l.Variable));
        yield return new(losses.Input,
            [
                .. NetText.Declarations(layers.Select(l => (l, l.Kind == LayerKind.Dense ? l.Dense() : l.Conv(1, l.Weight[2] / 2)))),
                .. branches.Select((branch, i) => $"var branch{i + 1} = {Text(branch, i == branches.Length - 1)};"),
            ],
            $"Concat({string.Join(", ", branches.Select((_, i) => $"branch{i + 1}"))}) | Relu | {pool} | Flatten | {head.Variable}", losses.Loss, layers)
        {
            Targets = losses.Targets,
        };
    }

    /// <summary>A convolution, residual blocks of two with the identity beside them, global average pooling, a dense layer.</summary>
    private static IEnumerable<NetText> Residual(Case from, ImmutableArray<NetLayer> layers)
    {
        var losses = NetLosses.Of(from);
        var convolutions = layers.Where(l => l.Kind == LayerKind.Conv).ToArray();
        var head = layers.Single(l => l.Kind == LayerKind.Dense);
        string Unit(int i) => $"c{i} | b{i}";
        string Expression(NetLayer l) => l.Kind switch { LayerKind.Dense => l.Dense(), LayerKind.Norm => "BatchNorm()", _ => l.Conv(1, l.Weight[2] / 2) };
        yield return new(losses.Input,
            [
                .. NetText.Declarations(layers.Select(l => (l, Expression(l)))),
                $"var h = {losses.Input} | {Unit(0)} | Relu;",
                .. Enumerable.Range(0, convolutions.Length / 2).Select(i => $"h = (h | {Unit(2 * i + 1)} | Relu | {Unit(2 * i + 2)}) + h | Relu;"),
            ],
            $"h | GlobalAveragePool | Flatten | {head.Variable}", losses.Loss, layers)
        {
            Targets = losses.Targets,
        };
    }

    /// <summary>A U-Net that comes up by repeating pixels (but for its last step); skips carry what was before the activation.</summary>
    private static IEnumerable<NetText> Turbulence(Case from, ImmutableArray<NetLayer> layers)
    {
        var losses = NetLosses.Of(from);
        var byName = layers.ToDictionary(l => l.Name);
        var depth = Enumerable.Range(1, layers.Length).TakeWhile(i => byName.ContainsKey($"l{i}")).Last();
        string Normed(string name) => name + (byName.ContainsKey(name + "bn") ? $" | {name}bn" : "");
        string Expression(NetLayer l) => l.Kind == LayerKind.Norm ? "BatchNorm()"
            : l.Name == "d1" ? l.ConvTranspose(2, (l.Weight[2] - 2) / 2)
            : l.Name[0] == 'l' ? l.Conv(2, (l.Weight[2] - 1) / 2) : l.Conv(1, l.Weight[2] / 2);
        yield return new(losses.Input,
            [
                .. NetText.Declarations(layers.Select(l => (l, Expression(l)))),
                $"var x1 = {losses.Input} | {Normed("l1")};",
                .. Enumerable.Range(2, depth - 1).Select(i => $"var x{i} = x{i - 1} | LeakyRelu({Literal(Slope(from, 0.2))}) | {Normed($"l{i}")};"),
                $"var up = x{depth};",
                .. Enumerable.Range(2, depth - 1).Reverse().Select(i => $"up = Concat(up | Relu | Upsample(2) | {Normed($"d{i}")}, x{i - 1});"),
            ],
            "up | Relu | d1", losses.Loss, layers)
        {
            Targets = losses.Targets,
            LossOfInput = losses.LossOfInput,
        };
    }

    /// <summary>One dense layer, applied several times with a tanh between.</summary>
    private static IEnumerable<NetText> Shared(Case from, ImmutableArray<NetLayer> layers)
    {
        var losses = NetLosses.Of(from);
        string[] numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight"];
        var times = Enumerable.Range(2, numbers.Length - 2).Where(n => from.Says($"{numbers[n]} times") || from.Says($"{n} times")).DefaultIfEmpty(3).First();
        var name = layers[0].Variable;
        foreach (var activation in ChainTexts.Activations(from, "Tanh"))
            yield return new(losses.Input, NetText.Declarations([(layers[0], layers[0].Dense())]),
                $"{losses.Input} | {string.Join($" | {activation} | ", Enumerable.Repeat(name, times))}", losses.Loss, layers)
            {
                Targets = losses.Targets,
                LossOfInput = losses.LossOfInput,
            };
    }

    /// <summary>A network of coordinates with sines between its layers, the first one's argument (or all) times a number.</summary>
    private static IEnumerable<NetText> Siren(Case from, ImmutableArray<NetLayer> layers)
    {
        var losses = NetLosses.Of(from);
        var match = Frequency().Match(from.What);
        var frequency = match.Success ? Literal(double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)) : "1f";
        foreach (var all in new[] { false, true })
            yield return new(losses.Input,
                [
                    .. NetText.Declarations(layers.Select(l => (l, l.Dense()))),
                    $"var h = {losses.Input};",
                    .. layers[..^1].Select((l, i) => i == 0 || all ? $"h = Sin({frequency} * (h | {l.Variable}));" : $"h = h | {l.Variable} | Sin;"),
                ],
                $"h | {layers[^1].Variable}", losses.Loss, layers)
            {
                Targets = losses.Targets,
                LossOfInput = losses.LossOfInput,
            };
    }

    /// <summary>The slope that the description gives after LeakyReLU.</summary>
    public static double Slope(Case from, double otherwise) => LeakySlope().Match(from.What) is { Success: true } match
        ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
        : otherwise;

    [GeneratedRegex("^b([0-9]+)[a-z]?$")]
    private static partial Regex Branch();

    [GeneratedRegex(@"sin\(([0-9.]+)\s*\*")]
    private static partial Regex Frequency();

    [GeneratedRegex(@"(?i)leaky_?relu\W{0,2}([0-9]*\.[0-9]+)")]
    private static partial Regex LeakySlope();
}
