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
        var at = new Point(null, load.At.At.Select(at => at.Substitute(instance.Replace)).ToEquatableArray());
        var lanes = IsPerLane(load);
        string place;
        if (channels is null)
            place = Reference(scope, nameOf(load.Node), DenseLayout.Offset(type with { Batched = false }, at), lanes ? LaneSchedule.Lanes : 1);
        else if (channels.Value.Nest.Packed is { } packed && packed.TryGetValue(load.Node, out var along))
            place = Reference(scope, nameOf(load.Node), ChannelLanes.Packed(type, at, along), 1);
        else
            place = Reference(scope, samples.TryGetValue(load.Node, out var name) ? name : nameOf(load.Node), ChannelLanes.Offset(type, at, channels.Value.Placements.Pitch(load.Node)), 1);
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
                scope.Writer.Line($"if ({string.Join(" && ", conditions.Where(c => c.Decided() is null).Select(scalars.Test))})").Line("{").Append(insideLines).Line("}");
                scope.Writer.Line("else").Line("{").Append(outsideLines).Line("}");
                result[i] = new(name, inside.Kind);
            }
        }
        return result;
    }

    private bool PerLane(Scalar scalar)
    {
        var found = false;
        scalar.Visit(part => found |= part is Scalar.Load load && IsPerLane(load));
        return found;
    }

    private bool IsPerLane(Scalar.Load load) =>
        channels is null ? graph[load.Node].Type.Batched && load.At.Sample is not null : load.At.At.Any(at => at.Axes.Any(laneAxes.Contains));

    /// <summary>From one sample to the next: data that the caller has row by row, or the run's own memory.</summary>
    public static string Pitch(TensorGraph graph, int id) => IsRaw(graph, id) ? $"{graph[id].Type.Elements}" : "pitch";

    /// <summary>Whether a value is read where the caller has it.</summary>
    public static bool IsRaw(TensorGraph graph, int id) => graph[id].Op is "input" or "target" && !ChannelLanes.IsTurned(graph[id].Type);
}
