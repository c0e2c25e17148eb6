using System.Collections.Immutable;
using System.Globalization;

namespace NNGen.Conformance.Running;

/// <summary>How far a number may be from the reference: |a - b| &lt;= Absolute + Relative |b|.</summary>
public readonly record struct Tolerance(double Absolute, double Relative)
{
    /// <summary>For programs in double: what rounding the reference to float32 leaves.</summary>
    public static Tolerance Double { get; } = new(1e-6, 1e-5);

    /// <summary>For programs in float, as the reference values' description suggests.</summary>
    public static Tolerance Float { get; } = new(1e-5, 1e-4);

    /// <summary>For programs in float after steps of Adam, which divides by the gradient's size.</summary>
    public static Tolerance Trained { get; } = new(1e-5, 1e-3);

    /// <summary>What is allowed at that reference value.</summary>
    public double At(double expected) => Absolute + Relative * Math.Abs(expected);
}

/// <summary>The element of a tensor that is furthest from its reference.</summary>
/// <param name="Tensor">The reference's name, with the precision in front.</param>
/// <param name="Index">Which element; 0 for a single number.</param>
/// <param name="Actual">What came out.</param>
/// <param name="Expected">The reference.</param>
/// <param name="Allowed">How far they may be apart.</param>
public sealed record Difference(string Tensor, int Index, double Actual, double Expected, double Allowed)
{
    /// <summary>The distance in units of what is allowed; infinite where a number is missing or not a number.</summary>
    public double Ratio => Actual.Equals(Expected) ? 0
        : Math.Abs(Actual - Expected) is var error && double.IsFinite(error) ? error / Allowed
        : double.PositiveInfinity;

    /// <summary>Whether they agree.</summary>
    public bool Agrees => Ratio <= 1;

    /// <summary>In words.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Tensor}[{Index}] is {Actual:G9} instead of {Expected:G9} (error {Math.Abs(Actual - Expected):G3}, allowed {Allowed:G3})");

    /// <summary>Compares all elements.</summary>
    public static Difference Worst(string tensor, ReadOnlySpan<double> actual, ReadOnlySpan<double> expected, Func<int, double> allowed)
    {
        if (actual.Length != expected.Length)
            return new(tensor + " (number of elements)", 0, actual.Length, expected.Length, 0.5);
        var worst = new Difference(tensor, 0, 0, 0, 1);
        for (var i = 0; i < actual.Length; i++)
            if (new Difference(tensor, i, actual[i], expected[i], allowed(i)) is var here && (i == 0 || here.Ratio > worst.Ratio))
                worst = here;
        return worst;
    }

    /// <summary>Compares all elements.</summary>
    public static Difference Worst(string tensor, ReadOnlySpan<double> actual, double[] expected, Tolerance tolerance) =>
        Worst(tensor, actual, expected, i => tolerance.At(expected[i]));
}

/// <summary>What became of a case.</summary>
/// <param name="Name">The case.</param>
public abstract record Outcome(string Name)
{
    /// <summary>All tensors agree.</summary>
    public sealed record Passed(string Name, ImmutableArray<Difference> Differences) : Outcome(Name);

    /// <summary>Something disagrees, or the network does not compile or run.</summary>
    public sealed record Failed(string Name, string Why) : Outcome(Name);

    /// <summary>Our vocabulary cannot say it.</summary>
    public sealed record Unsupported(string Name, string Why) : Outcome(Name);

    /// <summary>The outcome of a comparison.</summary>
    public static Outcome Of(string name, ImmutableArray<Difference> differences) => differences.All(d => d.Agrees)
        ? new Passed(name, differences)
        : new Failed(name, differences.MaxBy(d => d.Ratio)!.ToString());

    /// <summary>One line.</summary>
    public sealed override string ToString() => this switch
    {
        Passed { Differences: var all } when all.MaxBy(d => d.Ratio) is { } worst =>
            string.Create(CultureInfo.InvariantCulture,
                $"{Name,-34} passed       {all.Length,3} tensors, worst {worst.Tensor} at {worst.Ratio:0.000} of its tolerance"),
        Failed failed => $"{Name,-34} FAILED       {failed.Why}",
        Unsupported unsupported => $"{Name,-34} unsupported  {unsupported.Why}",
        _ => $"{Name,-34} passed",
    };
}
