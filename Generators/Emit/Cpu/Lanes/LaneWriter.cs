using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>
/// Prints the body of a nest for a lane block: its output loops, split so that no inner loop tests a bound, and for each tile the expression of all its outputs at
/// once. Sums run with one accumulator per output, so that a factor is loaded once for all outputs that share it.
/// </summary>
/// <param name="graph">Types of the values.</param>
/// <param name="dialect">The vector width.</param>
/// <param name="nameOf">The reference that holds a value: of this block for a value per sample.</param>
/// <param name="scalars">Prints positions, and knows which identifiers are taken.</param>
internal sealed class LaneWriter(TensorGraph graph, LaneDialect dialect, Func<int, string> nameOf, ScalarWriter scalars)
{
    /// <summary>Products that one straight piece of code may hold: beyond it the compiler's tables fill up.</summary>
    private const int Straight = 200;

    /// <summary>An output of the tile: the axes that have a fixed place in it.</summary>
    private sealed record Instance(EquatableArray<(Axis Axis, Subscript At)> Fixed)
    {
        public Subscript Replace(Axis axis)
        {
            foreach (var (own, at) in Fixed)
                if (own == axis)
                    return at;
            return axis;
        }

        public Instance With(Axis axis, Subscript at) => new([.. Fixed, (axis, at)]);
    }

    /// <summary>Loops over the outputs of the nest; <paramref name="store"/> gets each output's point and value.</summary>
    public void Outputs(LaneScope scope, LaneNest scheduled, Scalar body, Func<LaneScope, Subscript, LaneText, string> store)
    {
        var (nest, tile) = (scheduled.Nest, scheduled.Tile);
        var type = graph[nest.Node].Type;
        var axes = nest.Axes.Where(axis => !axis.IsBatch).ToArray();
        Loop(scope, 0, [new Instance([])]);

        void Loop(LaneScope here, int depth, IReadOnlyList<Instance> instances)
        {
            if (depth == axes.Length)
            {
                var values = Print(here, body, instances);
                for (var i = 0; i < instances.Count; i++)
                {
                    var at = new Point((Subscript)0, axes.Select(axis => instances[i].Replace(axis)).ToEquatableArray());
                    here.Writer.Line(store(here, DenseLayout.Offset(type with { Batched = false }, at), values[i]));
                }
                return;
            }
            var axis = axes[depth];
            if (axis.Size == 1)
                Loop(here, depth + 1, instances);
            else if (axis == tile.Outer)
                Tiled(here, axis, tile.OuterCount, [(0, axis.Size)], (next, more) => Loop(next, depth + 1, Spread(instances, axis, more)));
            else if (axis == tile.Inner)
                Tiled(here, axis, tile.InnerCount, Segments(body, axis), (next, more) => Loop(next, depth + 1, Spread(instances, axis, more)));
            else
                Counted(here, axis, axis.Size, (next, at) => Loop(next, depth + 1, Spread(instances, axis, [at])));
        }
    }

    private static IReadOnlyList<Instance> Spread(IReadOnlyList<Instance> instances, Axis axis, IReadOnlyList<Subscript> places) =>
        [.. instances.SelectMany(instance => places.Select(at => instance.With(axis, at)))];

    // A range of an axis in tiles; a short range is printed place by place.
    private void Tiled(LaneScope scope, Axis axis, int count, IReadOnlyList<(int From, int To)> segments, Action<LaneScope, IReadOnlyList<Subscript>> body)
    {
        foreach (var (from, to) in segments)
        {
            var whole = (to - from) / count;
            if (whole > 1)
                Counted(scope, axis, whole, (inner, at) => body(inner, [.. Enumerable.Range(0, count).Select(i => at * count + (from + i))]));
            else if (whole == 1)
                Alone(scope, inner => body(inner, [.. Enumerable.Range(from, count).Select(i => (Subscript)i)]));
            var rest = from + whole * count;
            if (rest < to)
                Alone(scope, inner => body(inner, [.. Enumerable.Range(rest, to - rest).Select(i => (Subscript)i)]));
        }
    }

    private static void Alone(LaneScope scope, Action<LaneScope> body)
    {
        var inner = new SourceWriter(scope.Writer.Level + 1);
        body(scope.Inner(inner));
        scope.Writer.Line("{").Append(inner).Line("}");
    }

    private void Counted(LaneScope scope, Axis axis, int size, Action<LaneScope, Subscript> body) => Counted(scope, $"{size}", new Axis(axis.Name, size), body);

    private void Counted(LaneScope scope, string end, Axis counter, Action<LaneScope, Subscript> body, string start = "0", IReadOnlyList<string>? tests = null)
    {
        var name = scalars.Name(counter);
        var inner = new SourceWriter(scope.Writer.Level + 1 + (tests?.Count ?? 0));
        body(scope.Inner(inner, counter), counter);
        scope.Writer.Line($"for (var {name} = {start}; {name} < {end}; {name}++)");
        scope.Writer.Indented(() => Tests(scope.Writer, tests ?? [], 0, inner));
    }

    private static void Tests(SourceWriter writer, IReadOnlyList<string> tests, int depth, SourceWriter inner)
    {
        if (depth < tests.Count)
        {
            writer.Line(tests[depth]);
            writer.Indented(() => Tests(writer, tests, depth + 1, inner));
            return;
        }
        new SourceWriter(writer.Level - 1).Line("{").AppendTo(writer);
        writer.Append(inner);
        new SourceWriter(writer.Level - 1).Line("}").AppendTo(writer);
    }

    /// <summary>Parts of an axis within which the guards of the sums decide alike, except for a period: the borders, where taps fall outside, and what lies between.</summary>
    private static IReadOnlyList<(int From, int To)> Segments(Scalar body, Axis axis)
    {
        var conditions = new List<(Condition Condition, Axis[] Others)>();
        body.Visit(scalar =>
        {
            if (scalar is Scalar.Guard guard)
                conditions.AddRange(guard.Conditions.Where(c => c.Axes().Contains(axis)).Select(c => (c, c.Axes().Where(other => other != axis).Distinct().ToArray())));
        });
        if (conditions.Count == 0 || conditions.Any(c => c.Others.Any(other => other.Size > 64)))
            return [(0, axis.Size)];
        // For each place the answers of all conditions at all places of the other axes.
        var answers = Enumerable.Range(0, axis.Size).Select(place => string.Concat(conditions.SelectMany(c => Answers(c.Condition, axis, place, c.Others)))).ToArray();
        var (best, from) = (0, 0);
        foreach (var period in new[] { 1, 2, 4, 3 })
            for (var start = 0; start < axis.Size; start++)
            {
                var end = Math.Min(start + period, axis.Size);
                while (end < axis.Size && answers[end] == answers[end - period])
                    end++;
                if (end - start > best + period)
                    (best, from) = (end - start, start);
            }
        return [.. new[] { (0, from), (from, from + best), (from + best, axis.Size) }.Where(part => part.Item1 < part.Item2)];
    }

    private static IEnumerable<string> Answers(Condition condition, Axis axis, int place, IReadOnlyList<Axis> others)
    {
        IEnumerable<Condition> at = [condition.Substitute(a => a == axis ? place : (Subscript)a)];
        foreach (var other in others)
            at = at.SelectMany(c => Enumerable.Range(0, other.Size).Select(value => c.Substitute(a => a == other ? value : (Subscript)a)));
        return at.Select(c => c.Decided() switch { true => "1", false => "0", _ => "?" });
    }

    /// <summary>The expression for all outputs of a tile. What was computed in this scope or around it is not computed again.</summary>
    private LaneText[] Print(LaneScope scope, Scalar scalar, IReadOnlyList<Instance> instances)
    {
        var known = instances.Select(instance => scope.Find(scalar, instance)).ToArray();
        if (known.All(text => text is not null))
            return [.. known.Select(text => text!.Value)];
        var texts = Printed(scope, scalar, instances);
        for (var i = 0; i < texts.Length; i++)
            scope.Remember(scalar, instances[i], texts[i]);
        return texts;
    }

    private LaneText[] Printed(LaneScope scope, Scalar scalar, IReadOnlyList<Instance> instances) => scalar switch
    {
        Scalar.Literal literal => [.. instances.Select(_ => new LaneText(dialect.Number(literal.Value), LaneKind.Real, literal.Value >= 0))],
        Scalar.Position position => [.. instances.Select(i => new LaneText(scalars.Write(position.At.Substitute(i.Replace)), LaneKind.Integer, Atom: false))],
        Scalar.Samples => [.. instances.Select(_ => new LaneText("count", LaneKind.Integer))],
        Scalar.Load load => Named(scope, nameOf(load.Node), [.. instances.Select(i => Loaded(scope, load, i))]),
        Scalar.Apply apply => Applied(scope, apply, instances),
        Scalar.Guard guard => Guarded(scope, guard, instances),
        Scalar.Reduce reduce => Reduced(scope, reduce, instances),
        _ => throw new InvalidOperationException(),
    };

    // What several outputs share is loaded once; a number for all lanes is spread straight from memory where it is used.
    private LaneText[] Named(LaneScope scope, string prefix, LaneText[] texts)
    {
        var counts = texts.GroupBy(text => text.Code).ToDictionary(group => group.Key, group => group.Count());
        return [.. texts.Select(text => scope.Find(text.Code) is { } name ? text with { Code = name } : counts[text.Code] > 1 && text.PerLane ? Variable(scope, prefix, text) : text)];
    }

    private LaneText Variable(LaneScope scope, string prefix, LaneText text)
    {
        if (scope.Find(text.Code) is { } known)
            return text with { Code = known, Atom = true };
        var name = scalars.Fresh(prefix + "At");
        scope.Writer.Line($"var {name} = {text.Code};");
        scope.Remember(text.Code, name);
        return text with { Code = name, Atom = true };
    }

    private LaneText Loaded(LaneScope scope, Scalar.Load load, Instance instance)
    {
        var type = graph[load.Node].Type;
        var lanes = type.Batched && load.At.Sample is not null;
        var offset = DenseLayout.Offset(type with { Batched = false }, new Point(null, load.At.At.Select(at => at.Substitute(instance.Replace)).ToEquatableArray()));
        var place = Reference(scope, nameOf(load.Node), offset, lanes ? LaneSchedule.Lanes : 1);
        return (lanes, type.Type) switch
        {
            (true, DType.I32) => new(dialect.Load(place), LaneKind.Integers),
            (true, _) => new(dialect.Load(place), LaneKind.Reals),
            (false, DType.I32) => new(place, LaneKind.Integer),
            _ => new(place, LaneKind.Real),
        };
    }

    /// <summary>A place in memory as a reference to its moving part and a constant.</summary>
    public string Reference(LaneScope scope, string memory, Subscript offset, int scale)
    {
        var moving = offset - (int)offset.Constant;
        var constant = (int)offset.Constant * scale;
        var reference = memory;
        if (moving.Terms.Count > 0)
        {
            var text = scalars.Write(moving);
            var code = $"ref Unsafe.Add(ref {memory}, {(scale == 1 ? text : $"({text}) * {scale}")})";
            var home = scope.Of(moving.Axes);
            if (home.Find(code) is not { } name)
            {
                name = scalars.Fresh(memory + "At");
                home.Writer.Line($"ref var {name} = {code};");
                home.Remember(code, name);
            }
            reference = name;
        }
        return constant == 0 ? reference : $"Unsafe.Add(ref {reference}, {constant})";
    }

    private LaneText[] Applied(LaneScope scope, Scalar.Apply apply, IReadOnlyList<Instance> instances)
    {
        var arguments = apply.Arguments.Select(argument => Print(scope, argument, instances)).ToArray();
        // A product that is added at once is rounded once, as in the sums.
        return [.. instances.Select((_, i) => Shared(scope, apply, dialect.Apply(apply.Function, [.. arguments.Select(argument => argument[i])])))];
    }

    // An operand that stands in the expression several times is computed once; what is short stays where it is.
    private LaneText Shared(LaneScope scope, Scalar.Apply apply, LaneText text) => text.PerLane && text.Code.Length > 40 ? Variable(scope, apply.Function.ToString().ToLowerInvariant(), text) : text;

    private LaneText[] Guarded(LaneScope scope, Scalar.Guard guard, IReadOnlyList<Instance> instances)
    {
        var result = new LaneText[instances.Count];
        for (var i = 0; i < instances.Count; i++)
        {
            Instance[] one = [instances[i]];
            var conditions = guard.Conditions.Select(c => c.Substitute(instances[i].Replace)).ToArray();
            if (conditions.Any(c => c.Decided() == false))
                result[i] = Print(scope, guard.Outside, one)[0];
            else if (conditions.All(c => c.Decided() == true))
                result[i] = Print(scope, guard.Inside, one)[0];
            else
            {
                // What a guard excludes may not even be loaded: each side has its own branch.
                var name = scalars.Fresh("inside");
                LaneText Branch(Scalar side, SourceWriter lines)
                {
                    var text = dialect.Spread(Print(scope.Inner(lines), side, one)[0]);
                    lines.Line($"{name} = {text.Code};");
                    return text;
                }
                var (insideLines, outsideLines) = (new SourceWriter(scope.Writer.Level + 1), new SourceWriter(scope.Writer.Level + 1));
                var inside = Branch(guard.Inside, insideLines);
                Branch(guard.Outside, outsideLines);
                scope.Writer.Line($"{dialect.Type}<{(inside.Kind == LaneKind.Integers ? "int" : "float")}> {name};");
                scope.Writer.Line($"if ({string.Join(" && ", conditions.Where(c => c.Decided() is null).Select(scalars.Test))})").Line("{").Append(insideLines).Line("}");
                scope.Writer.Line("else").Line("{").Append(outsideLines).Line("}");
                result[i] = new(name, inside.Kind);
            }
        }
        return result;
    }

    private LaneText[] Reduced(LaneScope scope, Scalar.Reduce reduce, IReadOnlyList<Instance> instances)
    {
        // Outputs that differ only in axes that the sum does not know have the same sum.
        var free = reduce.FreeAxes();
        var keys = instances.Select(instance => new Instance(instance.Fixed.Where(f => free.Contains(f.Axis)).ToEquatableArray())).ToArray();
        var distinct = keys.Distinct().ToList();
        var sums = Accumulated(scope, reduce, distinct);
        return [.. keys.Select(key => sums[distinct.IndexOf(key)])];
    }

    private LaneText[] Accumulated(LaneScope scope, Scalar.Reduce reduce, IReadOnlyList<Instance> instances)
    {
        var perLane = PerLane(reduce.Body);
        var identity = reduce.Reducer == Reducer.Sum ? 0 : double.NegativeInfinity;
        var (conditions, body) = reduce.Body is Scalar.Guard { Outside: Scalar.Literal outside } guard && outside.Value.Equals(identity)
            ? (guard.Conditions.ToArray(), guard.Inside) : ([], reduce.Body);
        var names = instances.Select(_ => scalars.Fresh(reduce.Reducer switch { Reducer.Sum => "sum", Reducer.Max => "max", _ => "best" })).ToArray();
        var places = reduce.Reducer == Reducer.ArgMax ? instances.Select(_ => scalars.Fresh("at")).ToArray() : [];
        foreach (var name in names)
            scope.Writer.Line($"var {name} = {(perLane ? dialect.Spread(new(dialect.Number(identity), LaneKind.Real)).Code : dialect.Number(identity))};");
        foreach (var place in places)
            scope.Writer.Line($"var {place} = {(perLane ? $"{dialect.Type}<int>.Zero" : "0")};");

        // Conditions on fixed places are decided output by output; the rest bound or guard a loop.
        var fixedAxes = new HashSet<Axis>(instances.SelectMany(instance => instance.Fixed.Where(f => !IsCounter(f.At)).Select(f => f.Axis)));
        var axes = reduce.Axes.Where(axis => !axis.IsBatch).ToArray();
        var budget = Straight / Math.Max(1, instances.Count);
        var unrolled = new HashSet<Axis>();
        foreach (var axis in Enumerable.Reverse(axes))
            if (axis.Size > 1 && axis.Size <= Math.Min(budget, 11) && (conditions.Any(c => c.Axes().Contains(axis) && c.Axes().Any(fixedAxes.Contains)) || (axis == axes[^1] && axis.Size <= 7)))
            {
                unrolled.Add(axis);
                budget /= axis.Size;
            }
        bool IsLoop(Condition c) => c.Axes().Any(axes.Contains) && !c.Axes().Any(axis => fixedAxes.Contains(axis) || unrolled.Contains(axis));
        var (perOutput, perLoop) = (conditions.Where(c => !IsLoop(c)).ToArray(), conditions.Where(IsLoop).ToArray());
        Along(scope, 0, instances);
        return [.. instances.Select((_, i) => places.Length > 0 ? new LaneText(places[i], perLane ? LaneKind.Integers : LaneKind.Integer) : new(names[i], perLane ? LaneKind.Reals : LaneKind.Real))];

        void Along(LaneScope here, int depth, IReadOnlyList<Instance> now)
        {
            if (depth == axes.Length)
            {
                Add(here, now);
                return;
            }
            var axis = axes[depth];
            if (axis.Size == 1)
                Along(here, depth + 1, [.. now.Select(instance => instance.With(axis, 0))]);
            else if (unrolled.Contains(axis))
                for (var i = 0; i < axis.Size; i++)
                    Along(here, depth + 1, [.. now.Select(instance => instance.With(axis, i))]);
            else if (perOutput.Any(c => c.Axes().Contains(axis)))
                foreach (var (from, to) in Segments(new Scalar.Guard([.. perOutput.Select(c => Fixed(c, now))], body, body), axis))
                    if (to - from <= 4)
                        for (var i = from; i < to; i++)
                            Along(here, depth + 1, [.. now.Select(instance => instance.With(axis, i))]);
                    else
                        Counted(here, axis, to - from, (inner, at) => Along(inner, depth + 1, [.. now.Select(instance => instance.With(axis, at + from))]));
            else
            {
                // The conditions whose last loop this is, at the place of the outputs: all have the same there.
                var counter = new Axis(axis.Name, axis.Size);
                var tests = perLoop.Where(c => c.Axes().Contains(axis) && !axes.Skip(depth + 1).Any(c.Axes().Contains))
                    .Select(c => c.Substitute(a => a == axis ? (Subscript)counter : now[0].Replace(a))).ToList();
                var (start, end) = scalars.Range(counter, tests);
                Counted(here, end, counter, (inner, at) => Along(inner, depth + 1, [.. now.Select(instance => instance.With(axis, at))]), start, [.. tests.Select(test => $"if ({scalars.Test(test)})")]);
            }
        }

        // A condition at the places that all outputs have in common; those that differ are left as axes of their own range.
        Condition Fixed(Condition condition, IReadOnlyList<Instance> now) =>
            condition.Substitute(a => now.Select(instance => instance.Replace(a)).Distinct().ToArray() is [var one] ? one : a);

        void Add(LaneScope here, IReadOnlyList<Instance> now)
        {
            // Only the outputs whose guards hold here; what bounds cannot decide is tested.
            var taking = new List<(int Index, Instance Instance, string[] Tests)>();
            for (var i = 0; i < now.Count; i++)
            {
                var mine = perOutput.Select(c => c.Substitute(now[i].Replace)).ToArray();
                if (mine.All(c => c.Decided() != false))
                    taking.Add((i, now[i], [.. mine.Where(c => c.Decided() is null).Select(scalars.Test)]));
            }
            var open = taking.Where(t => t.Tests.Length == 0).ToArray();
            Step(here, [.. open.Select(t => t.Index)], [.. open.Select(t => t.Instance)]);
            foreach (var (index, instance, tests) in taking.Where(t => t.Tests.Length > 0))
            {
                var inner = new SourceWriter(here.Writer.Level + 1);
                Step(here.Inner(inner), [index], [instance]);
                here.Writer.Line($"if ({string.Join(" && ", tests)})").Line("{").Append(inner).Line("}");
            }
        }

        void Step(LaneScope here, int[] indices, Instance[] now)
        {
            if (now.Length == 0)
                return;
            if (reduce.Reducer == Reducer.Sum && perLane && body is Scalar.Apply { Function: Function.Multiply, Arguments: [var x, var z] })
            {
                var (left, right) = (Print(here, x, now), Print(here, z, now));
                for (var i = 0; i < now.Length; i++)
                {
                    // A factor that several outputs share is spread once, just before the first of them.
                    var (a, b) = (Factor(here, left[i], left), Factor(here, right[i], right));
                    here.Writer.Line($"{names[indices[i]]} = {dialect.MultiplyAdd(a, b, names[indices[i]])};");
                }
                return;
            }
            var values = Print(here, body, now);
            for (var i = 0; i < now.Length; i++)
            {
                var value = perLane ? dialect.Spread(values[i]) : values[i];
                var name = names[indices[i]];
                switch (reduce.Reducer)
                {
                    case Reducer.Sum:
                        here.Writer.Line($"{name} += {value.Code};");
                        break;
                    case Reducer.Max:
                        here.Writer.Line($"{name} = {dialect.Apply(Function.Max, [value, new(name, value.Kind)]).Code};");
                        break;
                    default:
                        var position = scalars.Write(reduce.Axes.Aggregate(Subscript.Zero, (flat, axis) => flat * axis.Size + now[i].Replace(axis)));
                        var candidate = Variable(here, "candidate", value).Code;
                        if (perLane)
                        {
                            var greater = scalars.Fresh("greater");
                            here.Writer.Line($"var {greater} = {dialect.Type}.GreaterThan({candidate}, {name});");
                            here.Writer.Line($"{places[indices[i]]} = {dialect.Type}.ConditionalSelect({greater}.AsInt32(), {dialect.Type}.Create({position}), {places[indices[i]]});");
                            here.Writer.Line($"{name} = {dialect.Type}.ConditionalSelect({greater}, {candidate}, {name});");
                        }
                        else
                            here.Writer.Line($"if ({candidate} > {name})").Line($"    ({name}, {places[indices[i]]}) = ({candidate}, {position});");
                        break;
                }
            }
        }
    }

    private static bool IsCounter(Subscript at) => at is { Constant: 0, Terms: [(Term.Of, 1)] };

    private string Factor(LaneScope scope, LaneText text, LaneText[] all)
    {
        if (text.PerLane)
            return text.Code;
        var spread = dialect.Spread(text);
        return all.Count(other => other.Code == text.Code) > 1 ? Variable(scope, "factor", spread).Code : spread.Code;
    }

    private bool PerLane(Scalar scalar)
    {
        var found = false;
        scalar.Visit(part => found |= part is Scalar.Load load && graph[load.Node].Type.Batched);
        return found;
    }
}
