using Microsoft.CodeAnalysis;
using NNGen.Generators.Diagnostics;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Read;

/// <summary>Evaluates a network's functions for one choice of [Shape]s, and names what was born.</summary>
internal sealed class SpecialisationReader
{
    private readonly NetworkFunctions functions;
    private readonly Signature signature;
    private readonly Reading reading;
    private readonly int index;
    private readonly Copy copy;
    private readonly Evaluator evaluator;
    private readonly List<(string Name, Value Value)> outputs = [];
    private readonly Dictionary<string, object?> data = [];

    public SpecialisationReader(INamedTypeSymbol network, NetworkFunctions functions, Signature signature, Reading reading, int index)
    {
        (this.functions, this.signature, this.reading, this.index) = (functions, signature, reading, index);
        copy = new Copy(network, new Place(null, ""), isFrozen: false);
        evaluator = new Evaluator(reading, copy);
        At = signature.Inputs.Concat(signature.Targets).FirstOrDefault(datum => datum.Shapes.Count > 1)?.At ?? Structure.Name(network);
    }

    /// <summary>The parameter whose [Shape]s make the specialisations.</summary>
    public Location At { get; }

    public EquatableArray<ParameterSpec> Parameters { get; private set; }

    public EquatableArray<BufferSpec> Buffers { get; private set; }

    public EquatableArray<NestedSpec> Nested { get; private set; }

    /// <summary>Null where something in it is unknown.</summary>
    public Specialisation? Result { get; private set; }

    /// <summary>The names alone, for the members of a faulty network.</summary>
    public Specialisation Hollow => new(
        signature.Inputs.Select(input => input.Spec(index)).ToEquatableArray(), signature.Targets.Select(target => target.Spec(index)).ToEquatableArray(),
        signature.Outputs.Select(name => new DataSpec(name, [], false, 0)).ToEquatableArray(), new TensorGraph([], []));

    public IReadOnlyList<Location?> Origins => evaluator.Origins;

    public void Read()
    {
        foreach (var input in signature.Inputs)
            data[input.Name] = Leaf(input, Leaves.Input);
        var returned = Evaluate(functions.Forward!, signature.Forward, []);
        var results = signature.Outputs.Count == 1 && returned is Value single ? [single] : returned is TupleValue tuple ? tuple.Items : [];
        if (results.Length != signature.Outputs.Count)
            results = [.. signature.Outputs.Select(_ => (object?)Unknown.Value)];
        Add(signature.Outputs.Zip(results, (name, value) => ($"output:{name}", value)));
        foreach (var target in signature.Targets)
            data[target.Name] = Leaf(target, Leaves.Target);
        if (functions.Loss is { } loss)
            Add([("loss", Measured(loss, signature.Loss, results))]);
        Add(functions.Metrics.Select((metric, i) => ($"metric:{metric.Name}", Measured(metric, signature.Metrics[i], results))));
        if (outputs.Any(output => output.Value.IsUnknown))
            return;
        Name(results.OfType<Value>().ToList());
    }

    private object? Measured(IMethodSymbol function, IReadOnlyList<Role> roles, object?[] results) =>
        evaluator.Averaged(Evaluate(function, roles, results), Structure.Name(function));

    private void Add(IEnumerable<(string, object?)> results)
    {
        foreach (var (name, value) in results)
            outputs.Add((name, value is Value known ? known : evaluator.Graph.Unknown));
    }

    private object? Evaluate(IMethodSymbol function, IReadOnlyList<Role> roles, object?[] results)
    {
        var arguments = roles.Select(role => role switch
        {
            Role.Output output => results[output.Index],
            Role.Data datum => data[datum.Datum.Name],
            Role.Network network => evaluator.Given(copy, network.Parameter, network.Type, network.IsFrozen),
            _ => Unknown.Value,
        }).ToArray();
        return evaluator.Run(() => evaluator.EvaluateFunction(function, arguments));
    }

    private object Leaf(Datum datum, Op leaf)
    {
        var type = new TensorType(datum.IsLabels ? DType.I32 : DType.F32, datum.Sizes(index), Batched: true);
        var value = evaluator.Graph.Leaf(leaf, datum.Name, type);
        return datum.IsLabels ? new LabelsValue(value, datum.Classes) : value;
    }

    /// <summary>Gives everything that was born its name, in the order of birth.</summary>
    private void Name(IReadOnlyList<Value> results)
    {
        var names = Place.Resolve(copy.Root, (place, name) => reading.Report(new Fault("NNG0016", $"two layers would be called {name}; give one of them another name"), place.At ?? At));
        var (parameters, buffers, nested, keys) = (new List<ParameterSpec>(), new List<BufferSpec>(), new List<NestedSpec>(), new Dictionary<string, string>());
        Collect(copy);
        (Parameters, Buffers, Nested) = (parameters.ToEquatableArray(), buffers.ToEquatableArray(), nested.ToEquatableArray());
        if (parameters.Aggregate(0L, (sum, p) => sum + p.Shape.Aggregate(1L, (product, size) => product * size)) > int.MaxValue)
            reading.Report(new Fault("NNG1009", "the network would have more than 2^31 - 1 parameters; make it smaller"), Structure.Name(copy.Network));
        var graph = evaluator.Graph.Build([.. outputs]);
        var used = graph.Reached();
        Warn(used);
        Result = new(
            signature.Inputs.Select(input => input.Spec(index)).ToEquatableArray(),
            signature.Targets.Select(target => target.Spec(index)).ToEquatableArray(),
            signature.Outputs.Zip(results, (name, value) => new DataSpec(name, value.Type.Sizes, false, 0)).ToEquatableArray(),
            new TensorGraph(graph.Nodes.Select(node => Renamed(node, keys)).ToEquatableArray(), graph.Outputs));

        void Collect(Copy from)
        {
            foreach (var birth in from.Births)
                switch (birth)
                {
                    case Birth.OfCopy { Copy: var inner }:
                        var (first, firstBuffer) = (parameters.Count, buffers.Count);
                        Collect(inner);
                        if (ReferenceEquals(from, copy) && copy.Parameters.Values.Contains(inner))
                            nested.Add(new(inner.Root.Name!, inner.Network.ToDisplayString(SymbolDisplayFormat.FullyQualifiedFormat), first, parameters.Count - first, firstBuffer, buffers.Count - firstBuffer, inner.IsFrozen));
                        break;
                    case Birth.OfOwner { Owner: var owner }:
                        var path = names.TryGetValue(owner.Place, out var known) ? known : "";
                        keys[owner.Key] = path;
                        foreach (var p in owner.Parameters)
                            parameters.Add(new(keys[p.Key] = Join(path, p.Slot), p.Shape, p.Initializer, p.FanIn, p.FanOut, owner.Copy.IsFrozen));
                        foreach (var b in owner.Buffers)
                        {
                            buffers.Add(new(keys[b.Key] = Join(path, b.Slot), b.Shape, b.Initial));
                            outputs.Add(($"buffer:{keys[b.Key]}", b.Next));
                        }
                        break;
                }
        }
    }

    private static string Join(string path, string slot) => slot.Length == 0 ? path : $"{path}.{slot}";

    private static Node Renamed(Node node, Dictionary<string, string> keys)
    {
        var label = keys.TryGetValue(node.Label, out var name) ? name : node.Label;
        return node.Op is "parameter" or "buffer" && keys.TryGetValue(node.Attributes.Text, out var own)
            ? node with { Attributes = Attributes.Of(own), Label = own }
            : label == node.Label ? node : node with { Label = label };
    }

    private void Warn(bool[] used)
    {
        foreach (var datum in signature.Inputs.Concat(signature.Targets))
            if (!used[(data[datum.Name] as LabelsValue)?.Value.Id ?? ((Value)data[datum.Name]!).Id])
                reading.Report(new Fault("NNG0013", datum.Name), datum.At);
    }
}
