using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Tests.Support;

/// <summary>Composes the rows' gradient rules, and nothing else: the rules must fit each other exactly, so no cotangent is stretched or summed here.</summary>
internal static class ReverseMode
{
    /// <summary>The cotangents of <paramref name="leaves"/> from those of some values; null where nothing flows to a leaf.</summary>
    public static IReadOnlyList<Value?> Pull(GraphBuilder builder, IReadOnlyList<(Value Value, Value Ct)> seeds, IReadOnlyList<Value> leaves)
    {
        var last = seeds.Max(seed => seed.Value.Id);
        var active = Active(builder, last, [.. leaves.Select(leaf => leaf.Id)]);
        var cotangents = new Value?[last + 1];
        foreach (var (value, ct) in seeds)
            Accumulate(value.Id, ct, "the seed");
        for (var id = last; id >= 0; id--)
            if (active[id] && cotangents[id] is { } ct && builder.Node(id) is { Inputs.Count: > 0 } node)
                Through(id, node, ct);
        return [.. leaves.Select(leaf => leaf.Id <= last ? cotangents[leaf.Id] : null)];

        void Through(int id, Node node, Value ct)
        {
            var inputs = node.Inputs.Select(builder.At).ToEquatableArray();
            var application = new Application(inputs.Select(input => input.Type).ToEquatableArray(), node.Attributes, node.Type);
            var parts = Primitives.Row(node.Op).Vjp(new Pullback(inputs, builder.At(id), ct, application));
            Assert.Equal(inputs.Count, parts.Count);
            for (var k = 0; k < inputs.Count; k++)
                if (parts[k] is { } part)
                    Accumulate(inputs[k].Id, part, $"{node.Op}({node.Attributes.Integers} {node.Attributes.Text}) of {application.Inputs}, operand {k}");
        }

        void Accumulate(int id, Value part, string rule)
        {
            Assert.True(!part.IsUnknown, $"{rule}: a faulty cotangent: {builder.Faults.LastOrDefault()}");
            Assert.True(part.Type == builder.Node(id).Type, $"{rule}: a cotangent {part.Type} for a value {builder.Node(id).Type}");
            if (active[id])
                cotangents[id] = cotangents[id] is { } sum ? sum + part : part;
        }
    }

    static bool[] Active(GraphBuilder builder, int last, IReadOnlyCollection<int> leaves)
    {
        var active = new bool[last + 1];
        for (var id = 0; id <= last; id++)
            active[id] = builder.Node(id).Type.Type == DType.F32 && (leaves.Contains(id) || builder.Node(id).Inputs.Any(input => active[input]));
        return active;
    }
}
