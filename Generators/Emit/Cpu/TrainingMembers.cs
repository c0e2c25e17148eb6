using NNGen.Generators.Read;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu;

/// <summary>What makes a network trainable: its batch, its metrics, the gradient step and the evaluation.</summary>
internal static class TrainingMembers
{
    public static void Write(SourceWriter writer, NetworkSpec spec, IReadOnlyList<PrintedProgram> programs)
    {
        Columns(writer, spec);
        BatchRecord(writer.Line(), spec);
        MetricsRecord(writer.Line(), spec);
        Gradient(writer.Line(), spec, programs);
        Evaluate(writer.Line(), spec, programs);
        foreach (var program in programs.Where(p => p.Kind is ProgramKind.Evaluation or ProgramKind.Training or ProgramKind.FewSamplesTraining))
            Member.Pool(writer, program);
    }

    private static IEnumerable<DataSpec> Data(NetworkSpec spec) => spec.Specialisations.Count == 0 ? [] : spec.Specialisations[0].Inputs.Concat(spec.Specialisations[0].Targets);

    private static void Columns(SourceWriter writer, NetworkSpec spec)
    {
        writer.Line("/// <summary>The data of a sample: inputs, then targets.</summary>").Line("public static ImmutableArray<ColumnInfo> Columns { get; } =").Line("[");
        foreach (var data in Data(spec))
            writer.Line($"    new ColumnInfo(\"{data.Name}\", [{string.Join(", ", data.Sizes)}], ColumnKind.{(data.IsLabels ? "Labels" : "Real")}, {data.Classes}),");
        writer.Line("];");
    }

    private static void BatchRecord(SourceWriter writer, NetworkSpec spec)
    {
        writer.Line("/// <summary>Inputs and targets of some samples, one after the other.</summary>").Line("/// <param name=\"Count\">The number of samples.</param>");
        foreach (var data in Data(spec))
            writer.Line($"/// <param name=\"{Member.Property(data)}\">{(data.IsLabels ? $"Labels in [0, {data.Classes}), " : "")}{data.Sizes} per sample.</param>");
        var fields = Data(spec).Select(data => $"ReadOnlyMemory<{(data.IsLabels ? "int" : "float")}> {Member.Property(data)}");
        writer.Line($"public sealed record Batch({string.Join(", ", new[] { "int Count" }.Concat(fields))}) : IBatch;");
        var columns = Data(spec).Select((data, i) => $"columns.{(data.IsLabels ? "Labels" : "Real")}({i}, Columns[{i}])");
        writer.Line().Line("/// <summary>The columns of a data set as a batch: by position, inputs first.</summary>");
        writer.Line($"public static Batch Bind(ColumnBatch columns) => new({string.Join(", ", new[] { "columns.Count" }.Concat(columns))});");
    }

    private static void MetricsRecord(SourceWriter writer, NetworkSpec spec)
    {
        string[] names = ["Loss", .. spec.Metrics];
        writer.Line("/// <summary>What a batch is judged by, each a mean over its samples.</summary>").Line("/// <param name=\"Loss\">The loss.</param>");
        foreach (var metric in spec.Metrics)
            writer.Line($"/// <param name=\"{metric}\">The metric `{metric}`.</param>");
        writer.Block($"public sealed record Metrics({string.Join(", ", names.Select(name => $"float {name}"))}) : IMetrics<Metrics>", () =>
        {
            writer.Line("/// <summary>The names of the values, in order.</summary>");
            writer.Line($"public static ImmutableArray<string> Names {{ get; }} = [{string.Join(", ", names.Select(name => $"\"{name}\""))}];").Line();
            writer.Line("/// <summary>The record of the values, in order.</summary>");
            writer.Line($"public static Metrics Of(ReadOnlySpan<float> values) => new({string.Join(", ", names.Select((_, i) => $"values[{i}]"))});").Line();
            writer.Line("/// <summary>A value by its position.</summary>");
            writer.Line($"public float this[int index] => index switch {{ {string.Join(", ", names.Select((name, i) => $"{i} => {name}"))}, _ => throw new ArgumentOutOfRangeException(nameof(index)) }};");
        });
    }

    private static void Gradient(SourceWriter writer, NetworkSpec spec, IReadOnlyList<PrintedProgram> programs)
    {
        var inputs = spec.Options.InputGradient && spec.Specialisations.Count > 0 ? Programs.RealInputs(spec.Specialisations[0]).ToArray() : [];
        void Documentation()
        {
            writer.Line("/// <summary>Loss and metrics of a batch in training mode, and the gradient of the loss.</summary>");
            if (programs.FirstOrDefault(program => program.Kind == ProgramKind.FewSamplesTraining) is { } few)
                writer.Line($"/// <remarks>{(spec.Specialisations.Count == 1 ? $"Up to {few.Most} samples" : "A few samples")} are computed one by one, more of them in blocks of 16: sums are taken in another order, so that last bits differ between the two.</remarks>");
            writer.Line("/// <param name=\"batch\">The samples.</param>");
            writer.Line("/// <param name=\"gradient\">Receives d loss / d parameter for each parameter, in the order of the layout.</param>");
            writer.Line("/// <param name=\"buffers\">Receives the next values of the buffers.</param>");
            writer.Line("/// <param name=\"team\">Threads that share the work; the caller's alone when null. The bits do not depend on how many there are.</param>");
        }
        Documentation();
        const string plain = "public Metrics Gradient(Batch batch, Memory<float> gradient, Memory<float> buffers, WorkerTeam? team = null)";
        if (spec.Faulty)
        {
            writer.Line($"{plain} => {Member.Throw(spec)};");
            return;
        }
        if (inputs.Length > 0)
        {
            writer.Line($"{plain} =>").Line($"    Gradient(batch, gradient, buffers, {string.Join(", ", inputs.Select(input => $"new float[batch.Count * {Member.Elements(input)}]"))}, team);").Line();
            Documentation();
            foreach (var input in inputs)
                writer.Line($"/// <param name=\"{Programs.InputGradient(input)}\">Receives d loss / d {input.Name}, {input.Sizes} per sample.</param>");
        }
        var header = inputs.Length == 0 ? plain : plain.Replace("WorkerTeam?", string.Join(", ", inputs.Select(input => $"Memory<float> {Programs.InputGradient(input)}")) + ", WorkerTeam?");
        writer.Block(header, () =>
        {
            writer.Line("var count = batch.Count;");
            writer.Line($"Arguments.Length(nameof(gradient), gradient.Length, 1, {spec.Parameters.Sum(p => p.Shape.Aggregate(1, (product, size) => product * size))});");
            writer.Line($"Arguments.Length(nameof(buffers), buffers.Length, 1, {spec.Buffers.Sum(b => b.Shape.Aggregate(1, (product, size) => product * size))});");
            Member.Dispatch(writer, spec, programs, ProgramKind.Training, data => $"batch.{Member.Property(data)}.Length", program =>
            {
                foreach (var input in inputs)
                    writer.Line($"Arguments.Length(\"{Programs.InputGradient(input)}\", {Programs.InputGradient(input)}.Length, count, {Member.Elements(program.Specialisation.Inputs.First(i => i.Name == input.Name))});");
                Run(writer, spec, program, ["gradient", "buffers", .. inputs.Select(Programs.InputGradient)], Member.Few(programs, program, ProgramKind.FewSamplesTraining));
            });
        });
    }

    private static void Evaluate(SourceWriter writer, NetworkSpec spec, IReadOnlyList<PrintedProgram> programs)
    {
        writer.Line("/// <summary>Loss and metrics of a batch in inference mode.</summary>").Line("/// <param name=\"batch\">The samples.</param>");
        writer.Line("/// <param name=\"team\">Threads that share the work; the caller's alone when null. The bits do not depend on how many there are.</param>");
        const string header = "public Metrics Evaluate(Batch batch, WorkerTeam? team = null)";
        if (spec.Faulty)
        {
            writer.Line($"{header} => {Member.Throw(spec)};");
            return;
        }
        writer.Block(header, () =>
        {
            writer.Line("var count = batch.Count;");
            Member.Dispatch(writer, spec, programs, ProgramKind.Evaluation, data => $"batch.{Member.Property(data)}.Length", program => Run(writer, spec, program, []));
        });
    }

    private static void Run(SourceWriter writer, NetworkSpec spec, PrintedProgram program, IReadOnlyList<string> spans, PrintedProgram? few = null)
    {
        var s = program.Specialisation;
        foreach (var data in s.Inputs.Concat(s.Targets))
        {
            writer.Line($"Arguments.Length(\"{data.Name}\", batch.{Member.Property(data)}.Length, count, {Member.Elements(data)});");
            if (data.IsLabels)
                writer.Line($"Arguments.Labels(\"{data.Name}\", batch.{Member.Property(data)}.Span, {data.Classes});");
        }
        if (few is not null)
            writer.Block($"if (count <= {few.Most})", () => Whole(few, "few"));
        Whole(program, "program");

        void Whole(PrintedProgram own, string name)
        {
            var arguments = new[] { "count", "Values.ParameterMemory", "Values.BufferMemory" }.Concat(s.Inputs.Concat(s.Targets).Select(data => $"batch.{Member.Property(data)}")).Concat([$"{name}.Results"]).Concat(spans).Concat(["team"]);
            var metrics = own == few ? "fewMetrics" : "metrics";
            writer.Line($"var {name} = {own.Pool}.Take(count, team?.Threads ?? 1);");
            writer.Line($"{name}.Run({string.Join(", ", arguments)});");
            writer.Line($"var {metrics} = Metrics.Of({name}.Results);");
            writer.Line($"{own.Pool}.Return({name});");
            writer.Line($"return {metrics};");
        }
    }
}
