using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Simplify;
using NNGen.Generators.Support;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// Makes the channels of a program up to whole vectors, so that they can lie in lanes whatever their number. A sum of products gets outputs whose weights are zero; what is computed on
/// it channel by channel goes along. Where channels meet (in a sum, in another order of the elements) and at the outputs only the real ones are read, so that what is in the others never matters.
/// </summary>
/// <remarks>
/// Maps that are joined stay parts, each in vectors of its own: what is computed on a join channel by channel is computed part by part, a sum of products over it is one over each part, and a slice that begins and
/// ends with parts is some of them. <see cref="Cuts"/> says where parts meet.
/// </remarks>
internal sealed class WholeVectors
{
    private const int Lanes = LaneSchedule.Lanes;

    private readonly TensorGraph graph;
    private readonly GraphBuilder builder = new();
    private readonly Cuts cuts;

    // The values that stay as they are, with the places of their rows in lanes.
    private readonly bool[] inRows;

    // The values with their own channels, and their parts as they lie for lanes, in whole vectors or in rows: of what is computed for each sample from the beginning, of all else where they are asked for.
    private readonly Value?[] real;
    private readonly Value[]?[] laid;

    private WholeVectors(TensorGraph graph)
    {
        (this.graph, cuts, real, laid) = (graph, Cuts.Of(graph), new Value?[graph.Nodes.Count], new Value[]?[graph.Nodes.Count]);
        inRows = LaneAxes.InRows(graph, cuts);
    }

    /// <summary>The same outputs from values with whole vectors of channels.</summary>
    public static TensorGraph Of(TensorGraph graph) => new WholeVectors(graph).Rewritten();

    private TensorGraph Rewritten()
    {
        var needed = graph.Reached();
        for (var id = 0; id < graph.Nodes.Count; id++)
            if (needed[id])
            {
                laid[id] = LaidOut(id);
                if (laid[id] is null)
                    real[id] = Labelled(Gradient(id) ?? builder.Copy(graph[id], [.. graph[id].Inputs.Select(input => Real(input))]), graph[id].Label);
            }
        var outputs = graph.Outputs.Select(output => (output.Name, Real(output.Node))).ToArray();
        return Rewriter.Rewrite(builder.Build(outputs), []);
    }

    private Value Labelled(Value value, string label) => label.Length > 0 ? builder.Labelled(value, label) : value;

    // The value with its own channels.
    private Value Real(int id)
    {
        real[id] ??= Joined(0, [.. laid[id]!.Zip(cuts.Parts(id), (part, own) => Slice(part, 0, 0, own.To - own.From))]);
        return real[id]!.Value;
    }

    // What a sum of products takes one after the other: the parts, if there are several.
    private IReadOnlyList<(int From, int To)> Pieces(int id) => laid[id] is { Length: > 1 } ? cuts.Parts(id) : [(0, graph[id].Type.Sizes[0])];

    private Value Piece(int id, int piece) => laid[id] is { Length: > 1 } parts && cuts.Parts(id)[piece] is var (from, to) ? Slice(parts[piece], 0, 0, to - from) : Real(id);

    // The value's parts as a reader wants them, in whole vectors or as they are; null where it has none such. What all samples share is made up with zeros, and what is spread over a map is spread over a larger one.
    private Value[]? Laid(int id, IReadOnlyList<(int From, int To)> parts, bool rows)
    {
        if (laid[id] is { } known)
            return IsSo(known, parts, rows) ? known : null;
        if (graph[id].Op == Movements.Broadcast.Name)
            return Spread(graph[id], parts, rows);
        return graph[id].Type is { Batched: false, Rank: > 0, Type: DType.F32 } ? [.. parts.Select(part => Part(id, 0, part, rows))] : null;
    }

    private static bool IsSo(Value[] values, IReadOnlyList<(int From, int To)> parts, bool rows) => values.Length == parts.Count && values.Zip(parts, (value, part) => value.Type.Sizes[0] == Size(part, rows)).All(fits => fits);

    private static int Size((int From, int To) part, bool rows) => rows ? part.To - part.From : LaneSchedule.RoundedUp(part.To - part.From);

    private Value Part(int id, int axis, (int From, int To) part, bool rows) => rows ? Slice(Real(id), axis, part.From, part.To) : MadeUp(id, axis, part);

    // Some places of an axis of what all samples share, with zeros behind them.
    private Value MadeUp(int id, int axis, (int From, int To) part)
    {
        var (node, value) = (graph[id], Slice(Real(id), axis, part.From, part.To));
        var sizes = value.Type.Sizes;
        var name = node.Label.Length > 0 ? node.Label : node.Attributes.Text;
        return sizes[axis] % Lanes == 0 ? value
            : Labelled(builder.Apply(Movements.Place, Attributes.Of([.. sizes.Select((size, i) => i == axis ? LaneSchedule.RoundedUp(size) : size), .. sizes.Select(_ => 0), .. sizes.Select(_ => 1)]), value),
                name.Length > 0 ? name + "_whole" : "");
    }

    private Value[]? Spread(Node node, IReadOnlyList<(int From, int To)> parts, bool rows)
    {
        var (integers, source, rank) = (node.Attributes.Integers, node.Inputs[0], node.Type.Rank);
        var alongChannels = graph[source].Type.Rank > 0 && integers[2 + rank] == 0 && graph[source].Type.Sizes[0] != 1;
        var from = alongChannels ? Laid(source, parts, rows) : [.. parts.Select(_ => Real(source))];
        return from is null ? null : [.. from.Select((value, k) => builder.Apply(Movements.Broadcast, node.Attributes.With(2, Size(parts[k], rows)), value))];
    }

    private Value[]? LaidOut(int id)
    {
        var (node, parts, rows) = (graph[id], cuts.Parts(id), inRows[id]);
        if (node is not { Inputs.Count: > 0, Type: { Rank: > 0 } type } || (parts.Count == 1 && type.Sizes[0] % Lanes == 0) || !(type.Batched || node.Inputs.Any(input => laid[input] is not null)))
            return null;
        var row = Primitives.Row(node.Op);
        if (row.Kind == OpKind.Contraction)
            return type.Batched ? Sums(node, parts, rows) : null;
        if (row.Kind == OpKind.Elementwise)
        {
            var operands = node.Inputs.Any(input => laid[input] is not null) ? node.Inputs.Select(input => Laid(input, parts, rows)).ToArray() : [];
            return operands.Length > 0 && operands.All(operand => operand is not null)
                ? [.. parts.Select((_, k) => Labelled(builder.Apply(row, node.Attributes, [.. operands.Select(operand => operand![k])]), node.Label))] : null;
        }
        if (node.Inputs.Any(input => laid[input] is null))
            return null;
        if (Cuts.IsJoin(node))
            return node.Inputs.All(input => graph[input].Type.Batched) && node.Inputs.Sum(input => laid[input]!.Length) == parts.Count ? [.. node.Inputs.SelectMany(input => laid[input])] : null;
        if (Cuts.Sliced(graph, node) is var (start, length))
        {
            var of = cuts.Parts(node.Inputs[0]).ToList();
            var (first, last) = (of.FindIndex(part => part.From == start), of.FindIndex(part => part.To == start + length));
            return first >= 0 && last - first + 1 == parts.Count ? [.. laid[node.Inputs[0]]!.Skip(first).Take(parts.Count)] : null;
        }
        // Along rows lanes take the elements of tiles as they come: a sum would ask each of them whether it is there.
        if (rows && node.Op == Windows.Fold.Name && Windows.AreTiles(node.Attributes, graph[node.Inputs[0]].Type) && laid[node.Inputs[0]] is { } tiles && IsSo(tiles, parts, rows))
            return [.. tiles.Select(tile => Labelled(Windows.Tiled(tile), node.Label))];
        return Cuts.IsCarried(graph, node) && node.Inputs.All(input => IsSo(laid[input]!, parts, rows))
            ? [.. parts.Select((part, k) => Labelled(builder.Apply(row, Cuts.Carried(graph, node, Size(part, rows))!, [.. node.Inputs.Select(input => laid[input]![k])]), node.Label))] : null;
    }

    // A sum of products whose channels come from weights that all samples share.
    private Value[]? Sums(Node node, IReadOnlyList<(int From, int To)> parts, bool rows)
    {
        if (node.Inputs is not [var data, var weights])
            return null;
        if (node.Op == Contractions.Contract.Name)
        {
            var letters = node.Attributes.Text.Split([",", "->"], StringSplitOptions.None);
            var isFirst = letters[0].Contains(letters[2][0]);
            if (isFirst == letters[1].Contains(letters[2][0]) || node.Attributes.Integers[0] != 0)
                return null;
            (data, weights) = isFirst ? (weights, data) : (data, weights);
            var axis = letters[isFirst ? 0 : 1].IndexOf(letters[2][0]);
            return !IsShared(weights) || SumsLanes(node, data, 1) ? null
                : [.. parts.Select(part => (isFirst ? (MadeUp(weights, axis, part), Real(data)) : (Real(data), MadeUp(weights, axis, part))) is var (a, b) ? Labelled(builder.Apply(Contractions.Contract, node.Attributes, a, b), node.Label) : default)];
        }
        if (!IsShared(weights) || node.Op == Convolutions.ConvolutionWeights.Name)
            return null;
        var (window, kernel, isForward) = (Window.Of(node.Attributes), graph[weights].Type.Sizes, node.Op == Convolutions.Convolution.Name);
        // One channel each: those that are made up read those that are made up.
        if (window.Groups > 1)
            return isForward && Cuts.IsDepthwise(graph, node) && laid[data] is { } maps && IsSo(maps, parts, rows)
                ? [.. parts.Select((part, k) => Labelled(builder.Apply(Convolutions.Convolution, Attributes.Of((window with { Groups = Size(part, rows) }).Integers), maps[k], Part(weights, 0, part, rows)), node.Label))] : null;
        if (!rows && SumsLanes(node, data, kernel[2] * kernel[3]))
            return null;
        return [.. parts.Select(part => Labelled(Pieces(data).Select((from, k) => Sum(Part(weights, isForward ? 0 : 1, part, rows), from, k)).Aggregate((sum, more) => sum + more), node.Label))];

        Value Sum(Value kernels, (int From, int To) from, int k) =>
            builder.Apply(Primitives.Row(node.Op), node.Attributes, rows ? InRows(data, k, from.To - from.From) : Piece(data, k), Slice(kernels, isForward ? 1 : 0, from.From, from.To));
    }

    // A part of a map, brought into rows if its channels are in lanes.
    private Value InRows(int id, int piece, int channels)
    {
        var value = laid[id]?[piece] ?? Real(id);
        if (value.Type.Sizes[0] % Lanes != 0)
            return value;
        var rows = builder.Apply(Movements.Reshape, Attributes.Of([.. LaneAxes.Rows(value.Type).Sizes]), value);
        return Slice(builder.Apply(Movements.Reshape, Attributes.Of([.. value.Type.Sizes]), rows), 0, 0, channels);
    }

    // A sum of products over the batch, in the channels of one of its factors: weights' gradients, on which nothing is computed in whole vectors.
    private Value? Gradient(int id)
    {
        if (graph[id] is not { Inputs: [var a, var b], Type: { Batched: false, Rank: > 0 } type } node)
            return null;
        if (node.Op == Convolutions.ConvolutionWeights.Name && Window.Of(node.Attributes) is var window)
        {
            if (window.Groups > 1)
                return !inRows[a] && !inRows[b] && window.Groups == type.Sizes[0] && type.Sizes[1] == 1 && laid[a] is [var map] && laid[b] is [var cotangent]
                    ? Cut(builder.Apply(Convolutions.ConvolutionWeights, Attributes.Of([.. (window with { Groups = map.Type.Sizes[0] }).Integers, type.Sizes[2], type.Sizes[3]]), map, cotangent), type.Sizes) : null;
            // Of a pair of parts one has whole vectors, that which they fill better.
            return laid[a] is null && laid[b] is null ? null
                : Joined(0, [.. Pieces(b).Select((to, j) => Joined(1, [.. Pieces(a).Select((from, i) => Pair(to.To - to.From, from.To - from.From, j, i))]))]);
        }
        if (node.Op != Contractions.Contract.Name)
            return null;
        var letters = node.Attributes.Text.Split([",", "->"], StringSplitOptions.None);
        var sides = Enumerable.Range(0, 2).Where(side => graph[node.Inputs[side]].Type.Rank > 0 && !letters[1 - side].Contains(letters[side][0])).ToArray();
        if (sides.Any(side => type.Sizes[letters[2].IndexOf(letters[side][0])] % Lanes == 0))
            return null;
        return sides.Where(side => IsMadeUp(node.Inputs[side]) && laid[node.Inputs[side]] is [_]).OrderByDescending(side => Filled(type.Sizes[letters[2].IndexOf(letters[side][0])])).Cast<int?>().FirstOrDefault() is { } best
            ? Cut(builder.Apply(Contractions.Contract, node.Attributes, best == 0 ? laid[a]![0] : Real(a), best == 1 ? laid[b]![0] : Real(b)), type.Sizes) : null;

        Value Pair(int outputs, int inputs, int j, int i)
        {
            var byOutputs = !IsMadeUp(a) || (IsAble(b, outputs) && Filled(outputs) >= Filled(inputs));
            var (x, ct) = (byOutputs ? Piece(a, i) : laid[a]![i], byOutputs && laid[b] is { } cotangents ? cotangents[j] : Piece(b, j));
            return Cut(builder.Apply(Convolutions.ConvolutionWeights, node.Attributes, x, ct), [outputs, inputs, type.Sizes[2], type.Sizes[3]]);
        }
    }

    private bool IsAble(int id, int channels) => IsMadeUp(id) || channels % Lanes == 0;

    private bool IsMadeUp(int id) => laid[id] is not null && !inRows[id];

    private static double Filled(int channels) => channels / (double)LaneSchedule.RoundedUp(channels);

    // Whether it is quicker to add up lanes along the data's own channels for each of a few outputs.
    private bool SumsLanes(Node node, int data, int taps)
    {
        if (graph[data].Type.Rank == 0)
            return false;
        var inputs = graph[data].Type.Sizes[0];
        return inputs % Lanes == 0 && laid[data] is null && node.Type.Sizes[0] * (taps * inputs / Lanes + Slots.SumOfLanes) < taps * inputs;
    }

    private bool IsShared(int weights) => graph[weights].Type is { Batched: false, Type: DType.F32 };

    private Value Joined(int axis, Value[] parts) => parts is [var one] ? one : builder.Apply(Movements.Concat, Attributes.Of(axis), parts);

    private Value Slice(Value value, int axis, int from, int to) => Cut(value, value.Type.Sizes.Select((size, i) => i == axis ? to - from : size).ToEquatableArray(), axis, from);

    private Value Cut(Value value, EquatableArray<int> sizes, int axis = 0, int from = 0) => value.Type.Sizes == sizes ? value
        : builder.Apply(Movements.Slice, Attributes.Of([.. sizes.Select((_, i) => i == axis ? from : 0), .. sizes, .. sizes.Select(_ => 1)]), value);
}
