using System.Collections.Immutable;
using System.Globalization;
using Microsoft.CodeAnalysis.CSharp;

namespace NNGen.Conformance.Writing;

/// <summary>Pieces of C# source.</summary>
internal static class SourceText
{
    /// <summary>A float literal with the very value, or an expression for infinities.</summary>
    public static string Literal(double value) => float.IsFinite((float)value)
        ? $"{((float)value).ToString("R", CultureInfo.InvariantCulture)}f"
        : throw new UnsupportedException($"{value} cannot be written as a finite float");

    /// <summary>A name made fit for C#: <c>encoder.conv1</c> to <c>encoder_conv1</c>.</summary>
    public static string Identifier(string name)
    {
        var clean = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return char.IsAsciiDigit(clean[0]) ? "_" + clean
            : SyntaxFacts.GetKeywordKind(clean) != SyntaxKind.None ? "@" + clean
            : clean;
    }

    /// <summary>The class for a case; how it begins keeps it from hiding a layer of the same name.</summary>
    public static string ClassName(string name) =>
        "Case" + string.Concat(Identifier(name).Split(['_', '@'], StringSplitOptions.RemoveEmptyEntries).Select(part => char.ToUpperInvariant(part[0]) + part[1..]));

    public static string Sizes(IEnumerable<int> sizes) => string.Join(", ", sizes);

    /// <summary>The declaration of an input or a target.</summary>
    public static string Declare(Data data) => data.Classes > 0
        ? $"[Classes({data.Classes}){(data.Shape.IsEmpty ? "" : $", Shape({Sizes(data.Shape)})")}] Labels {data.Name}"
        : $"[Shape{(data.Shape.IsEmpty ? "" : $"({Sizes(data.Shape)})")}] Tensor {data.Name}";

    /// <summary>A named argument where it differs from its default.</summary>
    public static string Argument(string name, int value, int otherwise) => value == otherwise ? "" : $", {name}: {value}";

    /// <summary>A named argument where it differs from its default.</summary>
    public static string Argument(string name, bool value, bool otherwise) => value == otherwise ? "" : $", {name}: {(value ? "true" : "false")}";

    /// <summary>A float array of constants.</summary>
    public static string Numbers(IEnumerable<double> values) => $"[{string.Join(", ", values.Select(Literal))}]";

    /// <summary>A whole file with one network.</summary>
    /// <param name="name">The class's name.</param>
    /// <param name="inputs">The inputs.</param>
    /// <param name="outputs">The outputs: a name and an expression each.</param>
    /// <param name="lossParameters">What <c>Loss</c> takes besides the outputs, as declarations.</param>
    /// <param name="loss">The loss as an expression.</param>
    /// <param name="statements">Statements before the outputs.</param>
    /// <param name="members">Other members of the class.</param>
    public static string Network(
        string name,
        IEnumerable<Data> inputs,
        IReadOnlyList<(string Name, string Expression)> outputs,
        IEnumerable<string> lossParameters,
        string loss,
        IReadOnlyList<string>? statements = null,
        string members = "")
    {
        var type = outputs.Count == 1 ? "Tensor" : $"({string.Join(", ", outputs.Select(o => $"Tensor {char.ToUpperInvariant(o.Name[0])}{o.Name[1..]}"))})";
        var result = outputs.Count == 1 ? outputs[0].Expression : $"({string.Join(", ", outputs.Select(o => o.Expression))})";
        var body = statements is { Count: > 0 }
            ? $"\n    {{\n{string.Concat(statements.Select(s => $"        {s}\n"))}        return {result};\n    }}"
            : $" =>\n        {result};";
        return $$"""
            using NNGen;
            using static NNGen.Layers;

            [Network(Programs = Programs.Double | Programs.InputGradient)]
            public sealed partial class {{name}}
            {
                static {{type}} Forward({{string.Join(", ", inputs.Select(Declare))}}){{body}}

                static Scalar Loss({{string.Join(", ", outputs.Select(o => $"Tensor {o.Name}").Concat(lossParameters))}}) =>
                    {{loss}};
            {{members}}}

            """;
    }

    /// <summary>Axes of a batch as axes of a sample; negative ones count from the end.</summary>
    public static ImmutableArray<int> Absolute(IEnumerable<int> axes, int rank) => [.. axes.Select(axis => axis < 0 ? axis + rank : axis)];
}
