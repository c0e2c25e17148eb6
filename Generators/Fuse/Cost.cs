using NNGen.Generators.Graph;
using NNGen.Generators.Ops;
using NNGen.Generators.Support;

namespace NNGen.Generators.Fuse;

/// <summary>What an element of a value costs to compute again, in units of an addition, read off its definition.</summary>
internal static class Cost
{
    /// <summary>More than any chain that is worth computing twice.</summary>
    public const int Reduction = 1000;

    /// <summary>A function that is a polynomial: a dozen operations and as many constants.</summary>
    public const int OfFunction = 20;

    /// <summary>The cost of the op itself, its operands given.</summary>
    public static int Of(TensorGraph graph, Node node)
    {
        var application = new Application(node.Inputs.Select(input => graph[input].Type).ToEquatableArray(), node.Attributes, node.Type);
        var sample = node.Type.Batched ? new Axis("n", Axis.Batch) : null;
        var at = new Point(sample is null ? null : (Subscript)sample, node.Type.Sizes.Select(size => (Subscript)new Axis("i", size)).ToEquatableArray());
        return Of(Primitives.Row(node.Op).Define(application, at, (_, _) => new Scalar.Literal(0)));
    }

    /// <summary>The cost of an element of a nest, the values that it loads given.</summary>
    public static int Of(Nest nest) => Of(nest.Body);

    private static int Of(Scalar scalar) => scalar switch
    {
        Scalar.Apply apply => Of(apply.Function) + apply.Arguments.Sum(Of),
        Scalar.Guard guard => 2 * guard.Conditions.Count + Of(guard.Inside) + Of(guard.Outside),
        Scalar.Reduce => Reduction,
        _ => 0,
    };

    private static int Of(Function function) => function switch
    {
        Function.Exp or Function.Log or Function.Tanh or Function.Sin or Function.Cos or Function.Power => OfFunction,
        Function.Divide or Function.Sqrt => 5,
        _ => 1,
    };
}
