using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Simplify;
using NNGen.Generators.Support;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// Lets a program that runs sample by sample do more while a sample's maps are near. Batch norm makes all samples meet several times in each layer, and by then the first maps are far from the core:
/// each map that is written before and read afterwards, and each further walk through one, is paid in memory's time.
/// </summary>
internal static class Locality
{
    public static TensorGraph Of(TensorGraph graph) => Recomputed(Rewriter.Rewrite(graph, [new("batch_sum(sum (x - m)^2) -> batch_sum(sum (x - x's mean)^2) + batch_sum(places * (x's mean - m)^2)", OwnDeviations)]));

    // The deviations of a sample's numbers from a number that all samples share, as those from the sample's own mean, which is there at once, and the mean's own deviation (Chan, Golub and LeVeque,
    // "Updating formulae and a pairwise algorithm for computing sample variances", 1979). The variance then needs no walk through all maps after the mean.
    private static Value? OwnDeviations(Match m)
    {
        var builder = m.Builder;
        if (!m.Is(Reductions.BatchSum) || builder.Node(m.Operands[0].Id) is not { } sum || sum.Op != Reductions.Sum.Name
            || builder.Node(sum.Inputs[0]) is not { } square || square.Op != Elementwise.Multiply.Name || square.Inputs[0] != square.Inputs[1]
            || builder.Node(square.Inputs[0]) is not { } difference || difference.Op != Elementwise.Subtract.Name
            || builder.Node(difference.Inputs[1]) is not { } spread || spread.Op != Movements.Broadcast.Name)
            return null;
        var (x, shared, axes) = (builder.At(difference.Inputs[0]), builder.At(spread.Inputs[0]), sum.Attributes.Integers);
        int[] kept = [.. Enumerable.Range(0, x.Type.Rank).Where(axis => !axes.Contains(axis))];
        if (shared.Type.Batched || !x.Type.Batched || !spread.Attributes.Integers.Skip(2 + spread.Type.Rank).SequenceEqual(kept))
            return null;
        var places = axes.Aggregate(1.0, (product, axis) => product * x.Type.Sizes[axis]);
        var mean = builder.Apply(Reductions.Sum, sum.Attributes, x) * builder.Literal(1 / places);
        var own = x - Broadcasting.Along(mean, x.Type.Sizes, batched: true, kept);
        var between = mean - shared;
        return builder.Apply(Reductions.BatchSum, builder.Apply(Reductions.Sum, sum.Attributes, own * own))
            + builder.Apply(Reductions.BatchSum, between * between * builder.Literal(places));
    }

    // A map that a few operations make of one other, which stays anyway, is made again wherever samples have met since, instead of being kept: a normalised and rectified convolution.
    private static TensorGraph Recomputed(TensorGraph graph)
    {
        // How many times all samples must have met before a value is there, and the one stored map that it is computed of, number by number.
        var (met, sources) = (new int[graph.Nodes.Count], new int?[graph.Nodes.Count]);
        for (var id = 0; id < graph.Nodes.Count; id++)
        {
            var node = graph[id];
            met[id] = Met(node) + (!node.Type.Batched && node.Inputs.Any(input => graph[input].Type.Batched) ? 1 : 0);
            var kind = Primitives.Row(node.Op).Kind;
            if (kind == OpKind.Contraction && node.Type is { Batched: true, Rank: 3 })
                sources[id] = id;
            else if (kind == OpKind.Elementwise && node.Type is { Batched: true, Rank: 3 } && Cost.Of(graph, node) < Cost.OfFunction && Maps(node).Select(input => sources[input]).Distinct().ToArray() is [{ } only])
                sources[id] = only;
        }
        var (nodes, images, again) = (new List<Node>(), new int[graph.Nodes.Count], new Dictionary<(int, int), int>());
        for (var id = 0; id < graph.Nodes.Count; id++)
        {
            var time = Met(graph[id]);
            images[id] = Add(graph[id], input => Image(input, time));
        }
        return new(nodes.ToEquatableArray(), graph.Outputs.Select(output => output with { Node = images[output.Node] }).ToEquatableArray());

        int Met(Node node) => node.Inputs.Select(input => met[input]).DefaultIfEmpty(0).Max();

        // A number or a channel's number, spread over the map, is no map.
        IEnumerable<int> Maps(Node node) => node.Inputs.Where(input => graph[input].Op != Movements.Broadcast.Name || graph[graph[input].Inputs[0]].Type.Batched);

        int Image(int id, int time)
        {
            if (sources[id] is not { } source || source == id || met[id] >= time || met[id] == met[source])
                return images[id];
            return Copied(id, time);
        }

        // All of the chain down to the source, though its first steps may need no meeting.
        int Copied(int id, int time) => again.TryGetValue((id, time), out var known) ? known
            : again[(id, time)] = Add(graph[id], input => sources[input] is null || sources[input] == input ? images[input] : Copied(input, time));

        int Add(Node node, Func<int, int> image)
        {
            var inputs = node.Inputs.Select(image).ToEquatableArray();
            nodes.Add(node with { Inputs = inputs });
            return nodes.Count - 1;
        }
    }
}
