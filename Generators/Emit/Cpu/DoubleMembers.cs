using NNGen.Generators.Read;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu;

/// <summary>The programs in double, for gradient checks: values come as arguments, data as arrays in the order of the columns.</summary>
internal static class DoubleMembers
{
    public static void Write(SourceWriter writer, NetworkSpec spec, IReadOnlyList<PrintedProgram> programs)
    {
        Method(writer, spec, programs, ProgramKind.TrainingInDouble,
            "/// <summary>The loss in training mode and its gradient, in double: to the parameters, to the inputs (empty arrays for none), and the next buffers.</summary>",
            "public static double LossAndGradient(int count, ReadOnlySpan<double> parameters, ReadOnlySpan<double> buffers, double[][] reals, int[][] labels, Span<double> gradient, double[][] inputGradients, Span<double> updatedBuffers)",
            s => ["results", "gradient", "updatedBuffers", .. Programs.RealInputs(s).Select((input, i) => $"inputGradients.Length > {i} && inputGradients[{i}].Length > 0 ? inputGradients[{i}] : new double[count * {Member.Elements(input)}]")]);
        Method(writer.Line(), spec, programs, ProgramKind.LossInDouble,
            "/// <summary>The loss in training mode, in double.</summary>",
            "public static double Loss(int count, ReadOnlySpan<double> parameters, ReadOnlySpan<double> buffers, double[][] reals, int[][] labels)",
            _ => ["results"]);
        Predict(writer.Line(), spec, programs);
    }

    private static void Method(SourceWriter writer, NetworkSpec spec, IReadOnlyList<PrintedProgram> programs, ProgramKind kind, string summary, string header, Func<Specialisation, IEnumerable<string>> spans)
    {
        writer.Line(summary);
        if (spec.Faulty)
        {
            writer.Line($"{Explicit(header, spec)} => {Member.Throw(spec)};");
            return;
        }
        writer.Block(Explicit(header, spec), () => Member.Dispatch(writer, spec, programs, kind, data => Length(spec, data), program =>
        {
            var s = program.Specialisation;
            writer.Line($"Span<double> results = stackalloc double[{1 + spec.Metrics.Count}];");
            writer.Line($"{program.ClassName}.Run({string.Join(", ", new[] { "count", "parameters", "buffers" }.Concat(Data(s.Inputs.Concat(s.Targets))).Concat(spans(s)).Concat([$"new {program.ClassName}.Workspace(count)"]))});");
            writer.Line("return results[0];");
        }));
    }

    private static void Predict(SourceWriter writer, NetworkSpec spec, IReadOnlyList<PrintedProgram> programs)
    {
        writer.Line("/// <summary>The outputs in inference mode, in double.</summary>");
        const string header = "public static void Predict(int count, ReadOnlySpan<double> parameters, ReadOnlySpan<double> buffers, double[][] inputs, double[][] outputs)";
        if (spec.Faulty)
        {
            writer.Line($"{Explicit(header, spec)} => {Member.Throw(spec)};");
            return;
        }
        writer.Block(Explicit(header, spec), () => Member.Dispatch(writer, spec, programs, ProgramKind.InferenceInDouble, data => Length(spec, data).Replace("reals", "inputs"), program =>
        {
            var s = program.Specialisation;
            var inputs = Data(s.Inputs).Select(text => text.Replace("reals", "inputs"));
            writer.Line($"{program.ClassName}.Run({string.Join(", ", new[] { "count", "parameters", "buffers" }.Concat(inputs).Concat(s.Targets.Select(_ => "default")).Concat(s.Outputs.Select((_, i) => $"outputs[{i}]")).Concat([$"new {program.ClassName}.Workspace(count)"]))});");
        }));
    }

    // Explicit implementations: `Loss` is the user's own method, and these are for checks, not for daily use.
    private static string Explicit(string header, NetworkSpec spec)
    {
        var text = header.Substring("public static ".Length);
        var space = text.IndexOf(' ');
        return $"static {text.Substring(0, space)} IDoubleNetwork<{spec.Declaration.Name}>.{text.Substring(space + 1)}";
    }

    private static IEnumerable<string> Data(IEnumerable<DataSpec> data)
    {
        var (reals, labels) = (0, 0);
        foreach (var d in data)
            yield return d.IsLabels ? $"labels[{labels++}]" : $"reals[{reals++}]";
    }

    private static string Length(NetworkSpec spec, DataSpec data)
    {
        var all = spec.Specialisations[0].Inputs.Concat(spec.Specialisations[0].Targets).ToArray();
        return Data(all).ElementAt(Array.FindIndex(all, d => d.Name == data.Name)) + ".Length";
    }
}
