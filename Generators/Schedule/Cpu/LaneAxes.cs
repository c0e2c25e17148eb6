using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// Chooses for each map of a program that runs sample by sample what lies in its lanes: its channels, made up to whole vectors, or the places of its rows. What is computed of a map place by place or channel by
/// channel lies as the map does, so that it is read as it lies; maps that depend on each other so are one group, and a group lies as the table of slots says. A sum of products reads the numbers of its data one by one
/// if channels are in its own lanes, however they lie; if rows are, data with channels in lanes are brought into rows first.
/// </summary>
internal sealed class LaneAxes
{
    private const int Lanes = LaneSchedule.Lanes;

    private readonly TensorGraph graph;
    private readonly Cuts cuts;
    private readonly bool[] needed;
    private readonly ILookup<int, int> readers;
    private readonly int[] groups;

    private LaneAxes(TensorGraph graph, Cuts cuts)
    {
        (this.graph, this.cuts, needed, groups) = (graph, cuts, graph.Reached(), [.. Enumerable.Range(0, graph.Nodes.Count)]);
        readers = Enumerable.Range(0, graph.Nodes.Count).Where(id => needed[id]).SelectMany(id => graph[id].Inputs.Select(input => (input, id))).ToLookup(pair => pair.input, pair => pair.id);
    }

    /// <summary>Which values lie row by row though their channels could be made up to whole vectors.</summary>
    /// <param name="graph">The program.</param>
    /// <param name="cuts">Where its values are cut into parts.</param>
    public static bool[] InRows(TensorGraph graph, Cuts cuts) => new LaneAxes(graph, cuts).InRows();

    /// <summary>The type of a map with whole vectors of channels where it lies in rows: its first axis is none that lanes could run along.</summary>
    public static TensorType Rows(TensorType map) => map with { Sizes = [1, .. map.Sizes] };

    /// <summary>Whether a value is such a map, brought into rows from where its channels are in lanes.</summary>
    public static bool IsBrought(TensorGraph graph, int id) => graph[id] is { Type.Batched: true } node && node.Op == Movements.Reshape.Name && graph[node.Inputs[0]].Type is { Rank: 3 } map && map.Sizes[0] % Lanes == 0 && node.Type == Rows(map);

    /// <summary>Whether a value is such a map again, where it is read in rows.</summary>
    public static bool IsRead(TensorGraph graph, int id) => graph[id].Op == Movements.Reshape.Name && IsBrought(graph, graph[id].Inputs[0]);

    private bool[] InRows()
    {
        for (var id = 0; id < groups.Length; id++)
            if (needed[id] && IsMap(id))
                foreach (var input in Alike(id).Where(IsMap))
                    Unite(id, input);
        var rows = new bool[groups.Length];
        foreach (var group in Enumerable.Range(0, groups.Length).Where(id => needed[id] && IsMap(id)).GroupBy(Root))
            if (group.Any(IsSum) && !group.Any(HasWholeVectors) && group.Sum(id => Time(id, inRows: true)) < Slots.Worthwhile * group.Sum(id => Time(id, inRows: false) + Meeting(id)))
                foreach (var id in group)
                    rows[id] = true;
        return rows;
    }

    private bool IsMap(int id) => graph[id].Type is { Batched: true, Rank: >= 3 };

    private bool HasWholeVectors(int id) => cuts.Parts(id).Any(part => (part.To - part.From) % Lanes == 0);

    private bool IsSum(int id) => Primitives.Row(graph[id].Op).Kind == OpKind.Contraction;

    // The operands that a value lies like.
    private IEnumerable<int> Alike(int id)
    {
        var node = graph[id];
        if (Primitives.Row(node.Op).Kind == OpKind.Elementwise || Cuts.IsCarried(graph, node) || Cuts.Sliced(graph, node) is not null)
            return node.Inputs;
        if (Cuts.IsDepthwise(graph, node))
            return [node.Inputs[0]];
        // Sums of products take joined maps part by part, each as it lies.
        return Cuts.IsJoin(node) && !readers[id].All(IsSum) ? node.Inputs : [];
    }

    private int Root(int id) => groups[id] == id ? id : groups[id] = Root(groups[id]);

    private void Unite(int a, int b) => groups[Root(a)] = Root(b);

    // Slots of a value of one sample.
    private double Time(int id, bool inRows)
    {
        var (node, sizes, kind) = (graph[id], graph[id].Type.Sizes, Primitives.Row(graph[id].Op).Kind);
        var vectors = inRows ? node.Type.Elements / sizes[2] * LaneSchedule.Vectors(sizes[2]) : node.Type.Elements / sizes[0] * cuts.Parts(id).Sum(part => LaneSchedule.Vectors(part.To - part.From));
        if (kind == OpKind.Leaf)
            return 0;
        if (kind == OpKind.Contraction)
            return inRows ? TimeOfRows(id, vectors) : TimeOfChannels(id, vectors);
        // What moves numbers costs nothing by itself: they are read there.
        var slots = kind == OpKind.Movement ? 0 : Math.Max(1, Cost.Of(graph, node) % Cost.Reduction + node.Inputs.Where(IsMap).Sum(input => graph[input].Type.Elements / node.Type.Elements - 1));
        return !inRows || Fits(id) ? vectors * slots : node.Type.Elements * Math.Max(1, slots) * Slots.Single;
    }

    private double TimeOfChannels(int id, int vectors)
    {
        var (node, products) = (graph[id], Products(id));
        // Of few outputs the lanes can be added up instead.
        return HasChannelsInLanes(node) ? Math.Min(vectors * products * Slots.Direct, node.Type.Elements * (products / Lanes * Slots.Direct + Slots.SumOfLanes)) : vectors * products * Slots.Direct;
    }

    // A map that is brought into rows is brought once for all its readers, but each of them counts it: they may be of other groups.
    private double TimeOfRows(int id, int vectors) => !CanSumInRows(graph[id]) ? graph[id].Type.Elements * Products(id) * Slots.Single
        : vectors * Products(id) * Slots.Direct + (HasChannelsInLanes(graph[id]) ? graph[graph[id].Inputs[0]].Type.Elements * Slots.Turned : 0);

    // Whether the data of a sum of products have whole vectors of channels.
    private bool HasChannelsInLanes(Node node) => graph[node.Inputs[0]].Type is { Rank: > 0 } data && data.Sizes[0] % Lanes == 0;

    private double Products(int id) =>
        Fusion.Alone(graph, id).Body is Scalar.Reduce sum ? sum.Axes.Where(axis => !axis.IsBatch).Aggregate(1.0, (product, axis) => product * axis.Size) : 0;

    // Where channels meet, as in a softmax, they are read number by number if they are in lanes.
    private double Meeting(int id) => readers[id].Distinct().Count(reader => Primitives.Row(graph[reader].Op).Kind == OpKind.Reduction && !Cuts.IsCarried(graph, graph[reader])) * graph[id].Type.Elements * Slots.Single;

    // Whether lanes can run along the rows of a convolution's result, once its data lie in rows too.
    private static bool CanSumInRows(Node node) => node.Type is { Rank: 3, Sizes: var sizes } && sizes[2] >= ChannelLanes.FewestPlaces
        && (node.Op == Convolutions.Convolution.Name ? Window.Of(node.Attributes).StrideX <= 2 : node.Op == Convolutions.ConvolutionTransposed.Name && Window.Of(node.Attributes).StrideX == 1);

    // Whether lanes can run along a value's rows.
    private bool Fits(int id)
    {
        if (graph[id].Type.Sizes[2] < ChannelLanes.FewestPlaces)
            return false;
        if (graph[id].Op == Windows.Fold.Name)
            return Windows.AreTiles(graph[id].Attributes, graph[graph[id].Inputs[0]].Type);
        var (nest, fits) = (Fusion.Alone(graph, id), true);
        var lane = nest.Axes.Where(axis => !axis.IsBatch).ElementAt(2);
        nest.Body.Visit(part => fits &= part switch
        {
            // Windows of a map are never stored: they are read where it lies.
            Scalar.Load load => graph[load.Node].Type.Rank > 3 || ChannelLanes.Step(graph, load, lane) is 0 or 1 or 2 or ChannelLanes.Twice,
            Scalar.Position position => ChannelLanes.Positions(position.At, lane, 0) is not null,
            Scalar.Guard guard => guard.Conditions.Where(c => c.Axes.Contains(lane)).All(c => ChannelLanes.IsOfEach(c, lane)),
            _ => true,
        });
        return fits;
    }
}
