using NNGen.Generators.Read;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu;

/// <summary>`Predict`: spans in, spans out.</summary>
internal static class PredictMember
{
    /// <summary>Samples that go through the network at a time where memory grows with their number.</summary>
    private const int Portion = 64;

    public static void Write(SourceWriter writer, NetworkSpec spec, IReadOnlyList<PrintedProgram> programs)
    {
        if (spec.Specialisations.Count == 0)
            return;
        var first = spec.Specialisations[0];
        var several = spec.Specialisations.Count > 1;
        var inputs = first.Inputs.Select(input => $"ReadOnlySpan<{(input.IsLabels ? "int" : "float")}> {Member.Name(input)}");
        var outputs = first.Outputs.Select(output => $"Span<float> {Member.Output(first, output)}");
        var counted = several || first.Inputs.Count == 0;
        writer.Line("/// <summary>The network's outputs in inference mode, for one or more samples one after the other. Allocates nothing once warm; may be called by several threads.</summary>");
        if (counted)
            writer.Line("/// <param name=\"count\">The number of samples.</param>");
        foreach (var input in first.Inputs)
            writer.Line($"/// <param name=\"{Member.Name(input)}\">{Member.Shapes(spec, s => s.Inputs, input)} per sample.</param>");
        foreach (var output in first.Outputs)
            writer.Line($"/// <param name=\"{Member.Output(first, output)}\">Receives {Member.Shapes(spec, s => s.Outputs, output)} per sample.</param>");
        writer.Line("/// <exception cref=\"ArgumentException\">A length does not fit the shapes.</exception>");
        var signature = $"public void Predict({string.Join(", ", (counted ? new[] { "int count" } : []).Concat(inputs).Concat(outputs))})";
        if (spec.Faulty)
        {
            writer.Line($"{signature} => {Member.Throw(spec)};");
            return;
        }
        writer.Block(signature, () =>
        {
            if (!counted)
                writer.Line($"var count = Arguments.Samples(\"{first.Inputs[0].Name}\", {Member.Name(first.Inputs[0])}.Length, {Member.Elements(first.Inputs[0])}, \"{first.Inputs[0].Sizes}\");");
            Member.Dispatch(writer, spec, programs, ProgramKind.Inference, data => Member.Name(data) + ".Length", program => Body(writer, program));
        });
        foreach (var program in programs.Where(p => p.Kind == ProgramKind.Inference))
            Member.Pool(writer, program);
    }

    private static void Body(SourceWriter writer, PrintedProgram program)
    {
        var s = program.Specialisation;
        foreach (var data in s.Inputs)
            writer.Line($"Arguments.Length(\"{data.Name}\", {Member.Name(data)}.Length, count, {Member.Elements(data)});");
        foreach (var data in s.Outputs)
            writer.Line($"Arguments.Length(\"{data.Name}\", {Member.Output(s, data)}.Length, {Member.OutputCount(program, data)}, {Member.Elements(data)});");
        if (!program.IsPortioned)
        {
            writer.Line($"var program = {program.Pool}.Take(count);");
            Run(writer, program, "count", (span, _) => span);
        }
        else
        {
            writer.Line($"var program = {program.Pool}.Take(Math.Min(count, {Portion}));");
            writer.Block($"for (var start = 0; start < count; start += {Portion})", () =>
            {
                writer.Line($"var portion = Math.Min(count - start, {Portion});");
                Run(writer, program, "portion", (span, data) => $"{span}.Slice(start * {Member.Elements(data)}, portion * {Member.Elements(data)})");
            });
        }
        writer.Line($"{program.Pool}.Return(program);");
    }

    private static void Run(SourceWriter writer, PrintedProgram program, string count, Func<string, DataSpec, string> part)
    {
        var s = program.Specialisation;
        string[] arguments =
        [
            count, "Values.Parameters", "Values.Buffers",
            .. s.Inputs.Select(data => part(Member.Name(data), data)), .. s.Targets.Select(_ => "default"), .. s.Outputs.Select(data => part(Member.Output(s, data), data)),
        ];
        writer.Line($"program.Run({string.Join(", ", arguments)});");
    }
}
