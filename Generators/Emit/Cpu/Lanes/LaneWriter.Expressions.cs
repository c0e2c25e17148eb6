using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

// Expressions for all outputs of a tile: what is loaded, what is computed on it, and where a guard decides.
internal sealed partial class LaneWriter
{
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
        Scalar.Position position => [.. instances.Select(i => Positioned(scope, position, i))],
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
        var at = new Point(null, load.At.At.Select(at => at.Substitute(instance.Replace)).ToEquatableArray());
        var lanes = IsPerLane(load);
        string place;
        if (channels is null)
            place = Reference(scope, nameOf(load.Node), DenseLayout.Offset(type with { Batched = false }, at), lanes ? LaneSchedule.Lanes : 1);
        else if (channels.Value.Nest.Packed is { } packed && packed.TryGetValue(load.Node, out var along))
            place = Reference(scope, nameOf(load.Node), ChannelLanes.Packed(type, at, along), 1);
        else
            place = Reference(scope, samples.TryGetValue(load.Node, out var name) ? name : nameOf(load.Node), ChannelLanes.Offset(type, at, channels.Value.Schedule.Placements.Pitch(load.Node)), 1);
        var step = lanes && channels is not null ? laneAxes.Select(lane => ChannelLanes.Step(graph, load, lane)).FirstOrDefault(own => own != 0) : 1;
        return (lanes, type.Type) switch
        {
            (true, _) when step is 2 or ChannelLanes.Twice => new(dialect.LoadSpaced(place, isTwice: step != 2, type.Type == DType.I32), type.Type == DType.I32 ? LaneKind.Integers : LaneKind.Reals),
            (true, DType.I32) => new(dialect.Load(place), LaneKind.Integers),
            (true, _) => new(dialect.Load(place), LaneKind.Reals),
            (false, DType.I32) => new(place, LaneKind.Integer),
            _ => new(place, LaneKind.Real),
        };
    }

    private LaneText Positioned(LaneScope scope, Scalar.Position position, Instance instance)
    {
        var first = new LaneText(scalars.Write(position.At.Substitute(instance.Replace)), LaneKind.Integer, Atom: false);
        if (laneAxes.FirstOrDefault(position.At.Axes.Contains) is not { } lane)
            return first;
        var steps = ChannelLanes.Positions(position.At.Substitute(axis => axis == lane ? axis : instance.Replace(axis)), lane, instance.Replace(lane))!;
        // A half that begins elsewhere than its vector has the steps from there.
        string Create(int from, int count) => $"{dialect.Type}.Create({string.Join(", ", steps.Skip(from).Take(count))})";
        var all = !dialect.IsHalf ? Create(0, steps.Count) : dialect.Half is { } half ? $"{half} == 0 ? {Create(0, steps.Count / 2)} : {Create(steps.Count / 2, steps.Count / 2)}" : Create(0, steps.Count / 2);
        return new($"{dialect.Spread(first).Code} + {Variable(scope.Of([]), "steps", new(all, LaneKind.Integers)).Code}", LaneKind.Integers, Atom: false);
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
            var home = scope.Of(sample is not null && samples.ContainsValue(memory) ? moving.Axes.Concat([sample]) : moving.Axes);
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
        // Sums first: what is computed before them would have to wait in registers while they need all.
        var arguments = new LaneText[apply.Arguments.Count][];
        foreach (var k in Enumerable.Range(0, arguments.Length).OrderBy(k => Sums(apply.Arguments[k]) ? 0 : 1))
            arguments[k] = Print(scope, apply.Arguments[k], instances);
        // A product that is added at once is rounded once, as in the sums.
        return [.. instances.Select((_, i) => Shared(scope, apply, dialect.Apply(apply.Function, [.. arguments.Select(argument => argument[i])])))];
    }

    // An operand that stands in the expression several times is computed once; what is short stays where it is.
    private LaneText Shared(LaneScope scope, Scalar.Apply apply, LaneText text) => text.PerLane && text.Code.Length > 40 ? Variable(scope, apply.Function.ToString().ToLowerInvariant(), text) : text;

    // Whether lanes may be of several opinions on a condition.
    private bool DiffersByLane(Condition condition) => laneAxes.Any(lane => condition.Axes.Contains(lane) && !ChannelLanes.IsOfWhole(condition, lane));

    // What a condition says at all lanes of an output: all the same, or not, or bounds cannot tell.
    private bool? Answer(Condition condition, Instance instance) => Answer(condition.Substitute(instance.Replace), Reach(condition));

    // The places that a condition bounds, from the first lane's to the last's.
    private int Reach(Condition condition) => DiffersByLane(condition) ? (LaneSchedule.Lanes - 1) * StepOf(condition) + 1 : 1;

    private int StepOf(Condition condition) => ChannelLanes.Step(condition, laneAxes.First(condition.Axes.Contains))!.Value;

    // The lanes where a condition holds.
    private string Mask(LaneScope scope, Condition condition, Instance instance) =>
        condition.Substitute(instance.Replace) is Condition.InRange(var at, var size) ? Mask(scope, at, size, StepOf(condition)) : throw new InvalidOperationException();

    // The lanes whose places lie within a size, the first of which is at a place.
    private string Mask(LaneScope scope, Subscript at, int size, int step = 1)
    {
        var code = dialect.Inside(scalars.Write(at), size, step);
        var home = scope.Of(at.Axes);
        if (home.Find(code) is not { } name)
        {
            name = scalars.Fresh("within");
            home.Writer.Line($"var {name} = {code};");
            home.Remember(code, name);
        }
        return name;
    }

    private LaneText Chosen(string mask, LaneText inside, LaneText outside) => dialect.Chosen(mask, dialect.Spread(inside), dialect.Spread(outside));

    private LaneText[] Guarded(LaneScope scope, Scalar.Guard guard, IReadOnlyList<Instance> instances)
    {
        var result = new LaneText[instances.Count];
        for (var i = 0; i < instances.Count; i++)
        {
            Instance[] one = [instances[i]];
            var conditions = guard.Conditions.Select(c => c.Substitute(instances[i].Replace)).ToArray();
            var undecided = guard.Conditions.Where(c => Answer(c, instances[i]) is null).ToArray();
            if (guard.Conditions.Any(c => Answer(c, instances[i]) == false))
                result[i] = Print(scope, guard.Outside, one)[0];
            else if (undecided.Length == 0)
                result[i] = Print(scope, guard.Inside, one)[0];
            else if (undecided.All(DiffersByLane))
                result[i] = undecided.Aggregate(Print(scope, guard.Inside, one)[0], (inside, c) => Chosen(Mask(scope, c, instances[i]), inside, Print(scope, guard.Outside, one)[0]));
            else if (undecided.Any(DiffersByLane))
                result[i] = Guarded(scope, new([.. undecided.Where(c => !DiffersByLane(c))], new Scalar.Guard([.. undecided.Where(DiffersByLane)], guard.Inside, guard.Outside), guard.Outside), one)[0];
            else
            {
                // What a guard excludes may not even be loaded: each side has its own branch.
                var name = scalars.Fresh("inside");
                var spreads = channels is null || PerLane(guard);
                LaneText Branch(Scalar side, SourceWriter lines)
                {
                    var text = Print(scope.Inner(lines), side, one)[0];
                    text = spreads ? dialect.Spread(text) : text;
                    lines.Line($"{name} = {text.Code};");
                    return text;
                }
                var (insideLines, outsideLines) = (new SourceWriter(scope.Writer.Level + 1), new SourceWriter(scope.Writer.Level + 1));
                var inside = Branch(guard.Inside, insideLines);
                Branch(guard.Outside, outsideLines);
                var element = inside.Kind switch { LaneKind.Integers or LaneKind.Integer => "int", LaneKind.Truth => "bool", _ => "float" };
                scope.Writer.Line($"{(spreads ? $"{dialect.Type}<{element}>" : element)} {name};");
                scope.Writer.Line($"if ({string.Join(" && ", conditions.Where(c => c.Decided is null).Select(scalars.Test))})").Line("{").Append(insideLines).Line("}");
                scope.Writer.Line("else").Line("{").Append(outsideLines).Line("}");
                result[i] = new(name, inside.Kind);
            }
        }
        return result;
    }

    private bool PerLane(Scalar scalar)
    {
        var found = false;
        scalar.Visit(part => found |= part is Scalar.Load load && IsPerLane(load) || part is Scalar.Position position && position.At.Axes.Any(laneAxes.Contains) || part is Scalar.Guard guard && guard.Conditions.Any(DiffersByLane));
        return found;
    }

    private bool IsPerLane(Scalar.Load load) =>
        channels is null ? graph[load.Node].Type.Batched && load.At.Sample is not null : load.At.At.Any(at => at.Axes.Any(laneAxes.Contains));

}
