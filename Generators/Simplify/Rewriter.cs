using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Simplify;

/// <summary>Rebuilds a graph from its outputs: each node after its operands, through the rewrite rules, and nothing that no output needs.</summary>
public static class Rewriter
{
    /// <param name="graph">The graph.</param>
    /// <param name="rules">Tried in order at each node, on operands that are rewritten already; the first that answers replaces the node.</param>
    public static TensorGraph Rewrite(TensorGraph graph, IReadOnlyList<Rule> rules)
    {
        var needed = graph.Reached();
        var builder = new GraphBuilder();
        var images = new Value[graph.Nodes.Count];
        for (var id = 0; id < images.Length; id++)
            if (needed[id])
                images[id] = Image(graph[id]);
        // Rules leave operands behind that nothing names any more: once more, without rules, only what is reached.
        var rewritten = builder.Build([.. graph.Outputs.Select(o => (o.Name, images[o.Node]))]);
        return rewritten.Reached().All(reached => reached) ? rewritten : Rewrite(rewritten, []);

        Value Image(Node node)
        {
            Value[] operands = [.. node.Inputs.Select(input => images[input])];
            var image = rules.Select(rule => rule.Apply(new Match(builder, node, operands))).FirstOrDefault(value => value is not null)
                ?? builder.Copy(node, operands);
            if (image.Type != node.Type)
                throw new InvalidOperationException($"a rewrite of {node.Op} changed {node.Type} into {image.Type}");
            return node.Label.Length > 0 ? builder.Labelled(image, node.Label) : image;
        }
    }
}

/// <summary>A node about to be copied, with its operands' images.</summary>
public sealed record Match(GraphBuilder Builder, Node Node, Value[] Operands)
{
    public bool Is(Op op) => Node.Op == op.Name;

    /// <summary>The number that an operand is everywhere, if it is one.</summary>
    public double? Number(int operand) => Number(Operands[operand]);

    public bool? Truth(int operand) => Bare(Operands[operand]) is { } node && node.Op == Leaves.Truth.Name ? node.Attributes.Integers[0] == 1 : null;

    /// <summary>A number in the sizes of the node.</summary>
    public Value Constant(double number) => Broadcasting.To(Builder.Literal(number), Node.Type.Sizes, Node.Type.Batched);

    public Value Truth(bool truth) => Broadcasting.To(Builder.Apply(Leaves.Truth, Attributes.Of(truth ? 1 : 0)), Node.Type.Sizes, Node.Type.Batched);

    private double? Number(Value value) => Bare(value) is { } node && node.Op == Leaves.Literal.Name ? node.Attributes.Reals[0] : null;

    // Past broadcasts, which change no number.
    private Node Bare(Value value)
    {
        var node = Builder.Node(value.Id);
        while (node.Op == Movements.Broadcast.Name)
            node = Builder.Node(node.Inputs[0]);
        return node;
    }
}

/// <summary>A rewrite: what it does, in words that a reader of the table understands, and how.</summary>
public sealed record Rule(string Text, Func<Match, Value?> Apply);
