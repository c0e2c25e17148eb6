using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Ops;

/// <summary>
/// Grows a graph node by node, typed by the rows' shape rules. The same op on the same operands is the same node, so common subexpressions
/// never arise. Faults are collected, not thrown: the result of a faulty application is unknown.
/// </summary>
public sealed class GraphBuilder
{
    private readonly List<Node> nodes = [];
    private readonly Dictionary<Node, int> known = [];
    private readonly List<Fault> faults = [];

    public GraphBuilder() { }

    /// <summary>Continues an existing graph; ids stay what they are.</summary>
    public GraphBuilder(TensorGraph graph)
    {
        foreach (var node in graph.Nodes)
        {
            nodes.Add(node);
            var key = node with { Label = "" };
            if (!known.ContainsKey(key))
                known[key] = nodes.Count - 1;
        }
    }

    public IReadOnlyList<Fault> Faults => faults;

    public int Count => nodes.Count;

    public Node Node(int id) => nodes[id];

    public Value At(int id) => new(this, id);

    public Value Unknown => new(this, -1);

    /// <summary>Records a fault that a derived op found; the result is unknown.</summary>
    public Value Faulty(string id, string message) => Faulty(new Fault(id, message));

    public Value Faulty(Fault fault)
    {
        faults.Add(fault);
        return Unknown;
    }

    public Value Apply(Op op, params Value[] inputs) => Apply(op, Attributes.None, inputs);

    /// <summary>Applies an op. Elementwise ops broadcast their operands first, so that no gradient rule has to know about it.</summary>
    public Value Apply(Op op, Attributes attributes, params Value[] inputs)
    {
        if (inputs.Any(input => input.IsUnknown))
            return Unknown;
        var types = Types(inputs);
        if (op.Kind == OpKind.Elementwise && !Broadcasting.AreAlike(types))
        {
            var common = Broadcasting.Common(op.Name, types);
            if (common.Fault is { } mismatch)
                return Faulty(mismatch);
            inputs = Array.ConvertAll(inputs, input => Broadcasting.To(input, common.Type!.Sizes, common.Type.Batched));
            if (inputs.Any(input => input.IsUnknown))                           // stretched to more elements than there may be, which was said
                return Unknown;
            types = Types(inputs);
        }
        var shaped = op.Shape(types, attributes);
        if (shaped.Fault is { } fault)
            return Faulty(fault);
        var type = shaped.Type!;
        return type.Sizes.Any(size => size < 1) || type.Sizes.Aggregate(1L, (p, s) => p > int.MaxValue ? p : p * s) > int.MaxValue
            ? Faulty(new Fault("NNG1009", $"{op.Name} would have {Text(type.Sizes)} elements per sample, more than 2^31 - 1"))
            : At(Append(new Node(op.Name, Ids(inputs), attributes, type, "")));
    }

    /// <summary>The same application on other operands of the same types.</summary>
    public Value Copy(Node node, params Value[] operands) =>
        At(Append(node with { Inputs = Ids(operands), Label = "" }));

    /// <summary>A constant that is one number, shared by the batch.</summary>
    public Value Literal(double value) => Apply(Leaves.Literal, Attributes.Of(value));

    /// <summary>A named leaf: an input, target, parameter or buffer. The same name is the same leaf.</summary>
    public Value Leaf(Op leaf, string name, TensorType type) =>
        At(Append(new Node(leaf.Name, [], Attributes.Of(name), type, name)));

    /// <summary>An array of constants, row by row.</summary>
    public Value Constant(IEnumerable<double> values, params int[] sizes) =>
        Apply(Leaves.Constant, new Attributes(sizes.ToEquatableArray(), values.ToEquatableArray(), ""));

    /// <summary>Gives a node a name to print; the first name stays.</summary>
    public Value Labelled(Value value, string label)
    {
        if (!value.IsUnknown && nodes[value.Id].Label.Length == 0)
            nodes[value.Id] = nodes[value.Id] with { Label = label };
        return value;
    }

    public TensorGraph Build(params (string Name, Value Value)[] outputs) =>
        new(nodes.ToEquatableArray(), outputs.Select(o => new Output(o.Name, o.Value.Id)).ToEquatableArray());

    public static string Text(EquatableArray<int> sizes) => sizes.ToString();

    private static EquatableArray<int> Ids(Value[] values) => new(Array.ConvertAll(values, value => value.Id));

    private static EquatableArray<TensorType> Types(Value[] values) => new(Array.ConvertAll(values, value => value.Type));

    private int Append(Node node)
    {
        var key = node.Label.Length == 0 ? node : node with { Label = "" };
        if (known.TryGetValue(key, out var id))
            return id;
        nodes.Add(node);
        return known[key] = nodes.Count - 1;
    }
}
