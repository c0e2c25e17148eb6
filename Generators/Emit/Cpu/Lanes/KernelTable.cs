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

    /// <summary>The name of the epilogue or prologue that computes an expression, which is printed if it is new.</summary>
    /// <param name="rider">Which of the two.</param>
    /// <param name="value">The value whose expression it is, which a new one is named after.</param>
    /// <param name="comment">Its formula.</param>
    /// <param name="operands">How many values it reads.</param>
    /// <param name="expression">The expression in vectors of a width, in which operands are called <see cref="Operand"/>.</param>
    /// <param name="of">The operands' names in this use.</param>
    /// <param name="far">Where it reads maps that are far from the core, as references.</param>
    public string Rider(Rider rider, string value, string comment, int operands, Func<LaneDialect, string> expression, IReadOnlyList<string> of, IReadOnlyList<string> far)
    {
        var key = $"{rider.Name} {operands} {string.Join(", ", far)}\n{expression(LaneDialect.Whole)}";
        if (names.TryGetValue(key, out var known))
            return known;
        var name = value + rider.Name;
        var unique = name;
        for (var i = 2; !taken.Add(unique); i++)
            unique = $"{name}_{i}";
        names[key] = unique;
        string[] fields = [.. of.Select(own => rider.Takes(own) ? own + "_" : own)];
        var writer = new SourceWriter();
        writer.Line($"// {comment}");
        writer.Block($"internal readonly ref struct {unique}{(operands == 0 ? "" : $"({string.Join(", ", fields.Select(field => $"ref float {field}"))})")} : I{rider.Name}", () =>
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
                writer.Line($"public {vectors.Reals} Apply({vectors.Reals} {rider.Number}, {rider.Places}) => {Named(expression(vectors))};");
            }
            if (!rider.Fetches)
                return;
            writer.Line().Line($"public bool ReadsFar => {(far.Count > 0 ? "true" : "false")};");
            writer.Line().Line("[MethodImpl(MethodImplOptions.AggressiveInlining)]").Block($"public void Fetch({rider.Places})", () =>
            {
                foreach (var map in far)
                    writer.Line($"Caches.Fetch(ref {Named(map)});");
            });
        });
        printed.Add(writer.ToString());
        return unique;

        string Named(string text)
        {
            for (var k = 0; k < operands; k++)
                text = text.Replace(Operand(k), fields[k]);
            return text;
        }
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
