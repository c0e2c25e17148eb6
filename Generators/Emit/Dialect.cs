using System.Globalization;
using NNGen.Generators.Graph;

namespace NNGen.Generators.Emit;

/// <summary>How one target spells numbers and functions. Everything else of an expression is the same C# everywhere.</summary>
/// <param name="Real">The real type: `float` or `double`.</param>
/// <param name="Math">Prefix of the functions: `MathF`, `Math`, or the GPU's own.</param>
public sealed record Dialect(string Real, string Math)
{
    public static readonly Dialect Float = new("float", "MathF");

    public static readonly Dialect Double = new("double", "Math");

    /// <summary>A literal that reads back as the same number, whatever the culture.</summary>
    public string Number(double value) => (Real, value) switch
    {
        (_, double.PositiveInfinity) => $"{Real}.PositiveInfinity",
        (_, double.NegativeInfinity) => $"{Real}.NegativeInfinity",
        ("float", _) => ((float)value).ToString("R", CultureInfo.InvariantCulture) + "f",
        _ => value.ToString("R", CultureInfo.InvariantCulture) is var text && text.All(c => char.IsDigit(c) || c == '-') ? text + ".0" : value.ToString("R", CultureInfo.InvariantCulture),
    };

    public string Call(Function function, IEnumerable<string> arguments) => $"{Math}.{Name(function)}({string.Join(", ", arguments)})";

    private static string Name(Function function) => function == Function.Power ? "Pow" : function.ToString();
}
