using NNGen.Generators.Graph;

namespace NNGen.Generators.Fuse;

/// <summary>What an expression needs to be computed.</summary>
/// <param name="Loads">The stored values that it reads, in the order of the graph, each once.</param>
/// <param name="Axes">The axes that its positions name, those of its own loops included.</param>
/// <param name="Batch">Whether it asks for the number of samples, or runs over them.</param>
public sealed record Reads(IReadOnlyList<int> Loads, IReadOnlyCollection<Axis> Axes, bool Batch)
{
    public static Reads Of(Scalar scalar)
    {
        var (loads, axes, batch) = (new SortedSet<int>(), new HashSet<Axis>(), false);
        var seen = new HashSet<Scalar>();
        Visit(scalar);
        return new([.. loads], axes, batch);

        void Visit(Scalar scalar)
        {
            if (!seen.Add(scalar))
                return;
            switch (scalar)
            {
                case Scalar.Position position:
                    axes.UnionWith(position.At.Axes);
                    break;
                case Scalar.Load load:
                    loads.Add(load.Node);
                    foreach (var subscript in load.At.At.Concat(load.At.Sample is { } sample ? [sample] : []))
                        axes.UnionWith(subscript.Axes);
                    break;
                case Scalar.Samples:
                    batch = true;
                    break;
                case Scalar.Apply apply:
                    foreach (var argument in apply.Arguments)
                        Visit(argument);
                    break;
                case Scalar.Guard guard:
                    foreach (var condition in guard.Conditions)
                        axes.UnionWith(condition.Axes);
                    Visit(guard.Inside);
                    Visit(guard.Outside);
                    break;
                case Scalar.Reduce reduce:
                    batch |= reduce.Axes.Any(axis => axis.IsBatch);
                    Visit(reduce.Body);
                    break;
            }
        }
    }
}
