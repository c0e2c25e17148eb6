using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Fuse;

/// <summary>What schedules and emitters ask of expressions.</summary>
public static class Queries
{
    /// <summary>The stored values that a nest reads, in the order of the graph, each once.</summary>
    public static IReadOnlyList<int> Loads(this Nest nest)
    {
        var found = new SortedSet<int>();
        nest.Body.Visit(scalar =>
        {
            if (scalar is Scalar.Load load)
                found.Add(load.Node);
        });
        return [.. found];
    }

    /// <summary>Every expression within, each once however often it is shared.</summary>
    public static void Visit(this Scalar root, Action<Scalar> visit)
    {
        var seen = new HashSet<Scalar>();
        Down(root);

        void Down(Scalar scalar)
        {
            if (!seen.Add(scalar))
                return;
            visit(scalar);
            foreach (var part in scalar.Parts())
                Down(part);
        }
    }

    public static IEnumerable<Scalar> Parts(this Scalar scalar) => scalar switch
    {
        Scalar.Apply apply => apply.Arguments,
        Scalar.Guard guard => [guard.Inside, guard.Outside],
        Scalar.Reduce reduce => [reduce.Body],
        _ => [],
    };

    /// <summary>An expression in which a nest's value is computed where it was loaded.</summary>
    public static Scalar Inlined(this Scalar root, Nest nest)
    {
        return root.Rebuilt(load => load.Node == nest.Node ? Element(load.At) : load, at => at);

        Scalar Element(Point at) => nest.Body.Rebuilt(
            load => new Scalar.Load(load.Node, new(load.At.Sample?.Substitute(Place(at)), load.At.At.Select(one => one.Substitute(Place(at))).ToEquatableArray())), Place(at));

        Func<Axis, Subscript> Place(Point at) => axis =>
            axis.IsBatch ? at.Sample! : nest.Axes.Where(own => !own.IsBatch).Zip(at.At, (own, place) => (own, place)).FirstOrDefault(pair => pair.own == axis).place ?? axis;
    }

    // The same value at the same point stays the same expression.
    private static Scalar Rebuilt(this Scalar root, Func<Scalar.Load, Scalar> loaded, Func<Axis, Subscript> place)
    {
        var known = new Dictionary<Scalar, Scalar>();
        return Of(root);

        Scalar Of(Scalar scalar) => known.TryGetValue(scalar, out var image) ? image : known[scalar] = scalar switch
        {
            Scalar.Load load => loaded(load),
            Scalar.Position position => new Scalar.Position(position.At.Substitute(place)),
            Scalar.Apply apply => new Scalar.Apply(apply.Function, [.. apply.Arguments.Select(Of)]),
            Scalar.Guard guard => new Scalar.Guard(guard.Conditions.Select(condition => condition.Substitute(place)).ToEquatableArray(), Of(guard.Inside), Of(guard.Outside)),
            Scalar.Reduce reduce => new Scalar.Reduce(reduce.Reducer, reduce.Axes, Of(reduce.Body)),
            _ => scalar,
        };
    }

    /// <summary>The axes that an expression depends on and does not run over itself.</summary>
    public static HashSet<Axis> FreeAxes(this Scalar root)
    {
        var (used, bound) = (new HashSet<Axis>(), new HashSet<Axis>());
        root.Visit(scalar =>
        {
            switch (scalar)
            {
                case Scalar.Load load:
                    used.UnionWith(load.At.At.SelectMany(at => at.Axes));
                    if (load.At.Sample is { } sample)
                        used.UnionWith(sample.Axes);
                    break;
                case Scalar.Position position:
                    used.UnionWith(position.At.Axes);
                    break;
                case Scalar.Guard guard:
                    used.UnionWith(guard.Conditions.SelectMany(condition => condition.Axes));
                    break;
                case Scalar.Reduce reduce:
                    bound.UnionWith(reduce.Axes);
                    break;
            }
        });
        used.ExceptWith(bound);
        return used;
    }

    public static Condition Substitute(this Condition condition, Func<Axis, Subscript> replace) => condition switch
    {
        Condition.InRange(var at, var size) => new Condition.InRange(at.Substitute(replace), size),
        Condition.Divisible(var at, var divisor) => new Condition.Divisible(at.Substitute(replace), divisor),
        _ => throw new InvalidOperationException(),
    };
}
