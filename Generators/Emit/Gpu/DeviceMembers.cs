using NNGen.Generators.Emit.Cpu;
using NNGen.Generators.Plan.Gpu;
using NNGen.Generators.Read;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Gpu;

/// <summary>`Predict`, `Gradient` and `Evaluate` on a device: what their namesakes on the processor do, with the copies there and back.</summary>
internal static class DeviceMembers
{
    public static void Predict(SourceWriter writer, NetworkSpec spec, IReadOnlyList<DeviceProgram> programs)
    {
        if (spec.Specialisations.Count == 0)
            return;
        var first = spec.Specialisations[0];
        var counted = spec.Specialisations.Count > 1 || first.Inputs.Count == 0;
        var parameters = (counted ? new[] { "int count" } : [])
            .Concat(first.Inputs.Select(input => $"ReadOnlySpan<{(input.IsLabels ? "int" : "float")}> {Member.Name(input)}"))
            .Concat(first.Outputs.Select(output => $"Span<float> {Member.Output(first, output)}"));
        writer.Line("/// <summary>The network's outputs in inference mode, for one or more samples one after the other.</summary>");
        if (counted)
            writer.Line("/// <param name=\"count\">The number of samples.</param>");
        foreach (var input in first.Inputs)
            writer.Line($"/// <param name=\"{Member.Name(input)}\">{Member.Shapes(spec, s => s.Inputs, input)} per sample.</param>");
        foreach (var output in first.Outputs)
            writer.Line($"/// <param name=\"{Member.Output(first, output)}\">Receives {Member.Shapes(spec, s => s.Outputs, output)} per sample.</param>");
        writer.Line("/// <exception cref=\"ArgumentException\">A length does not fit the shapes.</exception>");
        Method(writer, spec, $"public void Predict({string.Join(", ", parameters)})", () =>
        {
            if (!counted)
                writer.Line($"var count = Arguments.Samples(\"{first.Inputs[0].Name}\", {Member.Name(first.Inputs[0])}.Length, {Member.Elements(first.Inputs[0])}, \"{first.Inputs[0].Sizes}\");");
            Dispatch(writer, spec, programs, ProgramKind.Inference, data => Member.Name(data) + ".Length", program => Predict(writer, program));
        });
    }

    public static void Gradient(SourceWriter writer, NetworkSpec spec, IReadOnlyList<DeviceProgram> programs)
    {
        writer.Line("/// <summary>Loss and metrics of a batch in training mode, and the gradient of the loss. The parameters on the device stay as they are.</summary>");
        writer.Line("/// <param name=\"batch\">The samples, at most <see cref=\"MaximumBatch\"/>.</param>");
        writer.Line("/// <param name=\"gradient\">Receives d loss / d parameter for each parameter, in the order of the layout.</param>");
        writer.Line("/// <param name=\"buffers\">Receives the next values of the buffers.</param>");
        Method(writer, spec, "public Metrics Gradient(Batch batch, Span<float> gradient, Span<float> buffers)", () =>
        {
            writer.Line("var count = batch.Count;");
            writer.Line($"Arguments.Length(nameof(gradient), gradient.Length, 1, {spec.Parameters.Sum(p => Elements(p.Shape))});");
            writer.Line($"Arguments.Length(nameof(buffers), buffers.Length, 1, {spec.Buffers.Sum(b => Elements(b.Shape))});");
            Dispatch(writer, spec, programs, ProgramKind.Training, data => $"batch.{Member.Property(data)}.Length", program =>
            {
                Run(writer, program);
                writer.Line($"memory.ReadShared({program.Arena.Gradient}L, gradient);");
                writer.Line($"memory.ReadShared({program.Arena.NextBuffers}L, buffers);");
                Elsewhere(writer, program, "gradient", spec.Parameters.Select(p => ($"gradient:{p.Name}", p.Shape)));
                Elsewhere(writer, program, "buffers", spec.Buffers.Select(b => ($"buffer:{b.Name}", b.Shape)));
                Results(writer, spec, program);
            });
        });
    }

    public static void Evaluate(SourceWriter writer, NetworkSpec spec, IReadOnlyList<DeviceProgram> programs)
    {
        writer.Line("/// <summary>Loss and metrics of a batch in inference mode.</summary>");
        writer.Line("/// <param name=\"batch\">The samples, at most <see cref=\"MaximumBatch\"/>.</param>");
        Method(writer, spec, "public Metrics Evaluate(Batch batch)", () =>
        {
            writer.Line("var count = batch.Count;");
            Dispatch(writer, spec, programs, ProgramKind.Evaluation, data => $"batch.{Member.Property(data)}.Length", program =>
            {
                Run(writer, program);
                Results(writer, spec, program);
            });
        });
    }

    private static void Method(SourceWriter writer, NetworkSpec spec, string header, Action body)
    {
        if (spec.Faulty)
            writer.Line($"{header} => {Member.Throw(spec)};");
        else
            writer.Block(header, body);
    }

    private static void Dispatch(SourceWriter writer, NetworkSpec spec, IReadOnlyList<DeviceProgram> programs, ProgramKind kind, Func<DataSpec, string> length, Action<DeviceProgram> body)
    {
        var candidates = programs.Where(program => program.Kind == kind).ToArray();
        Member.Dispatch(writer, spec, [.. candidates.Select(program => program.Specialisation)], length, i => body(candidates[i]));
    }

    // In parts of as many samples as there is memory for, unless the samples of a batch depend on each other.
    private static void Predict(SourceWriter writer, DeviceProgram program)
    {
        var s = program.Specialisation;
        foreach (var data in s.Inputs)
            writer.Line($"Arguments.Length(\"{data.Name}\", {Member.Name(data)}.Length, count, {Member.Elements(data)});");
        foreach (var data in s.Outputs)
            writer.Line($"Arguments.Length(\"{data.Name}\", {Member.Output(s, data)}.Length, {(IsBatched(program, data) ? "count" : "1")}, {Member.Elements(data)});");
        if (program.CrossesSamples)
        {
            writer.Line("GpuArguments.Fits(count, memory.Capacity);");
            Copies("count", (span, _) => span);
        }
        else
            writer.Block("for (var start = 0; start < count; start += memory.Capacity)", () =>
            {
                writer.Line("var n = Math.Min(count - start, memory.Capacity);");
                Copies("n", (span, elements) => $"{span}.Slice(start * {elements}, n * {elements})");
            });

        void Copies(string count, Func<string, int, string> part)
        {
            foreach (var data in s.Inputs)
                if (program.Data(data) is { } place)
                    writer.Line($"memory.WriteBatched({place.Offset}L, {part(Member.Name(data), Member.Elements(data))});");
            writer.Line($"{program.Field}.Run(memory, {count});");
            foreach (var data in s.Outputs)
                writer.Line($"memory.{(IsBatched(program, data) ? "ReadBatched" : "ReadShared")}({program.Output($"output:{data.Name}").Offset}L, {part(Member.Output(s, data), Member.Elements(data))});");
        }
    }

    private static void Run(SourceWriter writer, DeviceProgram program)
    {
        var s = program.Specialisation;
        writer.Line("GpuArguments.Fits(count, memory.Capacity);");
        foreach (var data in s.Inputs.Concat(s.Targets))
        {
            writer.Line($"Arguments.Length(\"{data.Name}\", batch.{Member.Property(data)}.Length, count, {Member.Elements(data)});");
            if (data.IsLabels)
                writer.Line($"Arguments.Labels(\"{data.Name}\", batch.{Member.Property(data)}.Span, {data.Classes});");
        }
        foreach (var data in s.Inputs.Concat(s.Targets))
            if (program.Data(data) is { } place)
                writer.Line($"memory.WriteBatched({place.Offset}L, batch.{Member.Property(data)}.Span);");
        writer.Line($"{program.Field}.Run(memory, count);");
    }

    private static void Results(SourceWriter writer, NetworkSpec spec, DeviceProgram program)
    {
        writer.Line($"Span<float> results = stackalloc float[{1 + spec.Metrics.Count}];");
        writer.Line($"memory.ReadShared({program.Arena.Results}L, results);");
        Elsewhere(writer, program, "results", new[] { "loss" }.Concat(spec.Metrics.Select(metric => $"metric:{metric}")).Select(name => (name, new EquatableArray<int>())));
        writer.Line("return Metrics.Of(results);");
    }

    // What the copy of the whole did not bring: a value that is another output as well lies at that one's place, and what the program does not compute is zero.
    private static void Elsewhere(SourceWriter writer, DeviceProgram program, string span, IEnumerable<(string Output, EquatableArray<int> Shape)> parts)
    {
        var offset = 0L;
        foreach (var (output, shape) in parts)
        {
            var part = $"{span}.Slice({offset}, {Elements(shape)})";
            if (program.Loops.Graph.Outputs.All(o => o.Name != output))
                writer.Line($"{part}.Clear();");
            else if (program.Output(output) is var place && place != program.Arena.Output(output))
                writer.Line($"memory.{(place.Region == Region.Shared ? "ReadShared" : "ReadBatched")}({place.Offset}L, {part});");
            offset += Elements(shape);
        }
    }

    private static bool IsBatched(DeviceProgram program, DataSpec output) => program.Loops.Graph[program.Loops.Graph.OutputNode($"output:{output.Name}")].Type.Batched;

    private static long Elements(EquatableArray<int> shape) => shape.Aggregate(1L, (product, size) => product * size);
}
