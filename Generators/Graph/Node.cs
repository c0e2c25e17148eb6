using NNGen.Generators.Support;

namespace NNGen.Generators.Graph;

/// <summary>The constants of one application of an op. Which integer means what is the op's row to say.</summary>
public sealed record Attributes(EquatableArray<int> Integers, EquatableArray<double> Reals, string Text)
{
    public static readonly Attributes None = new([], [], "");

    /// <summary>The array becomes the attributes' own.</summary>
    public static Attributes Of(params int[] integers) => new(new EquatableArray<int>(integers), [], "");

    /// <summary>The same with another integer.</summary>
    public Attributes With(int at, int integer) => this with { Integers = [.. Integers.Select((own, i) => i == at ? integer : own)] };

    public static Attributes Of(double real) => new([], [real], "");

    public static Attributes Of(string text) => new([], [], text);
}

/// <summary>One application of the op named <paramref name="Op"/> to earlier nodes. <paramref name="Label"/> is the user's name
/// for the value (a layer or a local), empty where there is none; it names kernels and buffers and means nothing else.</summary>
public sealed record Node(string Op, EquatableArray<int> Inputs, Attributes Attributes, TensorType Type, string Label);

/// <summary>A named result of a graph.</summary>
public sealed record Output(string Name, int Node);

/// <summary>
/// A program in single assignment: a flat list in which a node's inputs stand before it, and its named results. Flat, because
/// nested records of a shared graph compare in exponential time.
/// </summary>
public sealed record TensorGraph(EquatableArray<Node> Nodes, EquatableArray<Output> Outputs)
{
    public Node this[int id] => Nodes[id];

    public int OutputNode(string name) => Outputs.Single(output => output.Name == name).Node;

    /// <summary>For each node, whether an output depends on it.</summary>
    public bool[] Reached()
    {
        var reached = new bool[Nodes.Count];
        foreach (var output in Outputs)
            reached[output.Node] = true;
        for (var id = reached.Length - 1; id >= 0; id--)
            if (reached[id])
                foreach (var input in Nodes[id].Inputs)
                    reached[input] = true;
        return reached;
    }
}
