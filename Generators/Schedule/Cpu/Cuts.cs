using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>Where the channels of values are cut into parts: maps that were joined, unless their channels fill vectors, and what slices take of one. What is computed channel by channel is cut alike.</summary>
internal sealed class Cuts
{
    private const int Lanes = LaneSchedule.Lanes;

    /// <summary>Parts beyond which a value is not cut: each has loops of its own.</summary>
    private const int Most = 4;

    private readonly TensorGraph graph;
    private readonly SortedSet<int>[] cuts;

    private Cuts(TensorGraph graph) => (this.graph, cuts) = (graph, [.. graph.Nodes.Select(_ => new SortedSet<int>())]);

    public static Cuts Of(TensorGraph graph)
    {
        var found = new Cuts(graph);
        found.Spread();
        return found;
    }

    /// <summary>The parts of a value: the first channel of each, and the first behind it.</summary>
    public IReadOnlyList<(int From, int To)> Parts(int id)
    {
        int[] at = cuts[id].Count >= Most ? [] : [.. cuts[id]];
        var channels = graph[id].Type.Rank == 0 ? 1 : graph[id].Type.Sizes[0];
        return [.. at.Prepend(0).Zip(at.Append(channels), (from, to) => (from, to))];
    }

    /// <summary>Whether a node joins values along their channels.</summary>
    public static bool IsJoin(Node node) => node.Op == Movements.Concat.Name && node.Attributes.Integers[0] == 0 && node.Type.Batched;

    /// <summary>The channels that a node takes of its operand, all else of which it leaves whole; null where it is something else.</summary>
    public static (int Start, int Length)? Sliced(TensorGraph graph, Node node) => node.Op == Movements.Slice.Name && node.Type is { Batched: true, Rank: > 0 and var rank } && node.Attributes.Integers is var integers
        && integers[2 * rank] == 1 && graph[node.Inputs[0]].Type.Sizes.Skip(1).SequenceEqual(node.Type.Sizes.Skip(1)) && integers.Skip(2 * rank).All(step => step == 1)
        ? (integers[0], integers[rank]) : null;

    /// <summary>Whether a convolution has a kernel for each channel, and one output of it.</summary>
    public static bool IsDepthwise(TensorGraph graph, Node node) =>
        node.Op == Convolutions.Convolution.Name && graph[node.Inputs[1]].Type.Sizes is var kernel && kernel[1] == 1 && kernel[0] == Window.Of(node.Attributes).Groups;

    /// <summary>Whether each channel of a node is made of that channel of its operands, all of which have as many.</summary>
    public static bool IsCarried(TensorGraph graph, Node node) => node is { Type.Rank: > 0, Inputs.Count: > 0 } && Carried(graph, node, node.Type.Sizes[0]) is not null;

    /// <summary>The attributes of such a node for another number of channels; null where it is none.</summary>
    public static Attributes? Carried(TensorGraph graph, Node node, int channels) =>
        node.Inputs.All(input => graph[input].Type.Rank > 0 && graph[input].Type.Sizes[0] == node.Type.Sizes[0])
            ? Primitives.Row(node.Op).WithChannels(new(node.Inputs.Select(input => graph[input].Type).ToEquatableArray(), node.Attributes, node.Type), channels) : null;

    // Cuts go along until there are no more.
    private void Spread()
    {
        for (var id = 0; id < cuts.Length; id++)
            if (IsJoin(graph[id]) && graph[id].Inputs.Any(input => graph[input].Type.Sizes[0] % Lanes != 0))
            {
                var start = 0;
                foreach (var input in graph[id].Inputs.Take(graph[id].Inputs.Count - 1))
                    cuts[id].Add(start += graph[input].Type.Sizes[0]);
            }
            else if (Sliced(graph, graph[id]) is var (from, length) && (from % Lanes != 0 || length % Lanes != 0))
                cuts[graph[id].Inputs[0]].UnionWith(new[] { from, from + length }.Where(cut => cut > 0 && cut < graph[graph[id].Inputs[0]].Type.Sizes[0]));
        for (var more = true; more;)
        {
            more = false;
            for (var id = 0; id < cuts.Length; id++)
            {
                var node = graph[id];
                if (IsJoin(node))
                {
                    var start = 0;
                    foreach (var input in node.Inputs)
                    {
                        more |= Meet(input, id, start);
                        start += graph[input].Type.Sizes[0];
                    }
                }
                else if (Sliced(graph, node) is var (from, _))
                    more |= Meet(id, node.Inputs[0], from);
                else if (IsCarried(graph, node))
                    foreach (var input in node.Inputs)
                        more |= Meet(input, id, 0);
                else if (IsDepthwise(graph, node))
                    more |= Meet(node.Inputs[0], id, 0);
            }
        }
    }

    // A part and the whole that it begins in at a channel have the same cuts.
    private bool Meet(int part, int whole, int start)
    {
        var channels = graph[part].Type.Sizes[0];
        var (before, above) = (cuts[part].Count, cuts[whole].Count);
        cuts[part].UnionWith([.. cuts[whole].Select(cut => cut - start).Where(cut => cut > 0 && cut < channels)]);
        cuts[whole].UnionWith([.. cuts[part].Select(cut => cut + start)]);
        return cuts[part].Count > before || cuts[whole].Count > above;
    }
}
