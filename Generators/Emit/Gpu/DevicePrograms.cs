using NNGen.Generators.Emit.Cpu;
using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Plan.Gpu;
using NNGen.Generators.Read;

namespace NNGen.Generators.Emit.Gpu;

/// <summary>A program of a specialisation, planned for a device.</summary>
internal sealed record DeviceProgram(ProgramKind Kind, Specialisation Specialisation, string ClassName, LoopProgram Loops, NetworkArena Arena, ArenaPlan Plan, KernelWriter Writer)
{
    /// <summary>The field that holds its compiled kernels.</summary>
    public string Field => Names.Camel(ClassName.Replace("Kernels", ""));

    /// <summary>Whether an output depends on other samples of the batch, or on none.</summary>
    public bool CrossesSamples => Loops.Nests.Any(nest => Reads.Of(nest.Body).Batch) || Loops.Graph.Outputs.Any(output => !Loops.Graph[output.Node].Type.Batched);

    /// <summary>The place of the data, if the program reads it.</summary>
    public Address? Data(DataSpec data) =>
        Loops.Graph.Nodes.FirstOrDefault(node => node.Op is "input" or "target" && node.Attributes.Text == data.Name) is { } leaf ? Arena.Leaf(leaf) : null;

    /// <summary>The place of an output.</summary>
    public Address Output(string name) => Plan[Loops.Graph.OutputNode(name)];
}

/// <summary>The programs that run on a device.</summary>
internal static class DevicePrograms
{
    public static IReadOnlyList<DeviceProgram> Of(NetworkSpec spec)
    {
        var wanted = spec.Specialisations.SelectMany(s => new NetworkArena(spec, s) is var arena ? Loops(spec, s).Select(p => (p.Kind, p.Summary, p.Loops, Specialisation: s, Arena: arena)) : []).ToArray();
        // Arrays of constants are uploaded once, so those of all programs lie there side by side.
        var end = wanted.Aggregate(Extent.None, (all, program) => all.Max(program.Arena.Extent));
        var constants = wanted.Select(program =>
        {
            var places = new Dictionary<int, Address>();
            foreach (var (node, id) in program.Loops.Graph.Nodes.Select((node, id) => (node, id)).Where(n => n.node.Op == "constant"))
            {
                places[id] = new Address(Region.Shared, end.Shared);
                end = end.With(Region.Shared, end.Shared + node.Type.Elements);
            }
            return places;
        }).ToArray();
        var printed = new Dictionary<string, string>();
        return [.. wanted.Select((program, i) =>
        {
            var suffix = spec.Specialisations.Count == 1 ? "" : "For" + string.Join("And", program.Specialisation.Inputs.Select(input => string.Join("x", input.Sizes)));
            var plan = ArenaPlan.Of(program.Loops, program.Arena.Of(program.Loops).Concat(constants[i]).ToDictionary(p => p.Key, p => p.Value), end);
            var name = $"{program.Kind}Kernels{suffix}";
            return new DeviceProgram(program.Kind, program.Specialisation, name, program.Loops, program.Arena, plan, new KernelWriter(name, program.Summary, program.Loops, plan, printed));
        })];
    }

    private static IEnumerable<(ProgramKind Kind, string Summary, LoopProgram Loops)> Loops(NetworkSpec spec, Specialisation s)
    {
        yield return (ProgramKind.Inference, "Outputs from inputs, in inference mode.", Compiler.Inference(s));
        if (!spec.HasLoss)
            yield break;
        yield return (ProgramKind.Evaluation, "Loss and metrics in inference mode.", Compiler.Evaluation(s));
        yield return (ProgramKind.Training, "Loss, metrics, the next buffers and the gradient of the loss.", Compiler.Training(spec, s, inputs: false));
    }
}
