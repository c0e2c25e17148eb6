using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using ScalarExpression = NNGen.Generators.Graph.Scalar;

namespace NNGen.Tests.Support;

/// <summary>One element from the values of the axes, by slot.</summary>
internal delegate double Element(long[] axes);

/// <summary>The dense arrays that expressions load from, by node. A run that changes them raises the version.</summary>
internal sealed class Memory(TensorGraph graph, int samples)
{
    public TensorGraph Graph { get; } = graph;

    public int Samples { get; } = samples;

    public double[]?[] Values { get; } = new double[graph.Nodes.Count][];

    public int Version { get; set; }
}

/// <summary>
/// Evaluates scalar expressions in double, integers and truth values included. Strict where a target is free: both branches of a selection are evaluated, a load
/// outside its value fails, and so does an axis that is read outside its loop. Each load checks that <see cref="DenseLayout"/> agrees with its coordinates.
/// </summary>
internal sealed class ScalarInterpreter
{
    readonly Memory memory;
    readonly Dictionary<Axis, int> slots = [];
    readonly HashSet<Axis> bound;
    readonly Dictionary<ScalarExpression, int> uses = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<ScalarExpression, HashSet<Axis>> free = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<ScalarExpression, Element> known = new(ReferenceEqualityComparer.Instance);

    ScalarInterpreter(IEnumerable<Axis> axes, Memory memory)
    {
        this.memory = memory;
        bound = [.. axes];
        foreach (var axis in bound)
            Slot(axis);
    }

    /// <summary>The expression as a function of the axes' values, given in the order of <paramref name="axes"/>.</summary>
    public static Func<IReadOnlyList<long>, double> Compile(ScalarExpression expression, IReadOnlyList<Axis> axes, Memory memory)
    {
        var interpreter = new ScalarInterpreter(axes, memory);
        interpreter.Count(expression);
        var element = interpreter.Emit(expression);
        var values = new long[interpreter.slots.Count];
        return given =>
        {
            for (var i = 0; i < given.Count; i++)
                values[i] = given[i];
            return element(values);
        };
    }

    /// <summary>The value at given axes.</summary>
    public static double Evaluate(ScalarExpression expression, Memory memory, params (Axis Axis, long Value)[] axes) =>
        Compile(expression, [.. axes.Select(a => a.Axis)], memory)([.. axes.Select(a => a.Value)]);

    int Slot(Axis axis) => slots.TryGetValue(axis, out var slot) ? slot : slots[axis] = slots.Count;

    void Count(ScalarExpression expression)
    {
        uses[expression] = uses.GetValueOrDefault(expression) + 1;
        if (uses[expression] > 1)
            return;
        var axes = new HashSet<Axis>();
        foreach (var child in Children(expression))
        {
            Count(child);
            axes.UnionWith(free[child]);
        }
        axes.UnionWith(Own(expression));
        if (expression is ScalarExpression.Reduce reduce)
            axes.ExceptWith(reduce.Axes);
        free[expression] = axes;
    }

    static IEnumerable<ScalarExpression> Children(ScalarExpression expression) => expression switch
    {
        ScalarExpression.Apply apply => apply.Arguments,
        ScalarExpression.Guard guard => [guard.Inside, guard.Outside],
        ScalarExpression.Reduce reduce => [reduce.Body],
        _ => [],
    };

    static IEnumerable<Axis> Own(ScalarExpression expression) => expression switch
    {
        ScalarExpression.Position position => position.At.Axes,
        ScalarExpression.Load load => load.At.At.Append(load.At.Sample ?? Subscript.Zero).SelectMany(at => at.Axes),
        ScalarExpression.Guard guard => guard.Conditions.SelectMany(c => At(c).Axes),
        _ => [],
    };

    static Subscript At(Condition condition) => condition switch
    {
        Condition.InRange range => range.At,
        Condition.Divisible divisible => divisible.At,
        _ => throw new InvalidOperationException(),
    };

    Element Emit(ScalarExpression expression)
    {
        if (free[expression].FirstOrDefault(axis => !bound.Contains(axis)) is { } loose)
            throw new InvalidOperationException($"axis {loose} is read outside its loop");
        if (known.TryGetValue(expression, out var element))
            return element;
        element = expression switch
        {
            ScalarExpression.Literal literal => Constant(literal.Value),
            ScalarExpression.Position position => Number(position.At),
            ScalarExpression.Samples => Constant(memory.Samples),
            ScalarExpression.Load load => Load(load),
            ScalarExpression.Apply apply => Apply(apply.Function, [.. apply.Arguments.Select(Emit)]),
            ScalarExpression.Guard guard => Guard([.. guard.Conditions.Select(Test)], Emit(guard.Inside), Emit(guard.Outside)),
            ScalarExpression.Reduce reduce => Reduce(reduce),
            _ => throw new InvalidOperationException(expression.GetType().Name),
        };
        // What occurs twice is computed once for the same axes, as an emitter does: a shared expression walked as a tree takes exponential time.
        if (uses[expression] > 1 && expression is ScalarExpression.Apply or ScalarExpression.Guard or ScalarExpression.Reduce)
            element = Remember(element, [.. free[expression].Select(Slot)]);
        return known[expression] = element;
    }

    static Element Constant(double value) => _ => value;

    Element Number(Subscript at)
    {
        var index = Index(at);
        return axes => index(axes);
    }

    Element Remember(Element element, int[] read)
    {
        var (at, version, value) = (new long[read.Length], -1, 0.0);
        return axes =>
        {
            var same = version == memory.Version;
            for (var i = 0; same && i < read.Length; i++)
                same = at[i] == axes[read[i]];
            if (same)
                return value;
            value = element(axes);
            version = memory.Version;
            for (var i = 0; i < read.Length; i++)
                at[i] = axes[read[i]];
            return value;
        };
    }

    Element Load(ScalarExpression.Load load)
    {
        var (node, type) = (load.Node, memory.Graph[load.Node].Type);
        if (load.At.At.Count != type.Rank)
            throw new InvalidOperationException($"%{node} : {type} is read at {load.At.At.Count} coordinates");
        var (batched, sizes) = (type.Batched, type.Sizes.ToArray());
        var offset = Index(DenseLayout.Offset(type, load.At));
        var sample = batched ? Index(load.At.Sample!) : _ => 0;
        var coordinates = load.At.At.Select(Index).ToArray();
        return axes =>
        {
            var at = sample(axes);
            if (at < 0 || at >= memory.Samples)
                throw new InvalidOperationException($"sample {at} of %{node} : {type} is read, of {memory.Samples}");
            for (var i = 0; i < sizes.Length; i++)
            {
                var coordinate = coordinates[i](axes);
                if (coordinate < 0 || coordinate >= sizes[i])
                    throw new InvalidOperationException($"%{node} : {type} is read at {coordinate} on axis {i}");
                at = at * sizes[i] + coordinate;
            }
            if (at != offset(axes))
                throw new InvalidOperationException($"%{node} : {type}: the coordinates say {at} and DenseLayout {offset(axes)}");
            return (memory.Values[node] ?? throw new InvalidOperationException($"%{node} is read before it is stored"))[at];
        };
    }

    Element Guard(Func<long[], bool>[] tests, Element inside, Element outside) => axes =>
    {
        foreach (var test in tests)
            if (!test(axes))
                return outside(axes);
        return inside(axes);
    };

    Func<long[], bool> Test(Condition condition)
    {
        var at = Index(At(condition));
        return condition switch
        {
            Condition.InRange(_, var size) => axes => at(axes) is var i && 0 <= i && i < size,
            Condition.Divisible(_, var divisor) => axes => at(axes) % divisor == 0,
            _ => throw new InvalidOperationException(),
        };
    }

    Element Reduce(ScalarExpression.Reduce reduce)
    {
        foreach (var axis in reduce.Axes)
            if (!bound.Add(axis))
                throw new InvalidOperationException($"axis {axis} is bound twice");
        var loops = reduce.Axes.Select(axis => (Slot: Slot(axis), Size: axis.IsBatch ? memory.Samples : axis.Size)).ToArray();
        var body = Emit(reduce.Body);
        bound.ExceptWith(reduce.Axes);
        var reducer = reduce.Reducer;
        return axes =>
        {
            var (sum, largest, first, position) = (0.0, double.NegativeInfinity, 0, 0);
            Loop(0);
            return reducer switch { Reducer.Sum => sum, Reducer.Max => largest, _ => first };

            void Loop(int depth)
            {
                if (depth == loops.Length)
                {
                    var value = body(axes);
                    sum += value;
                    first = value > largest ? position : first;
                    largest = Math.Max(value, largest);
                    position++;
                }
                else
                    for (var i = 0; i < loops[depth].Size; i++)
                    {
                        axes[loops[depth].Slot] = i;
                        Loop(depth + 1);
                    }
            }
        };
    }

    static Element Apply(Function function, Element[] x) => function switch
    {
        Function.Negate => axes => -x[0](axes),
        Function.Exp => axes => Math.Exp(x[0](axes)),
        Function.Log => axes => Math.Log(x[0](axes)),
        Function.Sqrt => axes => Math.Sqrt(x[0](axes)),
        Function.Abs => axes => Math.Abs(x[0](axes)),
        Function.Tanh => axes => Math.Tanh(x[0](axes)),
        Function.Sin => axes => Math.Sin(x[0](axes)),
        Function.Cos => axes => Math.Cos(x[0](axes)),
        Function.Not => axes => Truth(x[0](axes) == 0),
        Function.Real => x[0],
        Function.Add => axes => x[0](axes) + x[1](axes),
        Function.Subtract => axes => x[0](axes) - x[1](axes),
        Function.Multiply => axes => x[0](axes) * x[1](axes),
        Function.Divide => axes => x[0](axes) / x[1](axes),
        Function.Power => axes => Math.Pow(x[0](axes), x[1](axes)),
        Function.Max => axes => Math.Max(x[0](axes), x[1](axes)),
        Function.Min => axes => Math.Min(x[0](axes), x[1](axes)),
        Function.Less => axes => Truth(x[0](axes) < x[1](axes)),
        Function.LessOrEqual => axes => Truth(x[0](axes) <= x[1](axes)),
        Function.Equal => axes => Truth(x[0](axes) == x[1](axes)),
        Function.And => axes => Truth((x[0](axes) != 0) & (x[1](axes) != 0)),
        Function.Or => axes => Truth((x[0](axes) != 0) | (x[1](axes) != 0)),
        Function.Select => axes => (x[0](axes), x[1](axes), x[2](axes)) is var (mask, yes, no) && mask != 0 ? yes : no,
        _ => throw new InvalidOperationException(function.ToString()),
    };

    static double Truth(bool value) => value ? 1 : 0;

    Func<long[], long> Index(Subscript subscript)
    {
        var constant = subscript.Constant;
        var terms = subscript.Terms.Select(t => (Value: Value(t.Term), t.Coefficient)).ToArray();
        return axes =>
        {
            var sum = constant;
            foreach (var (value, coefficient) in terms)
                sum += coefficient * value(axes);
            return sum;
        };
    }

    Func<long[], long> Value(Term term)
    {
        switch (term)
        {
            case Term.Of(var axis):
                var slot = Slot(axis);
                return axes => axes[slot];
            case Term.Quotient(var numerator, var divisor):
                var quotient = Index(numerator);
                return axes => quotient(axes) is var n && n >= 0 ? n / divisor : -((divisor - 1 - n) / divisor);
            case Term.Remainder(var numerator, var divisor):
                var remainder = Index(numerator);
                return axes => ((remainder(axes) % divisor) + divisor) % divisor;
            default:
                throw new InvalidOperationException();
        }
    }
}
