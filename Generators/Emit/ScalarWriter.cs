using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit;

/// <summary>
/// Prints one element's expression as C#: reductions become loops before the statement that needs them, guards become conditions at the outermost loop
/// that can decide them, and what occurs twice gets a name. The same for every target; <see cref="Dialect"/> spells the functions.
/// </summary>
/// <param name="graph">Types of the values that are loaded.</param>
/// <param name="dialect">The target's spelling.</param>
/// <param name="nameOf">The variable that holds a stored value.</param>
/// <param name="taken">Whether an identifier means something already. A question, not a set of its own: a program has as many expressions as names.</param>
public sealed class ScalarWriter(TensorGraph graph, Dialect dialect, Func<int, string> nameOf, Func<string, bool> taken)
{
    private readonly HashSet<string> used = [];
    private readonly Dictionary<Axis, string> axes = [];
    private readonly Stack<Dictionary<Scalar, string>> scopes = new([[]]);
    private readonly Dictionary<Scalar, int> uses = [];

    /// <summary>An element of a stored value: of a span unless said otherwise.</summary>
    public Func<int, string, string> Memory { get; set; } = (node, at) => $"{nameOf(node)}[{at}]";

    /// <summary>Loops over a nest's axes, around <paramref name="body"/>; axes of one element have none.</summary>
    public void Loops(SourceWriter writer, IEnumerable<Axis> axes, Action<SourceWriter> body)
    {
        var inner = new SourceWriter(writer.Level + axes.Count(axis => axis.Size != 1));
        var headers = axes.Where(axis => axis.Size != 1).Select(Header).ToArray();
        body(inner);
        foreach (var (header, depth) in headers.Select((header, depth) => (header, depth)))
            new SourceWriter(writer.Level + depth).Line(header).AppendTo(writer);
        Braced(writer, headers.Length, inner);
    }

    /// <summary>Writes what the expression needs first, and returns its text.</summary>
    public string Write(SourceWriter writer, Scalar scalar)
    {
        Count(scalar);
        return Text(writer, scalar).Code;
    }

    public string Write(Subscript subscript)
    {
        var terms = subscript.Terms.Select(t => (Code: Term(t.Term, t.Coefficient is not 1 and not -1), t.Coefficient)).ToArray();
        var constant = Math.Abs(subscript.Constant).ToString(System.Globalization.CultureInfo.InvariantCulture);
        // `2 - y` reads better than `-y + 2`.
        var leads = subscript.Constant > 0 && terms is [{ Coefficient: < 0 }, ..];
        var text = string.Concat(terms.Select((t, i) =>
            (t.Coefficient < 0 ? i == 0 && !leads ? "-" : " - " : i == 0 ? "" : " + ") + t.Code + (Math.Abs(t.Coefficient) == 1 ? "" : $" * {Math.Abs(t.Coefficient)}")));
        return terms.Length == 0 ? (subscript.Constant < 0 ? "-" : "") + constant
            : leads ? constant + text
            : subscript.Constant == 0 ? text : $"{text} {(subscript.Constant < 0 ? '-' : '+')} {constant}";
    }

    /// <summary>The name of an axis's loop variable.</summary>
    public string Name(Axis axis) => axes.TryGetValue(axis, out var name) ? name : axes[axis] = Fresh(axis.Name);

    public string Fresh(string name)
    {
        var fresh = name;
        for (var i = 2; taken(fresh) || !used.Add(fresh); i++)
            fresh = name + i;
        return fresh;
    }

    private string Header(Axis axis) => $"for (var {Name(axis)} = 0; {Name(axis)} < {(axis.IsBatch ? "count" : axis.Size)}; {Name(axis)}++)";

    private string Header(Axis axis, List<Condition> conditions, IReadOnlyList<Axis> inner)
    {
        var known = conditions.Where(condition => !condition.Axes.Intersect(inner).Any()).ToList();
        conditions.RemoveAll(known.Contains);
        var (low, high) = Range(axis, known);
        conditions.AddRange(known);
        return $"for (var {Name(axis)} = {low}; {Name(axis)} < {high}; {Name(axis)}++)";
    }

    /// <summary>The loop bounds that ranges of the form 0 &lt;= stride axis + rest &lt; size (or rest - stride axis) allow; those leave the conditions.</summary>
    public (string Low, string High) Range(Axis axis, List<Condition> conditions)
    {
        var (low, high) = ("0", axis.IsBatch ? "count" : $"{axis.Size}");
        foreach (var range in conditions.OfType<Condition.InRange>().ToArray())
        {
            if (range.At.Terms.FirstOrDefault(t => t.Term is Graph.Term.Of of && of.Axis == axis) is not { Term: not null } found)
                continue;
            var rest = range.At - (Subscript)axis * (int)found.Coefficient;
            if (rest.Axes.Contains(axis))
                continue;
            // stride axis + rest: from -rest to size - rest; rest - stride axis: from rest - size + 1 to rest + 1. Quotients are rounded up: below 0, where / rounds the other way, no axis has a place.
            var stride = (int)Math.Abs(found.Coefficient);
            var (from, to) = found.Coefficient > 0 ? (rest * -1, rest * -1 + range.Size) : (rest - range.Size + 1, rest + 1);
            string Quotient(Subscript at) => stride == 1 ? Write(at) : $"({Write(at + (stride - 1))}) / {stride}";
            if (from.Bounds.High > 0)
                low = low == "0" ? $"Math.Max(0, {Quotient(from)})" : $"Math.Max({low}, {Quotient(from)})";
            if (axis.IsBatch || to.Bounds.Low + stride - 1 < (long)axis.Size * stride)
                high = $"Math.Min({high}, {Quotient(to)})";
            conditions.Remove(range);
        }
        return (low, high);
    }

    // Binding strength, weakest first, to place parentheses.
    private enum Binding { Conditional, Logical, Comparison, Sum, Product, Prefix, Primary }

    private readonly record struct Printed(string Code, Binding Binding)
    {
        public string In(Binding outer) => Binding < outer ? $"({Code})" : Code;
    }

    private Printed Text(SourceWriter writer, Scalar scalar)
    {
        foreach (var scope in scopes)
            if (scope.TryGetValue(scalar, out var name))
                return new(name, Binding.Primary);
        var printed = scalar switch
        {
            Scalar.Literal literal => new(dialect.Number(literal.Value), literal.Value < 0 ? Binding.Prefix : Binding.Primary),
            Scalar.Position position => new(Write(position.At), position.At.Terms.Count > 0 ? Binding.Sum : Binding.Primary),
            Scalar.Samples => new("count", Binding.Primary),
            Scalar.Load load => new(Memory(load.Node, Write(DenseLayout.Offset(graph[load.Node].Type, load.At))), Binding.Primary),
            Scalar.Apply apply => Applied(writer, apply),
            Scalar.Guard guard => Guarded(writer, guard),
            Scalar.Reduce reduce => new(Reduced(writer, reduce), Binding.Primary),
            _ => throw new InvalidOperationException(),
        };
        if (scalar is Scalar.Reduce || (scalar is Scalar.Guard && printed.Binding == Binding.Primary))
        {
            scopes.Peek()[scalar] = printed.Code;
            return printed;
        }
        if (uses[scalar] < 2 || scalar is Scalar.Literal or Scalar.Position or Scalar.Samples || printed.Code.All(c => char.IsLetterOrDigit(c)))
            return printed;
        var local = Fresh(scalar is Scalar.Load stored ? nameOf(stored.Node) + "At" : "t");
        writer.Line($"var {local} = {printed.Code};");
        scopes.Peek()[scalar] = local;
        return new(local, Binding.Primary);
    }

    private Printed Applied(SourceWriter writer, Scalar.Apply apply)
    {
        Printed Argument(int i) => Text(writer, apply.Arguments[i]);
        Printed Infix(string sign, Binding binding, bool associative)
        {
            var (left, right) = (Argument(0), Argument(1));
            return new($"{left.In(binding)} {sign} {right.In(associative ? binding : binding + 1)}", binding);
        }
        switch (apply.Function)
        {
            case Function.Add: return Infix("+", Binding.Sum, associative: false);
            case Function.Subtract: return Infix("-", Binding.Sum, associative: false);
            case Function.Multiply: return Infix("*", Binding.Product, associative: false);
            case Function.Divide: return Infix("/", Binding.Product, associative: false);
            case Function.Less: return Infix("<", Binding.Comparison, associative: false);
            case Function.LessOrEqual: return Infix("<=", Binding.Comparison, associative: false);
            case Function.Equal: return Infix("==", Binding.Comparison, associative: false);
            case Function.And: return new($"{Argument(0).In(Binding.Comparison)} && {Argument(1).In(Binding.Comparison)}", Binding.Logical);
            case Function.Or: return new($"({Argument(0).In(Binding.Comparison)} || {Argument(1).In(Binding.Comparison)})", Binding.Primary);
            case Function.Not: return new($"!{Argument(0).In(Binding.Primary)}", Binding.Prefix);
            case Function.Negate: return new($"-{Argument(0).In(Binding.Primary)}", Binding.Prefix);
            case Function.Select:
                var (mask, then, otherwise) = (Argument(0), Argument(1), Argument(2));
                return new($"{mask.In(Binding.Logical)} ? {then.In(Binding.Logical)} : {otherwise.In(Binding.Logical)}", Binding.Conditional);
            case Function.Real:
                return IsTruth(apply.Arguments[0])
                    ? new($"{Argument(0).In(Binding.Logical)} ? {dialect.Number(1)} : {dialect.Number(0)}", Binding.Conditional)
                    : new($"({dialect.Real}){Argument(0).In(Binding.Primary)}", Binding.Prefix);
            default:
                return new(dialect.Call(apply.Function, [.. apply.Arguments.Select((_, i) => Argument(i).Code)]), Binding.Primary);
        }
    }

    // As one conditional expression where neither side needs statements of its own, else as a variable and an if: what a guard excludes may not even be loaded.
    private Printed Guarded(SourceWriter writer, Scalar.Guard guard)
    {
        var test = string.Join(" && ", guard.Conditions.Select(Test));
        var (inner, outer) = (new SourceWriter(writer.Level + 1), new SourceWriter(writer.Level + 1));
        var inside = Scoped(() => Text(inner, guard.Inside));
        var outside = Scoped(() => Text(outer, guard.Outside));
        if (inner.IsEmpty && outer.IsEmpty)
            return new($"{test} ? {inside.In(Binding.Logical)} : {outside.In(Binding.Logical)}", Binding.Conditional);
        var name = Fresh("inside");
        var simple = guard.Outside is Scalar.Literal;
        writer.Line(simple ? $"var {name} = {outside.Code};" : $"{TypeOf(guard)} {name};");
        inner.Line($"{name} = {inside.Code};");
        outer.Line($"{name} = {outside.Code};");
        writer.Line($"if ({test})");
        Braced(writer, 0, inner, already: true);
        // What lies outside may be a load that is valid only there.
        if (!simple)
        {
            writer.Line("else");
            Braced(writer, 0, outer, already: true);
        }
        return new(name, Binding.Primary);
    }

    private string Reduced(SourceWriter writer, Scalar.Reduce reduce)
    {
        var identity = reduce.Reducer == Reducer.Sum ? 0 : double.NegativeInfinity;
        var (conditions, body) = reduce.Body is Scalar.Guard { Outside: Scalar.Literal outside } guard && outside.Value.Equals(identity)
            ? (guard.Conditions.ToList(), guard.Inside) : ([], reduce.Body);
        var name = Fresh(reduce.Reducer switch { Reducer.Sum => "sum", Reducer.Max => "max", _ => "best" });
        var at = reduce.Reducer == Reducer.ArgMax ? Fresh("at") : "";
        writer.Line($"var {name} = {dialect.Number(identity)};");
        if (at.Length > 0)
            writer.Line($"var {at} = 0;");

        // Loops and tests, outermost first. A range that a loop runs through with step 1 bounds the loop; any other test stands in the first loop that knows all
        // its axes.
        var headers = new List<string>();
        var open = reduce.Axes.ToList();
        void Tests()
        {
            foreach (var condition in conditions.Where(c => !c.Axes.Intersect(open).Any()).ToArray())
            {
                headers.Add($"if ({Test(condition)})");
                conditions.Remove(condition);
            }
        }
        Tests();
        foreach (var axis in reduce.Axes)
        {
            open.Remove(axis);
            if (axis.Size != 1)
                headers.Add(Header(axis, conditions, open));
            Tests();
        }

        var inner = new SourceWriter(writer.Level + headers.Count);
        Scoped(() =>
        {
            var value = Text(inner, body);
            switch (reduce.Reducer)
            {
                case Reducer.Sum:
                    inner.Line($"{name} += {value.In(Binding.Conditional)};");
                    break;
                case Reducer.Max:
                    inner.Line($"{name} = {dialect.Call(Function.Max, [name, value.Code])};");
                    break;
                default:
                    var candidate = Fresh("candidate");
                    var position = reduce.Axes.Aggregate(Subscript.Zero, (flat, axis) => flat * axis.Size + axis);
                    inner.Line($"var {candidate} = {value.Code};");
                    inner.Line($"if ({candidate} > {name})").Line($"    ({name}, {at}) = ({candidate}, {Write(position)});");
                    break;
            }
            return value;
        });
        foreach (var (header, depth) in headers.Select((header, depth) => (header, depth)))
            new SourceWriter(writer.Level + depth).Line(header).AppendTo(writer);
        Braced(writer, headers.Count, inner);
        return at.Length > 0 ? at : name;
    }

    private T Scoped<T>(Func<T> body)
    {
        scopes.Push([]);
        var result = body();
        scopes.Pop();
        return result;
    }

    // A body of one line needs no braces.
    private static void Braced(SourceWriter writer, int depth, SourceWriter inner, bool already = false)
    {
        if (inner.Lines == 1 || (depth == 0 && !already))
        {
            writer.Append(inner);
            return;
        }
        var brace = already ? writer.Level : writer.Level + depth - 1;
        new SourceWriter(brace).Line("{").AppendTo(writer);
        writer.Append(inner);
        new SourceWriter(brace).Line("}").AppendTo(writer);
    }

    public string Test(Condition condition) => condition switch
    {
        Condition.Divisible(var at, var divisor) => $"{Parenthesised(at)} % {divisor} == 0",
        Condition.InRange(var at, var size) when at.Bounds.Low >= 0 => $"{Write(at)} < {size}",
        Condition.InRange(var at, var size) when at.Bounds.High < size => $"{Write(at)} >= 0",
        Condition.InRange(var at, var size) => $"(uint){Parenthesised(at)} < {size}",
        _ => throw new InvalidOperationException(),
    };

    private string Parenthesised(Subscript at) => at is { Constant: 0, Terms: [(Graph.Term.Of, 1)] } ? Write(at) : $"({Write(at)})";

    private string Term(Term term, bool factor) => term switch
    {
        Graph.Term.Of(var axis) => Name(axis),
        Graph.Term.Quotient(var numerator, var divisor) => $"{Parenthesised(numerator)} / {divisor}",
        Graph.Term.Remainder(var numerator, var divisor) => factor ? $"({Parenthesised(numerator)} % {divisor})" : $"{Parenthesised(numerator)} % {divisor}",
        _ => throw new InvalidOperationException(),
    };

    private string TypeOf(Scalar scalar) => scalar switch
    {
        _ when IsTruth(scalar) => "bool",
        Scalar.Position or Scalar.Reduce { Reducer: Reducer.ArgMax } => "int",
        Scalar.Load load when graph[load.Node].Type.Type == DType.I32 => "int",
        Scalar.Guard guard => TypeOf(guard.Inside),
        Scalar.Apply { Function: Function.Select } select => TypeOf(select.Arguments[1]),
        _ => dialect.Real,
    };

    private bool IsTruth(Scalar scalar) => scalar switch
    {
        Scalar.Apply { Function: Function.Less or Function.LessOrEqual or Function.Equal or Function.And or Function.Or or Function.Not } => true,
        Scalar.Apply { Function: Function.Select } select => IsTruth(select.Arguments[1]),
        Scalar.Guard guard => IsTruth(guard.Inside),
        Scalar.Load load => graph[load.Node].Type.Type == DType.Bool,
        _ => false,
    };

    private void Count(Scalar scalar)
    {
        if (uses.TryGetValue(scalar, out var count))
        {
            uses[scalar] = count + 1;
            return;
        }
        uses[scalar] = 1;
        switch (scalar)
        {
            case Scalar.Apply apply:
                foreach (var argument in apply.Arguments)
                    Count(argument);
                break;
            case Scalar.Guard guard:
                Count(guard.Inside);
                Count(guard.Outside);
                break;
            case Scalar.Reduce reduce:
                Count(reduce.Body);
                break;
        }
    }
}
