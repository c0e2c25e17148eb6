using NNGen.Generators.Read;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu;

/// <summary>`Predict`: spans in, spans out.</summary>
internal static class PredictMember
{
    /// <summary>Samples that go through the network at a time, where samples do not depend on each other: more would only need more memory.</summary>
    private const int Chunk = 64;

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
        var crossing = CrossesSamples(program);
        writer.Line($"var w = {program.Pool}.Take({(crossing ? "count" : $"Math.Min(count, {Chunk})")});");
        if (crossing)
            writer.Line($"{program.ClassName}.Run({Arguments(s, data => Member.Name(data), output => Member.Output(s, output), "count")});");
        else
            writer.Block($"for (var start = 0; start < count; start += {Chunk})", () =>
            {
                writer.Line($"var n = Math.Min(count - start, {Chunk});");
                string Part(string span, DataSpec data) => $"{span}.Slice(start * {Member.Elements(data)}, n * {Member.Elements(data)})";
                writer.Line($"{program.ClassName}.Run({Arguments(s, data => Part(Member.Name(data), data), output => Part(Member.Output(s, output), output), "n")});");
            });
        writer.Line($"{program.Pool}.Return(w);");
    }

    private static string Arguments(Specialisation s, Func<DataSpec, string> input, Func<DataSpec, string> output, string count) =>
        string.Join(", ", new[] { count, "Values.Parameters", "Values.Buffers" }.Concat(s.Inputs.Select(input)).Concat(s.Targets.Select(_ => "default")).Concat(s.Outputs.Select(output)).Concat(["w"]));

    private static bool CrossesSamples(PrintedProgram program) =>
        program.Loops.Graph.Nodes.Any(node => node.Op is "batch_count" or "batch_sum" || (!node.Type.Batched && node.Inputs.Any(input => program.Loops.Graph[input].Type.Batched)))
        || program.Loops.Graph.Outputs.Any(output => !program.Loops.Graph[output.Node].Type.Batched);
}
