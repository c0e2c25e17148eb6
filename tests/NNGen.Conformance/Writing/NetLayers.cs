using System.Collections.Immutable;
using NNGen.Conformance.Cases;
using static NNGen.Conformance.Writing.SourceText;

namespace NNGen.Conformance.Writing;

/// <summary>What a layer of a trained network is, by its weight.</summary>
internal enum LayerKind
{
    /// <summary>A matrix.</summary>
    Dense,

    /// <summary>A kernel [O, I, K, K], or [I, O, K, K] where it is transposed.</summary>
    Conv,

    /// <summary>A number per channel, with running statistics.</summary>
    Norm,

    /// <summary>Slopes.</summary>
    PRelu,
}

/// <summary>A layer of a trained network: its name, what it is, its weight's shape.</summary>
internal sealed record NetLayer(string Name, LayerKind Kind, ImmutableArray<int> Weight, bool Bias)
{
    /// <summary>Its name as a C# variable.</summary>
    public string Variable => Identifier(Name);

    /// <summary>Its parameters' names, in the order of their birth.</summary>
    public IEnumerable<string> Parameters => Bias ? [$"{Name}.weight", $"{Name}.bias"] : [$"{Name}.weight"];

    /// <summary>All layers of a case in the order of their names, numbers counting as numbers.</summary>
    public static ImmutableArray<NetLayer> All(Case from) =>
    [
        .. from.Below("param0.").Where(name => !name.EndsWith(".bias", StringComparison.Ordinal)).Select(parameter => Of(from, parameter))
            .OrderBy(layer => SortKey(layer.Name), StringComparer.Ordinal),
    ];

    /// <summary>The layer as an expression.</summary>
    public string Dense() => $"Dense({Weight[0]}{Argument("bias", Bias, true)})";

    /// <summary>The layer as an expression.</summary>
    public string Conv(int stride, int padding) =>
        $"Conv({Weight[0]}, {Weight[2]}{Argument("stride", stride, 1)}{Argument("padding", padding, 0)}{Argument("bias", Bias, true)})";

    /// <summary>The layer as an expression.</summary>
    public string ConvTranspose(int stride, int padding, int outputPadding = 0) =>
        $"ConvTranspose({Weight[1]}, {Weight[2]}{Argument("stride", stride, 1)}{Argument("padding", padding, 0)}"
        + $"{Argument("outputPadding", outputPadding, 0)}{Argument("bias", Bias, true)})";

    private static NetLayer Of(Case from, string parameter)
    {
        if (!parameter.EndsWith(".weight", StringComparison.Ordinal))
            throw new UnsupportedException($"the parameter {parameter} is neither a weight nor a bias");
        var name = parameter[..^".weight".Length];
        var weight = from.Shape($"param0.{parameter}");
        var kind = weight.Length switch
        {
            1 => from.Has($"buffer3.{name}.running_mean") ? LayerKind.Norm : LayerKind.PRelu,
            2 => LayerKind.Dense,
            4 => LayerKind.Conv,
            _ => throw new UnsupportedException($"no layer has a weight [{Sizes(weight)}] ({parameter})"),
        };
        return new(name, kind, [.. weight], from.Has($"param0.{name}.bias"));
    }

    private static string SortKey(string name) =>
        System.Text.RegularExpressions.Regex.Replace(name, "[0-9]+", match => match.Value.PadLeft(6, '0'));
}
