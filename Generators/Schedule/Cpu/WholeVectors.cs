using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// Makes the channels of an inference program up to whole vectors, so that they can lie in lanes whatever their number. A sum of products gets outputs whose weights are zero; what is computed on
/// it channel by channel goes along. Where channels meet (in a sum, a join, another order of the elements) and at the outputs only the real ones are read, so that what is in the others never matters.
/// </summary>
internal static class WholeVectors
{
    private const int Lanes = LaneSchedule.Lanes;

    /// <summary>Slots in which the lanes of a vector are added, and the sum is stored by itself.</summary>
    private const int SumOfLanes = 12;

    /// <summary>The same outputs from values with whole vectors of channels.</summary>
    public static TensorGraph Of(TensorGraph graph)
    {
        var (needed, builder) = (graph.Reached(), new GraphBuilder());
        var (real, whole) = (new Value?[graph.Nodes.Count], new Value?[graph.Nodes.Count]);
        for (var id = 0; id < graph.Nodes.Count; id++)
        {
            if (!needed[id])
                continue;
            var node = graph[id];
            whole[id] = Enlarged(node);
            if (whole[id] is null)
                real[id] = Labelled(builder.Copy(node, [.. node.Inputs.Select(Real)]), node.Label);
            else
                whole[id] = Labelled(whole[id]!.Value, node.Label);
        }
        var outputs = graph.Outputs.Select(output => (output.Name, Real(output.Node))).ToArray();
        return Simplify.Rewriter.Rewrite(builder.Build(outputs), []);

        Value Labelled(Value value, string label) => label.Length > 0 ? builder.Labelled(value, label) : value;

        // The value with its own channels.
        Value Real(int id)
        {
            if (real[id] is null)
            {
                var sizes = graph[id].Type.Sizes;
                real[id] = builder.Apply(Movements.Slice, Attributes.Of([.. sizes.Select(_ => 0), .. sizes, .. sizes.Select(_ => 1)]), whole[id]!.Value);
            }
            return real[id]!.Value;
        }

        // The value with whole vectors of channels; null where it has none such. What all samples share is made up with zeros, and what is spread over a map is spread over a larger one.
        Value? Whole(int id)
        {
            if (whole[id] is null && Spread(graph[id]) is { } spread)
                whole[id] = spread;
            else if (whole[id] is null && graph[id].Type is { Batched: false, Rank: > 0, Type: DType.F32 })
                whole[id] = MadeUp(id, 0);
            return whole[id];
        }

        Value MadeUp(int id, int axis)
        {
            var (node, sizes) = (graph[id], graph[id].Type.Sizes);
            var name = node.Label.Length > 0 ? node.Label : node.Attributes.Text;
            return Labelled(builder.Apply(Movements.Place, Attributes.Of([.. sizes.Select((size, i) => i == axis ? RoundedUp(size) : size), .. sizes.Select(_ => 0), .. sizes.Select(_ => 1)]), Real(id)),
                name.Length > 0 ? name + "_whole" : "");
        }

        Value? Spread(Node node)
        {
            if (node.Op != Movements.Broadcast.Name || node.Type.Rank == 0)
                return null;
            var (integers, source) = (node.Attributes.Integers, node.Inputs[0]);
            var alongChannels = graph[source].Type.Rank > 0 && integers[2 + node.Type.Rank] == 0 && graph[source].Type.Sizes[0] != 1;
            var from = alongChannels ? Whole(source) : Real(source);
            return from is { } value ? builder.Apply(Movements.Broadcast, Attributes.Of([.. integers.Select((integer, i) => i == 2 ? RoundedUp(integer) : integer)]), value) : null;
        }

        Value? Enlarged(Node node)
        {
            if (node is not { Inputs.Count: > 0, Type: { Batched: true, Rank: > 0 } type } || type.Sizes[0] % Lanes == 0)
                return null;
            var (row, channels) = (Primitives.Row(node.Op), type.Sizes[0]);
            switch (row.Kind)
            {
                case OpKind.Contraction:
                    return Sum(node);
                case OpKind.Elementwise:
                    var operands = node.Inputs.Any(input => whole[input] is not null) ? node.Inputs.Select(Whole).ToArray() : [];
                    return operands.Length > 0 && operands.All(operand => operand is not null) ? builder.Apply(row, node.Attributes, [.. operands.Select(operand => operand!.Value)]) : null;
                default:
                    return node.Inputs.All(input => whole[input] is not null && graph[input].Type.Sizes[0] == channels) && Carried(node) is { } attributes
                        ? builder.Apply(row, attributes, [.. node.Inputs.Select(input => whole[input]!.Value)]) : null;
            }
        }

        // A sum of products whose channels come from weights that all samples share.
        Value? Sum(Node node)
        {
            if (node.Inputs is not [var data, var weights])
                return null;
            if (node.Op == Contractions.Contract.Name)
            {
                var letters = node.Attributes.Text.Split([",", "->"], StringSplitOptions.None);
                var (a, b) = (letters[0].IndexOf(letters[2][0]), letters[1].IndexOf(letters[2][0]));
                if (a >= 0 == b >= 0 || node.Attributes.Integers[0] != 0)
                    return null;
                (data, weights) = a >= 0 ? (weights, data) : (data, weights);
                return !IsShared(weights) || SumsLanes(node, data, 1) ? null
                    : builder.Apply(Contractions.Contract, node.Attributes, a >= 0 ? MadeUp(weights, a) : Real(data), a >= 0 ? Real(data) : MadeUp(weights, b));
            }
            if (!IsShared(weights) || node.Op == Convolutions.ConvolutionWeights.Name)
                return null;
            var (window, kernel) = (Window.Of(node.Attributes), graph[weights].Type.Sizes);
            // One channel each: those that are made up read those that are made up.
            if (node.Op == Convolutions.Convolution.Name && window.Groups > 1)
                return whole[data] is { } map && kernel[0] == window.Groups && kernel[1] == 1
                    ? builder.Apply(Convolutions.Convolution, Attributes.Of((window with { Groups = RoundedUp(window.Groups) }).Integers), map, MadeUp(weights, 0)) : null;
            return window.Groups > 1 || SumsLanes(node, data, kernel[2] * kernel[3]) ? null
                : builder.Apply(Primitives.Row(node.Op), node.Attributes, Real(data), MadeUp(weights, node.Op == Convolutions.Convolution.Name ? 0 : 1));
        }

        // Whether it is quicker to add up lanes along the data's own channels for each of a few outputs.
        bool SumsLanes(Node node, int data, int taps)
        {
            var inputs = graph[data].Type.Sizes[0];
            return inputs % Lanes == 0 && node.Type.Sizes[0] * (taps * inputs / Lanes + SumOfLanes) < taps * inputs;
        }

        bool IsShared(int weights) => graph[weights].Type is { Batched: false, Type: DType.F32 };
    }

    // The attributes with which a movement or a reduction leaves channels apart; null where it does not.
    private static Attributes? Carried(Node node)
    {
        var (integers, rank) = (node.Attributes.Integers, node.Type.Rank);
        if (node.Op == Windows.Unfold.Name || node.Op == Windows.Fold.Name)
            return node.Attributes;
        if (node.Op == Reductions.Sum.Name || node.Op == Reductions.Max.Name || node.Op == Reductions.ArgMax.Name || node.Op == Movements.Reverse.Name)
            return integers.Contains(0) ? null : node.Attributes;
        if (node.Op == Movements.Transpose.Name)
            return integers[0] == 0 ? node.Attributes : null;
        if (node.Op == Movements.Concat.Name)
            return integers[0] == 0 ? null : node.Attributes;
        if (node.Op == Movements.Reshape.Name)
            return Enlarged(0);
        if (node.Op == Movements.Broadcast.Name)
            return integers[2 + rank] == 0 ? Enlarged(2) : null;
        if (node.Op == Movements.Slice.Name)
            return integers[0] == 0 && integers[2 * rank] == 1 ? Enlarged(rank) : null;
        return node.Op == Movements.Place.Name && integers[rank] == 0 && integers[2 * rank] == 1 ? Enlarged(0) : null;

        Attributes Enlarged(int at) => node.Attributes with { Integers = integers.Select((integer, i) => i == at ? RoundedUp(integer) : integer).ToEquatableArray() };
    }

    private static int RoundedUp(int size) => (size + Lanes - 1) / Lanes * Lanes;
}
