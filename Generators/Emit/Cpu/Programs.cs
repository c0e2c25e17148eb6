using NNGen.Generators.Emit.Cpu.Lanes;
using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Read;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu;

internal enum ProgramKind { Inference, FewSamplesInference, Evaluation, Training, FewSamplesTraining, InferenceInDouble, LossInDouble, TrainingInDouble }

/// <summary>A program of a specialisation, ready to be printed.</summary>
/// <param name="Kind">What it computes, in which type.</param>
/// <param name="Specialisation">The data it is compiled for.</param>
/// <param name="ClassName">The nested class that holds it.</param>
/// <param name="Loops">Its nests.</param>
/// <param name="Names">The identifiers of its values.</param>
/// <param name="Write">Prints it.</param>
/// <param name="IsPortioned">Whether many samples are better done in portions.</param>
/// <param name="Most">How many samples it is meant for, if not for any number.</param>
internal sealed record PrintedProgram(
    ProgramKind Kind, Specialisation Specialisation, string ClassName, LoopProgram Loops, Names Names, Action<SourceWriter> Write, bool IsPortioned = false, int Most = int.MaxValue)
{
    /// <summary>The field that holds the free workspaces.</summary>
    public string Pool => Emit.Names.Camel(ClassName) + "Workspaces";
}

/// <summary>Which programs a network gets: each as one line.</summary>
internal static class Programs
{
    public static IReadOnlyList<PrintedProgram> Of(NetworkSpec spec, KernelTable kernels)
    {
        var programs = new List<PrintedProgram>();
        var isDirect = spec.Options.Direct;
        foreach (var s in spec.Specialisations)
        {
            var suffix = spec.Specialisations.Count == 1 ? "" : "For" + string.Join("And", s.Inputs.Select(input => string.Join("x", input.Sizes)));
            var inference = Compiler.InferenceGraph(s);
            var samples = Scheduled(WholeVectors.Of(inference), byChannel: true);
            var blocks = ChannelLanes.Suit(inference) ? null : Scheduled(inference, byChannel: false);
            Add(ProgramKind.Inference, "Outputs from inputs, in inference mode.", blocks ?? samples, inference, Outputs(s));
            if (blocks is not null && FewSamples.Most(blocks, samples, keeps: true) is > 0 and var most)
                Add(ProgramKind.FewSamplesInference, $"Outputs from inputs, in inference mode, for up to {most} samples.", samples, inference, Outputs(s), most);
            if (spec.HasLoss)
            {
                var evaluation = Compiler.EvaluationGraph(s);
                Add(ProgramKind.Evaluation, "Loss and metrics in inference mode.", Scheduled(evaluation, ChannelLanes.Suit(evaluation)), evaluation, Results(spec));
                var graph = Compiler.TrainingGraph(spec, s, spec.Options.InputGradient);
                var training = Scheduled(graph, ChannelLanes.Suit(graph));
                Destination[] gradients = [.. Results(spec), .. Gradients(spec, s, spec.Options.InputGradient)];
                Add(ProgramKind.Training, "Loss, metrics, the next buffers and the gradient of the loss.", training, graph, gradients);
                if (!training.ByChannel && FewSamples.Block(training) > Slots.LongStep && Scheduled(WholeVectors.Of(graph), byChannel: true) is var few
                    && FewSamples.Most(training, few, keeps: false) is > 0 and var fewest)
                    Add(ProgramKind.FewSamplesTraining, $"Loss, metrics, the next buffers and the gradient of the loss, for up to {fewest} samples.", few, graph, gradients, fewest);
            }
            if (spec is { Options.Double: true, HasLoss: true })
            {
                AddInDouble(ProgramKind.InferenceInDouble, "Outputs from inputs, in inference mode, in double.", Compiler.Inference(s), Outputs(s));
                AddInDouble(ProgramKind.LossInDouble, "Loss and metrics in training mode, in double.", Compiler.Loss(s), Results(spec));
                AddInDouble(ProgramKind.TrainingInDouble, "Loss, metrics, the next buffers and the gradient of the loss, in double.", Compiler.Training(spec, s, inputs: true),
                    [.. Results(spec), .. Gradients(spec, s, inputs: true)]);
            }

            LaneSchedule Scheduled(TensorGraph graph, bool byChannel) => LaneSchedule.Of(LaneSchedule.Fuse(graph, isDirect, byChannel), isDirect, byChannel);

            void Add(ProgramKind kind, string summary, LaneSchedule schedule, TensorGraph of, IReadOnlyList<Destination> destinations, int most = int.MaxValue)
            {
                var (name, loops) = (kind + "Program" + suffix, schedule.Program);
                var lanes = new LaneProgramWriter(name, summary, spec, schedule, destinations, kernels, isShared: kind is not (ProgramKind.Inference or ProgramKind.FewSamplesInference), ChannelLanes.Part(of), most);
                programs.Add(new(kind, s, name, loops, lanes.Names, writer => lanes.Write(writer, RunSignature.Of(loops.Graph, lanes.Names, s, "float", destinations)), lanes.IsPortioned, most));
            }

            void AddInDouble(ProgramKind kind, string summary, LoopProgram loops, IReadOnlyList<Destination> destinations)
            {
                var name = kind.ToString().Replace("InDouble", "ProgramInDouble") + suffix;
                var plain = new ProgramWriter(name, summary, spec, s, loops, Dialect.Double, destinations);
                programs.Add(new(kind, s, name, loops, plain.Names, plain.Write));
            }
        }
        return programs;
    }

    /// <summary>The span that receives the cotangent of an input.</summary>
    public static string InputGradient(DataSpec input) => Names.Camel(input.Name) + "Gradient";

    /// <summary>The span that receives an output.</summary>
    public static string OutputSpan(DataSpec output) => Names.Camel(output.Name) + "Out";

    public static IEnumerable<DataSpec> RealInputs(Specialisation s) => s.Inputs.Where(input => !input.IsLabels);

    private static IReadOnlyList<Destination> Outputs(Specialisation s) =>
        [.. s.Outputs.Select(output => new Destination($"output:{output.Name}", OutputSpan(output), OutputSpan(output)))];

    private static IReadOnlyList<Destination> Results(NetworkSpec spec) =>
        [new("loss", "results", "results.Slice(0, 1)"), .. spec.Metrics.Select((metric, i) => new Destination($"metric:{metric}", "results", $"results.Slice({i + 1}, 1)"))];

    private static IEnumerable<Destination> Gradients(NetworkSpec spec, Specialisation s, bool inputs)
    {
        var read = new HashSet<string>(s.Graph.Nodes.Where(node => node.Op == "parameter").Select(node => node.Attributes.Text));
        var offset = 0;
        foreach (var parameter in spec.Parameters)
        {
            var count = parameter.Shape.Aggregate(1, (product, size) => product * size);
            yield return new(parameter.Frozen || !read.Contains(parameter.Name) ? null : $"gradient:{parameter.Name}", "gradient", $"gradient.Slice({offset}, {count})");
            offset += count;
        }
        offset = 0;
        foreach (var buffer in spec.Buffers)
        {
            var count = buffer.Shape.Aggregate(1, (product, size) => product * size);
            yield return new($"buffer:{buffer.Name}", "nextBuffers", $"nextBuffers.Slice({offset}, {count})");
            offset += count;
        }
        if (spec.Parameters.Count == 0)
            yield return new(null, "gradient", "gradient");
        if (spec.Buffers.Count == 0)
            yield return new(null, "nextBuffers", "nextBuffers");
        if (inputs)
            foreach (var input in RealInputs(s))
                yield return new($"gradient:{input.Name}", InputGradient(input), InputGradient(input));
    }
}
