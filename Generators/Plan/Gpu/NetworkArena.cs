using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Read;
using NNGen.Generators.Support;

namespace NNGen.Generators.Plan.Gpu;

/// <summary>
/// The places that all programs of a network agree on, since the host writes or reads them: parameters, buffers, their gradient and next values, the loss and metrics, then
/// the data of one specialisation.
/// </summary>
public sealed class NetworkArena
{
    private readonly Dictionary<string, Address> leaves = [];
    private readonly Dictionary<string, Address> outputs = [];

    public NetworkArena(NetworkSpec spec, Specialisation specialisation)
    {
        Reserve(leaves, spec.Parameters.Select(p => ("parameter:" + p.Name, p.Shape)), out _);
        Reserve(leaves, spec.Buffers.Select(b => ("buffer:" + b.Name, b.Shape)), out var buffers);
        Reserve(outputs, spec.Parameters.Select(p => ("gradient:" + p.Name, p.Shape)), out var gradient);
        Reserve(outputs, spec.Buffers.Select(b => ("buffer:" + b.Name, b.Shape)), out var nextBuffers);
        Reserve(outputs, new[] { "loss" }.Concat(spec.Metrics.Select(metric => "metric:" + metric)).Select(name => (name, new EquatableArray<int>())), out var results);
        (Buffers, Gradient, NextBuffers, Results) = (buffers, gradient, nextBuffers, results);
        foreach (var data in specialisation.Inputs.Concat(specialisation.Targets))
            if (specialisation.Graph.Nodes.FirstOrDefault(node => node.Op is "input" or "target" && node.Attributes.Text == data.Name) is { } leaf)
                leaves[$"{leaf.Op}:{data.Name}"] = Take(leaf.Type);
        foreach (var output in specialisation.Outputs)
            outputs["output:" + output.Name] = Take(specialisation.Graph[specialisation.Graph.OutputNode("output:" + output.Name)].Type);
    }

    /// <summary>Where the buffers begin, after the parameters, which lie at 0.</summary>
    public long Buffers { get; }

    /// <summary>Where the gradient begins.</summary>
    public long Gradient { get; }

    /// <summary>Where the next values of the buffers begin.</summary>
    public long NextBuffers { get; }

    /// <summary>Where the loss lies, and the metrics after it.</summary>
    public long Results { get; }

    /// <summary>What the fixed places take.</summary>
    public Extent Extent { get; private set; } = Extent.None;

    /// <summary>Where a leaf of the graph lies; null for one that is computed (a literal) or belongs to a program (an array of constants).</summary>
    public Address? Leaf(Node leaf) => leaves.TryGetValue($"{leaf.Op}:{leaf.Attributes.Text}", out var place) ? place : null;

    /// <summary>Where the host expects an output.</summary>
    public Address? Output(string name) => outputs.TryGetValue(name, out var place) ? place : null;

    /// <summary>The fixed places of a program's values, by node. A value that is two outputs lies at the first one's place.</summary>
    public IReadOnlyDictionary<int, Address> Of(LoopProgram program)
    {
        var places = new Dictionary<int, Address>();
        foreach (var output in program.Graph.Outputs)
            if (!places.ContainsKey(output.Node) && Output(output.Name) is { } place)
                places[output.Node] = place;
        for (var id = 0; id < program.Graph.Nodes.Count; id++)
            if (Leaf(program.Graph[id]) is { } place)
                places[id] = place;
        return places;
    }

    private Address Take(TensorType type)
    {
        var region = Address.RegionOf(type);
        var place = new Address(region, Extent[region]);
        Extent = Extent.With(region, place.Offset + type.Elements);
        return place;
    }

    private void Reserve(Dictionary<string, Address> places, IEnumerable<(string Name, EquatableArray<int> Shape)> tensors, out long start)
    {
        start = Extent.Shared;
        foreach (var (name, shape) in tensors)
            places[name] = Take(TensorType.Real(shape, batched: false));
    }
}
