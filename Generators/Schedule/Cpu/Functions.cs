using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Ops;

namespace NNGen.Generators.Schedule.Cpu;

/// <summary>
/// A function such as tanh on a sum of products. Its constants and steps want registers, and on the sums of a tile they would push these out: so a nest stores the sums of a row where the result
/// lies, and computes the function there while the row is near.
/// </summary>
internal static class Functions
{
    /// <summary>A nest in two steps: the sum, and what is computed on it, which reads it where the result lies. Null where there is no sum of products, or nothing on it that is worth a loop of its own.</summary>
    public static (Scalar Sum, Scalar Function)? Split(Nest nest)
    {
        var sums = new HashSet<Scalar>();
        if (!IsPlain(nest.Body, sums) || sums.Count != 1 || Tiling.Products(sums.Single()) is null || Cost.Of(nest) % Cost.Reduction < Cost.OfFunction)
            return null;
        var (sum, at) = (sums.Single(), nest.Axes.Where(axis => !axis.IsBatch).Select(axis => (Subscript)axis));
        var images = new Dictionary<Scalar, Scalar> { [sum] = new Scalar.Load(nest.Node, new Point(nest.Axes.Any(axis => axis.IsBatch) ? (Subscript)nest.Axes[0] : null, [.. at])) };
        return (sum, Image(nest.Body));

        Scalar Image(Scalar scalar) => images.TryGetValue(scalar, out var known) ? known
            : images[scalar] = scalar is Scalar.Apply apply ? new Scalar.Apply(apply.Function, [.. apply.Arguments.Select(Image)]) : scalar;
    }

    /// <summary>The last of what is computed, number by number and for one reader each, on a sum of products, and whether a function is among it.</summary>
    /// <param name="graph">The program.</param>
    /// <param name="readers">The readers of each node.</param>
    /// <param name="sum">The sum.</param>
    public static (int End, bool IsFunction) End(TensorGraph graph, ILookup<int, int> readers, int sum)
    {
        var (end, isFunction) = (sum, false);
        while (readers[end].Distinct().ToArray() is [var reader] && Primitives.Row(graph[reader].Op).Kind == OpKind.Elementwise && graph[reader].Type == graph[sum].Type
            && !graph.Outputs.Any(output => output.Node == end))
        {
            isFunction |= Cost.Of(graph, graph[reader]) >= Cost.OfFunction;
            end = reader;
        }
        return (end, isFunction);
    }

    // Whether there is nothing but functions of values at hand and of sums.
    private static bool IsPlain(Scalar scalar, HashSet<Scalar> sums)
    {
        if (scalar is Scalar.Reduce)
            sums.Add(scalar);
        return scalar is Scalar.Reduce or Scalar.Load or Scalar.Literal || (scalar is Scalar.Apply apply && apply.Arguments.All(argument => IsPlain(argument, sums)));
    }
}
