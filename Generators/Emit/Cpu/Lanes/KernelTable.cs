using System.Text.RegularExpressions;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>
/// The kernels of a network, each printed once: nests of all programs that are the same but for the values they work on share one. It is named after the first of
/// them, and so are its operands; the others' formulas stand where they call it.
/// </summary>
internal sealed class KernelTable
{
    private static readonly Regex Identifiers = new(@"[A-Za-z_]\w*", RegexOptions.Compiled);

    private readonly Dictionary<string, string> names = [];
    private readonly HashSet<string> taken = ["Kernels"];
    private readonly List<string> printed = [];

    /// <summary>How a kernel's text names its k-th operand before it is known whose it is: no C# identifier.</summary>
    public static string Operand(int k) => $"§{k}§";

    /// <summary>The name of the kernel with that text, which is printed if it is new.</summary>
    /// <param name="name">The name to give to a new one.</param>
    /// <param name="comments">What stands above it.</param>
    /// <param name="leading">Parameters before the operands.</param>
    /// <param name="operands">Each operand's type and name in this use.</param>
    /// <param name="body">The body, in which operands are called <see cref="Operand"/>.</param>
    /// <param name="halves">The body for processors without 512-bit vectors; null where it is the same.</param>
    public string Call(string name, IReadOnlyList<string> comments, IReadOnlyList<string> leading, IReadOnlyList<(string Type, string Name)> operands, string body, Func<string>? halves)
    {
        var signature = string.Join(", ", leading.Concat(operands.Select((operand, k) => $"ref {operand.Type} {Operand(k)}")));
        var key = signature + "\n" + body;
        if (names.TryGetValue(key, out var known))
            return known;
        var unique = name;
        for (var i = 2; taken.Contains(unique + "InHalves") || !taken.Add(unique); i++)
            unique = $"{name}_{i}";
        names[key] = unique;

        // Operands give way to the loop variables and locals of the bodies.
        var second = halves?.Invoke();
        var locals = new HashSet<string>(Identifiers.Matches(key + second).Cast<Match>().Select(match => match.Value));
        var writer = new SourceWriter();
        foreach (var comment in comments)
            writer.Line($"// {comment}");
        writer.Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
        writer.Block($"internal static void {unique}({signature})", () =>
        {
            if (second is not null)
                writer.Line("if (!Avx512F.IsSupported)").Block("", () =>
                    writer.Line($"{unique}InHalves({string.Join(", ", leading.Select(parameter => parameter.Split(' ')[1]).Concat(operands.Select((_, k) => "ref " + Operand(k))))});").Line("return;"));
            writer.Line(body.TrimEnd('\n'));
        });
        if (second is not null)
        {
            taken.Add(unique + "InHalves");
            writer.Line().Line("[MethodImpl(MethodImplOptions.AggressiveOptimization)]");
            writer.Block($"private static void {unique}InHalves({signature})", () => writer.Line(second.TrimEnd('\n')));
        }
        var text = writer.ToString();
        for (var k = 0; k < operands.Count; k++)
        {
            var own = operands[k].Name;
            while (!locals.Add(own) || locals.Any(local => local.StartsWith(own + "At", StringComparison.Ordinal)))
                own += "_";
            text = text.Replace(Operand(k), own);
        }
        printed.Add(text);
        return unique;
    }

    /// <summary>The name of the epilogue that computes an expression, which is printed if it is new.</summary>
    /// <param name="name">The name to give to a new one.</param>
    /// <param name="comment">Its formula.</param>
    /// <param name="operands">How many values it reads.</param>
    /// <param name="value">The expression in vectors of a width, in which operands are called <see cref="Operand"/>.</param>
    /// <param name="of">The operands' names in this use.</param>
    public string Epilogue(string name, string comment, int operands, Func<LaneDialect, string> value, IReadOnlyList<string> of)
    {
        var key = $"epilogue {operands}\n{value(LaneDialect.Whole)}";
        if (names.TryGetValue(key, out var known))
            return known;
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
            unique = $"{name}_{i}";
        names[key] = unique;
        string[] fields = [.. of.Select(own => own is "sum" or "at" or "channel" ? own + "_" : own)];
        var writer = new SourceWriter();
        writer.Line($"// {comment}");
        writer.Block($"internal readonly ref struct {unique}{(operands == 0 ? "" : $"({string.Join(", ", fields.Select(field => $"ref float {field}"))})")} : IEpilogue", () =>
        {
            foreach (var field in fields)
                writer.Line($"private readonly ref float {field} = ref {field};");
            if (operands > 0)
                writer.Line();
            // Places are given for each half: it reads from where it begins.
            foreach (var vectors in new[] { LaneDialect.Whole, LaneDialect.Halves with { Half = null } })
            {
                if (vectors.IsHalf)
                    writer.Line();
                writer.Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]");
                var text = value(vectors);
                for (var k = 0; k < operands; k++)
                    text = text.Replace(Operand(k), fields[k]);
                writer.Line($"public {vectors.Reals} Apply({vectors.Reals} sum, nint at, nint channel) => {text};");
            }
        });
        printed.Add(writer.ToString());
        return unique;
    }

    public void Write(SourceWriter writer)
    {
        if (printed.Count == 0)
            return;
        writer.Line().Line("/// <summary>What the programs call: each kernel with the formula of its first use.</summary>");
        writer.Block("private static class Kernels", () =>
        {
            for (var i = 0; i < printed.Count; i++)
                (i == 0 ? writer : writer.Line()).Line(printed[i].TrimEnd('\n'));
        });
    }
}
