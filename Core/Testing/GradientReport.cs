using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace NNGen.Testing;

/// <summary>What a check of one slope found.</summary>
public enum GradientVerdict
{
    /// <summary>The gradient is the slope of the loss.</summary>
    Right,

    /// <summary>The loss has a kink at this very point, so that there is no slope to compare with.</summary>
    Kink,

    /// <summary>The gradient is not the slope of the loss.</summary>
    Wrong,
}

/// <summary>The worst of the slopes checked in one tensor.</summary>
/// <param name="Name">The parameter's or the input's name.</param>
/// <param name="Shape">Its shape; for an input with the number of samples in front.</param>
/// <param name="Slopes">How many slopes were compared.</param>
/// <param name="Gradient">The worst one by the network's gradient.</param>
/// <param name="Difference">The same by differences of the loss.</param>
/// <param name="Error">|Gradient - Difference| / max(1, |Gradient|).</param>
/// <param name="Verdict">Right, wrong, or at a kink.</param>
public sealed record TensorReport(
    string Name, ImmutableArray<int> Shape, int Slopes, double Gradient, double Difference, double Error, GradientVerdict Verdict);

/// <summary>What a gradient check found.</summary>
/// <param name="Network">The network's name.</param>
/// <param name="Seed">The seed that it can be repeated with.</param>
/// <param name="Redraws">How often parameters and data were drawn again since the loss had a kink there.</param>
/// <param name="Tensors">One entry per parameter and delivered input gradient.</param>
public sealed record GradientReport(string Network, ulong Seed, int Redraws, ImmutableArray<TensorReport> Tensors)
{
    /// <summary>Whether every gradient is right.</summary>
    public bool Passed => Tensors.All(tensor => tensor.Verdict == GradientVerdict.Right);

    /// <summary>The largest error of all tensors.</summary>
    public double Worst => Tensors.Max(tensor => tensor.Error);

    /// <summary>A table, one tensor per line; the same text in every culture.</summary>
    public override string ToString()
    {
        var names = Tensors.Select(tensor => $"{tensor.Name} [{string.Join(", ", tensor.Shape)}]").ToArray();
        var width = names.Append("tensor").Max(name => name.Length);
        var text = new StringBuilder().Append(
            CultureInfo.InvariantCulture,
            $"Gradient of {Network}, seed {Seed}, {Redraws} redraws at kinks\n{"tensor".PadRight(width)}  slopes         gradient       difference    error\n");
        foreach (var (name, tensor) in names.Zip(Tensors))
            text.Append(
                CultureInfo.InvariantCulture,
                $"{name.PadRight(width)}  {tensor.Slopes,6} {tensor.Gradient,16:g9} {tensor.Difference,16:g9} {tensor.Error,8:e1}{Remark(tensor.Verdict)}\n");
        return text.ToString();
    }

    private static string Remark(GradientVerdict verdict) => verdict switch
    {
        GradientVerdict.Wrong => "  wrong",
        GradientVerdict.Kink => "  at a kink, so not known",
        _ => "",
    };
}

/// <summary>A network's gradient is not the slope of its loss.</summary>
/// <param name="report">What was found; its table is the message.</param>
public sealed class GradientCheckException(GradientReport report) : Exception($"{report.Network}: a gradient is not the slope of the loss.\n{report}")
{
    /// <summary>What was found.</summary>
    public GradientReport Report { get; } = report;
}
