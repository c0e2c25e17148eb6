using NNGen.Generators;
using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Read;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;
using CpuPrograms = NNGen.Generators.Emit.Cpu.Programs;

namespace NNGen.Benchmarks.Generator;

/// <summary>Where the time of one compilation goes: each phase of each program by itself, on the input that the phase before it gives.</summary>
internal static class Phases
{
    public static IReadOnlyList<(string Phase, Measurement Time)> Of(Model model, int rounds)
    {
        var project = new Project(model);
        var spec = Project.Checked(model);
        var specialisation = spec.Specialisations[0];
        var found = new List<(string, Measurement)>
        {
            ("read", Measurement.Of(rounds, _ => project.Afresh(), compilation => Project.Read(compilation, model))),
            ("differentiate", Measurement.Of(rounds, () => Compiler.Check(spec))),
        };
        Lowered("inference", Select(output => output.StartsWith("output:", StringComparison.Ordinal)), training: false);
        Lowered("evaluation", Select(output => output == "loss" || output.StartsWith("metric:", StringComparison.Ordinal)), training: false);
        Lowered("training", Compiler.Differentiated(spec, specialisation, spec.Options.InputGradient).Graph, training: true);
        foreach (var program in CpuPrograms.Of(spec, new()))
            found.Add(($"write, {program.Kind.ToString().ToLowerInvariant()}", Measurement.Of(rounds, () => program.Write(new SourceWriter()))));
        found.Add(("lower and name all programs", Measurement.Of(rounds, () => CpuPrograms.Of(spec, new()))));
        found.Add(("compile (all but read)", Measurement.Of(rounds, () => Compiler.Compile(spec))));
        return found;

        TensorGraph Select(Func<string, bool> wanted) =>
            specialisation.Graph with { Outputs = specialisation.Graph.Outputs.Where(output => wanted(output.Name)).ToEquatableArray() };

        void Lowered(string program, TensorGraph graph, bool training)
        {
            foreach (var (pass, apply) in Compiler.Passes(training))
            {
                var input = graph;
                found.Add(($"{pass}, {program} ({input.Nodes.Count} nodes)", Measurement.Of(rounds, () => apply(input))));
                graph = apply(input);
            }
            var loops = Fusion.Fuse(graph);
            found.Add(($"fuse, {program} ({graph.Nodes.Count} nodes into {loops.Nests.Count} nests)", Measurement.Of(rounds, () => Fusion.Fuse(graph))));
            if (program != "inference")
                found.Add(($"schedule, {program}", Measurement.Of(rounds, () => LaneSchedule.Of(loops))));
        }
    }
}
