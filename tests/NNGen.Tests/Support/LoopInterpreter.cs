using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Tests.Support;

/// <summary>
/// Runs a loop program in double, nest by nest. Leaves are given by name, sample after sample and row by row; integers and truth values are doubles as well.
/// </summary>
internal sealed class LoopInterpreter
{
    readonly Memory memory;
    readonly bool training;
    readonly (Nest Nest, Func<IReadOnlyList<long>, double> Element)[] nests;

    LoopInterpreter(LoopProgram program, int samples, bool training)
    {
        memory = new Memory(program.Graph, samples);
        this.training = training;
        nests = [.. program.Nests.Select(nest => (Checked(nest), ScalarInterpreter.Compile(nest.Body, nest.Axes, memory)))];
    }

    /// <summary>A program ready to run on batches of <paramref name="samples"/>.</summary>
    public static LoopInterpreter Of(LoopProgram program, int samples, bool training = true) => new(program, samples, training);

    /// <summary>The values of all nodes that are stored, by id; those of others are null.</summary>
    public double[]?[] Run(IReadOnlyDictionary<string, double[]> leaves)
    {
        memory.Version++;
        for (var id = 0; id < memory.Graph.Nodes.Count; id++)
            memory.Values[id] = Leaf(id, leaves);
        foreach (var (nest, element) in nests)
            memory.Values[nest.Node] = Fill(nest, element);
        return [.. memory.Values];
    }

    /// <summary>The value of an output.</summary>
    public double[] Run(IReadOnlyDictionary<string, double[]> leaves, string output) => Run(leaves)[memory.Graph.OutputNode(output)]!;

    double[]? Leaf(int id, IReadOnlyDictionary<string, double[]> leaves)
    {
        var node = memory.Graph[id];
        if (node.Op == Leaves.Constant.Name)
            return [.. node.Attributes.Reals];
        if (node.Op == Leaves.Training.Name)
            return [training ? 1 : 0];
        if (!Leaves.IsStored(node.Op) || !leaves.TryGetValue(node.Attributes.Text, out var values))
            return null;
        var count = node.Type.Elements * (node.Type.Batched ? memory.Samples : 1);
        return values.Length == count ? values : throw new ArgumentException($"{node.Attributes.Text} : {node.Type} has {count} elements, and {values.Length} are given");
    }

    double[] Fill(Nest nest, Func<IReadOnlyList<long>, double> element)
    {
        var sizes = nest.Axes.Select(axis => axis.IsBatch ? memory.Samples : axis.Size).ToArray();
        var at = new long[sizes.Length];
        var values = new double[sizes.Aggregate(1, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = element(at);
            for (var axis = sizes.Length - 1; axis >= 0 && ++at[axis] == sizes[axis]; axis--)
                at[axis] = 0;
        }
        return values;
    }

    Nest Checked(Nest nest)
    {
        var type = memory.Graph[nest.Node].Type;
        var sizes = nest.Axes.Select(axis => axis.Size);
        return sizes.SequenceEqual(type.Batched ? [Axis.Batch, .. type.Sizes] : type.Sizes) ? nest
            : throw new InvalidOperationException($"%{nest.Node} : {type} is stored by loops over {string.Join(", ", sizes)}");
    }
}

/// <summary>Runs a graph node by node, nothing fused: each node's row is its definition, and its operands are loads of stored values.</summary>
internal static class GraphInterpreter
{
    /// <summary>What the outputs need, ready to run on batches of <paramref name="samples"/>.</summary>
    public static LoopInterpreter Of(TensorGraph graph, int samples, bool training = true)
    {
        var needed = Needed(graph);
        return LoopInterpreter.Of(
            new LoopProgram(graph, Enumerable.Range(0, graph.Nodes.Count).Where(id => needed[id] && !IsMemory(graph[id])).Select(id => Nest(graph, id)).ToEquatableArray()),
            samples, training);
    }

    /// <summary>The one output's value.</summary>
    public static double[] Run(Value value, int samples, IReadOnlyDictionary<string, double[]> leaves, bool training = true) =>
        Of(value.Builder.Build(("y", value)), samples, training).Run(leaves, "y");

    static bool IsMemory(Node node) => Leaves.IsStored(node.Op) || node.Op == Leaves.Constant.Name || node.Op == Leaves.Training.Name;

    static bool[] Needed(TensorGraph graph)
    {
        var needed = new bool[graph.Nodes.Count];
        foreach (var output in graph.Outputs)
            needed[output.Node] = true;
        for (var id = needed.Length - 1; id >= 0; id--)
            if (needed[id])
                foreach (var input in graph[id].Inputs)
                    needed[input] = true;
        return needed;
    }

    static Nest Nest(TensorGraph graph, int id)
    {
        var node = graph[id];
        var sample = new Axis("n", Axis.Batch);
        var axes = node.Type.Sizes.Select((size, axis) => new Axis($"i{axis}", size)).ToArray();
        var at = new Point(node.Type.Batched ? (Subscript)sample : null, axes.Select(axis => (Subscript)axis).ToEquatableArray());
        var application = new Application(node.Inputs.Select(input => graph[input].Type).ToEquatableArray(), node.Attributes, node.Type);
        var body = Primitives.Row(node.Op).Define(application, at, (operand, point) => new Generators.Graph.Scalar.Load(node.Inputs[operand], point));
        return new Nest(id, (node.Type.Batched ? [sample, .. axes] : axes).ToEquatableArray(), body, [id]);
    }
}
