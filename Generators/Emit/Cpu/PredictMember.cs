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
        if (programs.FirstOrDefault(program => program.Kind == ProgramKind.FewSamplesInference) is { } few)
            writer.Line($"/// <remarks>{(spec.Specialisations.Count == 1 ? $"Up to {few.Most} samples" : "A few samples")} are computed one by one, more of them in blocks of 16: sums are taken in another order, so that last bits may differ between the two.</remarks>");
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
            Member.Dispatch(writer, spec, programs, ProgramKind.Inference, data => Member.Name(data) + ".Length", program => Body(writer, program, Member.Few(programs, program, ProgramKind.FewSamplesInference)));
        });
        foreach (var program in programs.Where(p => p.Kind is ProgramKind.Inference or ProgramKind.FewSamplesInference))
            Member.Pool(writer, program);
    }

    private static void Body(SourceWriter writer, PrintedProgram program, PrintedProgram? few)
    {
        var s = program.Specialisation;
        foreach (var data in s.Inputs)
            writer.Line($"Arguments.Length(\"{data.Name}\", {Member.Name(data)}.Length, count, {Member.Elements(data)});");
        foreach (var data in s.Outputs)
            writer.Line($"Arguments.Length(\"{data.Name}\", {Member.Output(s, data)}.Length, {Member.OutputCount(program, data)}, {Member.Elements(data)});");
        if (few is not null)
            writer.Block($"if (count <= {few.Most})", () =>
            {
                Whole(few, Free("few"));
                writer.Line("return;");
            });
        if (!program.IsPortioned)
            Whole(program, Free("program"));
        else
        {
            var (name, start, portion) = (Free("program"), Free("start"), Free("portion"));
            writer.Line($"var {name} = {program.Pool}.Take(Math.Min(count, {Portion}));");
            writer.Block($"for (var {start} = 0; {start} < count; {start} += {Portion})", () =>
            {
                writer.Line($"var {portion} = Math.Min(count - {start}, {Portion});");
                Run(writer, program, name, portion, (span, data) => $"{span}.Slice({start} * {Member.Elements(data)}, {portion} * {Member.Elements(data)})");
            });
            writer.Line($"{program.Pool}.Return({name});");
        }

        // A local of that name, or one that no input or output has.
        string Free(string name) => s.Inputs.Any(data => Member.Name(data) == name) || s.Outputs.Any(data => Member.Output(s, data) == name) ? Free(name + "_") : name;

        void Whole(PrintedProgram own, string name)
        {
            writer.Line($"var {name} = {own.Pool}.Take(count);");
            Run(writer, own, name, "count", (span, _) => span);
            writer.Line($"{own.Pool}.Return({name});");
        }
    }

    private static void Run(SourceWriter writer, PrintedProgram program, string name, string count, Func<string, DataSpec, string> part)
    {
        var s = program.Specialisation;
        string[] arguments =
        [
            count, "Values.Parameters", "Values.Buffers",
            .. s.Inputs.Select(data => part(Member.Name(data), data)), .. s.Targets.Select(_ => "default"), .. s.Outputs.Select(data => part(Member.Output(s, data), data)),
        ];
        writer.Line($"{name}.Run({string.Join(", ", arguments)});");
    }
}
