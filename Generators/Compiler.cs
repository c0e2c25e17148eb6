using System.Diagnostics;
using NNGen.Generators.Differentiate;
using NNGen.Generators.Emit.Cpu;
using NNGen.Generators.Emit.Gpu;
using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Read;
using NNGen.Generators.Simplify;
using NNGen.Generators.Support;

namespace NNGen.Generators;

/// <summary>Everything behind the wall: from a network's spec to source text, as a list of passes. A pure function.</summary>
public static class Compiler
{
    /// <summary>The source that is added to the network's class.</summary>
    public static string Compile(NetworkSpec spec) => ClassWriter.Write(spec);

    /// <summary>The source of the network on a GPU, a second part of the class; null where it is not asked for.</summary>
    public static string? CompileGpu(NetworkSpec spec) => spec.Options.Gpu ? DeviceClassWriter.Write(spec) : null;

    /// <summary>What the reverse pass has to say about the loss: parameters out of its reach, gradients that vanish.</summary>
    public static EquatableArray<NodeFault> Check(NetworkSpec spec) =>
        spec is { HasLoss: true, Faulty: false, Specialisations.Count: > 0 } ? Differentiated(spec, spec.Specialisations[0], inputs: false).Faults : [];

    /// <summary>Outputs from inputs: evaluation mode, and nothing that only training needs.</summary>
    public static LoopProgram Inference(Specialisation specialisation) => Fusion.Fuse(InferenceGraph(specialisation));

    /// <summary>The same before it is fused.</summary>
    public static TensorGraph InferenceGraph(Specialisation specialisation) =>
        Simplified(Select(specialisation.Graph, output => output.StartsWith("output:", StringComparison.Ordinal)), training: false);

    /// <summary>Loss and metrics in evaluation mode.</summary>
    public static LoopProgram Evaluation(Specialisation specialisation) => Fusion.Fuse(EvaluationGraph(specialisation));

    /// <summary>The same before it is fused.</summary>
    public static TensorGraph EvaluationGraph(Specialisation specialisation) => Simplified(Select(specialisation.Graph, IsResult), training: false);

    /// <summary>Loss and metrics in training mode, without a gradient.</summary>
    public static LoopProgram Loss(Specialisation specialisation) => Fusion.Fuse(Simplified(Select(specialisation.Graph, IsResult), training: true));

    /// <summary>Loss, metrics, the next running statistics, and the gradient of each parameter (and of each input, on request).</summary>
    public static LoopProgram Training(NetworkSpec spec, Specialisation specialisation, bool inputs) => Fusion.Fuse(TrainingGraph(spec, specialisation, inputs));

    /// <summary>The same before it is fused.</summary>
    public static TensorGraph TrainingGraph(NetworkSpec spec, Specialisation specialisation, bool inputs) => Simplified(Differentiated(spec, specialisation, inputs).Graph, training: true);

    internal static (TensorGraph Graph, EquatableArray<NodeFault> Faults) Differentiated(NetworkSpec spec, Specialisation specialisation, bool inputs)
    {
        var graph = specialisation.Graph;
        var wanted = new HashSet<string>(spec.Parameters.Where(p => !p.Frozen).Select(p => p.Name));
        var leaves = Enumerable.Range(0, graph.Nodes.Count)
            .Where(id => (graph[id].Op == Leaves.Parameter.Name && wanted.Contains(graph[id].Attributes.Text)) || (inputs && graph[id].Op == Leaves.Input.Name && graph[id].Type.Type == DType.F32))
            .Select(id => (graph[id].Attributes.Text, id)).ToArray();
        return Adjoint.Of(Select(graph, output => IsResult(output) || output.StartsWith("buffer:", StringComparison.Ordinal)), "loss", leaves);
    }

    private static TensorGraph Simplified(TensorGraph graph, bool training)
    {
        Verify("differentiate", graph);
        foreach (var (name, apply) in Passes(training))
        {
            graph = apply(graph);
            Verify(name, graph);
        }
        return graph;
    }

    // In Debug, as in the tests, a pass that breaks the graph is named where it did; users' builds do not pay for it.
    [Conditional("DEBUG")]
    private static void Verify(string pass, TensorGraph graph)
    {
        if (TypeChecker.Check(graph) is [var first, ..])
            throw new InvalidOperationException($"the pass '{pass}' broke the graph: {first}");
    }

    internal static (string Name, Func<TensorGraph, TensorGraph> Apply)[] Passes(bool training) =>
    [
        ("decide the mode",    graph => Rewriter.Rewrite(graph, [Rules.Mode(training)])),
        ("simplify",           graph => Rewriter.Rewrite(graph, Rules.All)),
        ("simplify again",     graph => Rewriter.Rewrite(graph, Rules.All)),
        ("separate outputs",   Separate),
    ];

    // An output that is a leaf (a network that returns its input) is stored like any other: through an identity.
    private static TensorGraph Separate(TensorGraph graph)
    {
        var builder = new GraphBuilder(graph);
        return builder.Build([.. graph.Outputs.Select(output =>
            (output.Name, Primitives.Row(graph[output.Node].Op).Kind == OpKind.Leaf ? builder.Apply(Elementwise.StopGradient, builder.At(output.Node)) : builder.At(output.Node)))]);
    }

    private static TensorGraph Select(TensorGraph graph, Func<string, bool> wanted) =>
        graph with { Outputs = graph.Outputs.Where(output => wanted(output.Name)).ToEquatableArray() };

    private static bool IsResult(string output) => output == "loss" || output.StartsWith("metric:", StringComparison.Ordinal);
}
