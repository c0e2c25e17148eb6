using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

// Sums and maxima with one accumulator for each output of a tile.
internal sealed partial class LaneWriter
{
    /// <summary>Sums that a long one is taken in: an addition has a latency of four clocks, and two begin in each.</summary>
    private const int Chains = 4;

    /// <summary>Places of a window that are looked at one after the other without a loop.</summary>
    private const int Window = 9;

    private readonly Dictionary<Scalar, bool> sums = [];

    // By the variable of a position, that of the maximum which is there.
    private readonly Dictionary<string, string> maxima = [];

    private bool Sums(Scalar scalar)
    {
        if (!sums.TryGetValue(scalar, out var found))
            sums[scalar] = found = scalar is Scalar.Reduce || scalar.Parts().Any(Sums);
        return found;
    }

    private LaneText[] Reduced(LaneScope scope, Scalar.Reduce reduce, IReadOnlyList<Instance> instances)
    {
        // Outputs that differ only in axes that the sum does not know have the same sum.
        var keys = Keys(reduce, instances);
        var distinct = keys.Distinct().ToList();
        var sums = Accumulated(scope, reduce, distinct);
        return [.. keys.Select(key => sums[distinct.IndexOf(key)])];
    }

    private LaneText[] Accumulated(LaneScope scope, Scalar.Reduce reduce, IReadOnlyList<Instance> instances)
    {
        var across = channels is not null && !PerLane(reduce.Body) ? ChannelLanes.Across(graph, reduce) : null;
        if (across is null && Summand(reduce, instances) is { } summands)
            return Print(scope, summands.Of, summands.At);
        // The lanes of the last vector along that axis that are no others' places.
        Condition[] own = [];
        // Along an axis of its own a sum takes both halves of each sixteen side by side.
        var (outer, halves) = (dialect, across is not null && dialect.IsHalf ? 2 : 1);
        if (across is not null)
        {
            laneAxes.Add(across);
            dialect = dialect with { Half = null };
        }
        var perLane = PerLane(reduce.Body);
        var identity = reduce.Reducer == Reducer.Sum ? 0 : double.NegativeInfinity;
        var (conditions, body) = reduce.Body is Scalar.Guard { Outside: Scalar.Literal outside } guard && outside.Value.Equals(identity)
            ? (guard.Conditions.ToArray(), guard.Inside) : ([], reduce.Body);
        var axes = reduce.Axes.Where(axis => channels is not null || !axis.IsBatch).ToArray();
        // A long sum with few outputs would wait for each addition before it begins the next: neighbours along its innermost axis have sums of their own, which are added at the end.
        var chained = reduce.Reducer == Reducer.Sum && perLane && SumsOfATile() <= 2
            && axes.LastOrDefault(axis => axis.Size > 1) is { IsBatch: false, Size: >= 2 * Chains } last && last != across && !conditions.Any(c => c.Axes.Contains(last)) ? last : null;
        var names = Enumerable.Range(0, instances.Count * halves * (chained is null ? 1 : Chains)).Select(_ => scalars.Fresh(reduce.Reducer switch { Reducer.Sum => "sum", Reducer.Max => "max", _ => "best" })).ToArray();
        var places = reduce.Reducer == Reducer.ArgMax ? instances.Select(_ => scalars.Fresh("at")).ToArray() : [];
        foreach (var name in names)
            scope.Writer.Line($"var {name} = {(perLane ? dialect.Spread(new(dialect.Number(identity), LaneKind.Real)).Code : dialect.Number(identity))};");
        for (var i = 0; i < places.Length; i++)
            maxima[places[i]] = names[i];
        foreach (var place in places)
            scope.Writer.Line($"var {place} = {(perLane ? $"{dialect.Type}<int>.Zero" : "0")};");

        // Conditions on fixed places are decided output by output; the rest bound or guard a loop.
        var fixedAxes = new HashSet<Axis>(instances.SelectMany(instance => instance.Fixed.Where(f => !IsCounter(f.At)).Select(f => f.Axis)));
        var budget = Straight / Math.Max(1, instances.Count);
        var unrolled = new HashSet<Axis>();
        // A window of few places needs no loop: a maximum has little to do at each.
        var window = reduce.Reducer == Reducer.Sum ? 1 : Window;
        foreach (var axis in Enumerable.Reverse(axes))
        {
            window /= axis.Size;
            if (axis.Size > 1 && axis != across && axis != chained && axis.Size <= Math.Min(budget, 11)
                && (conditions.Any(c => c.Axes.Contains(axis) && c.Axes.Any(fixedAxes.Contains)) || (axis == axes[^1] && axis.Size <= 7) || window > 0))
            {
                unrolled.Add(axis);
                budget /= axis.Size;
            }
        }
        bool IsLoop(Condition c) => !DiffersByLane(c) && c.Axes.Any(axes.Contains) && !c.Axes.Any(axis => fixedAxes.Contains(axis) || unrolled.Contains(axis));
        var (perOutput, perLoop) = (conditions.Where(c => !IsLoop(c)).ToArray(), conditions.Where(IsLoop).ToArray());
        Along(scope, 0, instances);
        var step = instances.Count * halves;
        for (var i = 0; chained is not null && i < step; i++)
            scope.Writer.Line($"{names[i]} = ({names[i]} + {names[step + i]}) + ({names[2 * step + i]} + {names[3 * step + i]});");
        if (across is not null)
        {
            laneAxes.Remove(across);
            dialect = outer;
            return halves == 1 ? [.. names.Take(instances.Count).Select(name => new LaneText($"LaneSums.SumLanes({name})", LaneKind.Real))]
                : [.. Enumerable.Range(0, instances.Count).Select(i => new LaneText($"LaneSums.SumLanes({names[i]}) + LaneSums.SumLanes({names[instances.Count + i]})", LaneKind.Real, Atom: false))];
        }
        return [.. instances.Select((_, i) => places.Length > 0 ? new LaneText(places[i], perLane ? LaneKind.Integers : LaneKind.Integer) : new(names[i], perLane ? LaneKind.Reals : LaneKind.Real))];

        // The sums of a whole tile. Where fewer are left over they have one each too, or they would be taken in another order where tiles are smaller.
        int SumsOfATile()
        {
            var free = reduce.FreeAxes();
            int Of(Axis? axis, int count) => axis is not null && free.Contains(axis) ? count : 1;
            return phases * Of(whole.Outer, whole.OuterCount) * Of(whole.Inner, whole.InnerCount);
        }

        void Along(LaneScope here, int depth, IReadOnlyList<Instance> now)
        {
            if (depth == axes.Length)
            {
                Add(here, now);
                return;
            }
            var axis = axes[depth];
            if (axis.IsBatch)
                AlongSamples(here, axis, inner => Along(inner, depth + 1, now));
            else if (axis == across)
            {
                IReadOnlyList<Instance> From(Subscript start) => [.. Enumerable.Range(0, halves).SelectMany(half => now.Select(instance => instance.With(axis, start + half * (LaneSchedule.Lanes / 2))))];
                var whole = axis.Size / LaneSchedule.Lanes;
                foreach (var (from, to) in whole == 0 ? [] : Segments(new Scalar.Guard([.. perOutput.Select(c => Fixed(c, now))], body, body), axis, [.. Enumerable.Range(0, whole).Select(vector => vector * LaneSchedule.Lanes)]))
                    if (to - from == 1 || (to - from) * now.Count * halves <= Straight / 2)
                        for (var vector = from; vector < to; vector++)
                            Along(here, depth + 1, From(vector * LaneSchedule.Lanes));
                    else
                        Counted(here, axis, to - from, (inner, at) => Along(inner, depth + 1, From((at + from) * LaneSchedule.Lanes)));
                if (axis.Size % LaneSchedule.Lanes is > 0 and var rest)
                {
                    own = [new Condition.InRange((Subscript)axis - whole * LaneSchedule.Lanes, rest)];
                    Along(here, depth + 1, From(ChannelLanes.Start(axis, whole)));
                    own = [];
                }
            }
            else if (axis == chained)
            {
                Counted(here, axis, axis.Size / Chains, (inner, at) => Along(inner, depth + 1, [.. Enumerable.Range(0, Chains).SelectMany(chain => now.Select(instance => instance.With(axis, at * Chains + chain)))]));
                for (var i = axis.Size / Chains * Chains; i < axis.Size; i++)
                    Along(here, depth + 1, [.. now.Select(instance => instance.With(axis, i))]);
            }
            else if (axis.Size == 1)
                Along(here, depth + 1, [.. now.Select(instance => instance.With(axis, 0))]);
            else if (unrolled.Contains(axis))
                for (var i = 0; i < axis.Size; i++)
                    Along(here, depth + 1, [.. now.Select(instance => instance.With(axis, i))]);
            else if (perOutput.Any(c => c.Axes.Contains(axis)))
                foreach (var (from, to) in Segments(new Scalar.Guard([.. perOutput.Select(c => Fixed(c, now))], body, body), axis, [.. Enumerable.Range(0, axis.Size)]))
                    if (to - from <= 4)
                        for (var i = from; i < to; i++)
                            Along(here, depth + 1, [.. now.Select(instance => instance.With(axis, i))]);
                    else
                        Counted(here, axis, to - from, (inner, at) => Along(inner, depth + 1, [.. now.Select(instance => instance.With(axis, at + from))]));
            else
            {
                // The conditions whose last loop this is, at the place of the outputs: all have the same there.
                var counter = new Axis(axis.Name, axis.Size);
                var tests = perLoop.Where(c => c.Axes.Contains(axis) && !axes.Skip(depth + 1).Any(c.Axes.Contains))
                    .Select(c => c.Substitute(a => a == axis ? (Subscript)counter : now[0].Replace(a))).ToList();
                var (start, end) = scalars.Range(counter, tests);
                Counted(here, end, counter, (inner, at) => Along(inner, depth + 1, [.. now.Select(instance => instance.With(axis, at))]), start, [.. tests.Select(test => $"if ({scalars.Test(test)})")]);
            }
        }

        // Each sample in its order, with references to its own values.
        void AlongSamples(LaneScope here, Axis axis, Action<LaneScope> next)
        {
            var counter = new Axis(axis.Name, Axis.Batch);
            Counted(here, "count", counter, (inner, _) =>
            {
                foreach (var id in channels!.Value.Nest.Nest.Loads().Where(id => graph[id].Type.Batched))
                {
                    samples[id] = scalars.Fresh(nameOf(id) + "Sample");
                    inner.Writer.Line($"ref var {samples[id]} = ref Unsafe.Add(ref {nameOf(id)}, {scalars.Name(counter)} * {(channels.Value.Schedule.IsRaw(id) ? $"{graph[id].Type.Elements}" : "pitch")});");
                }
                sample = counter;
                next(inner);
                sample = null;
                samples.Clear();
            });
        }

        // A condition at the places that all outputs have in common; those that differ are left as axes of their own range.
        Condition Fixed(Condition condition, IReadOnlyList<Instance> now) =>
            condition.Substitute(a => now.Select(instance => instance.Replace(a)).Distinct().ToArray() is [var one] ? one : a);

        void Add(LaneScope here, IReadOnlyList<Instance> now)
        {
            // Only the outputs whose guards hold here; what bounds cannot decide is tested, or told lane by lane.
            var taking = new List<(int Index, Instance Instance, string[] Tests, Condition[] Masks)>();
            for (var i = 0; i < now.Count; i++)
            {
                var mine = perOutput.Concat(own).Where(c => Answer(c, now[i]) is null).ToArray();
                if (perOutput.Concat(own).All(c => Answer(c, now[i]) != false))
                    taking.Add((i, now[i], [.. mine.Where(c => !DiffersByLane(c)).Select(c => scalars.Test(c.Substitute(now[i].Replace)))], [.. mine.Where(DiffersByLane)]));
            }
            foreach (var alike in taking.GroupBy(t => string.Join(" && ", t.Tests)).OrderBy(group => group.Key.Length > 0))
                if (alike.Key.Length == 0)
                    Step(here, [.. alike.Select(t => t.Index)], [.. alike.Select(t => t.Instance)], [.. alike.Select(t => t.Masks)]);
                else
                {
                    var inner = new SourceWriter(here.Writer.Level + 1);
                    Step(here.Inner(inner), [.. alike.Select(t => t.Index)], [.. alike.Select(t => t.Instance)], [.. alike.Select(t => t.Masks)]);
                    here.Writer.Line($"if ({alike.Key})").Line("{").Append(inner).Line("}");
                }
        }

        void Step(LaneScope here, int[] indices, Instance[] now, Condition[][] masks)
        {
            if (now.Length == 0)
                return;
            if (reduce.Reducer == Reducer.Sum && perLane && body is Scalar.Apply { Function: Function.Multiply, Arguments: [var x, var z] } && masks.SelectMany(own => own).All(mask => Takes(x, mask) || Takes(z, mask)))
            {
                // The factor of which there are fewer is loaded first; each of the other comes just before the outputs that share it, and its register is free after them.
                var (early, late) = Keys(x, now).Distinct().Count() <= Keys(z, now).Distinct().Count() ? (x, z) : (z, x);
                var first = Inside(here, early, Print(here, early, now), now, masks);
                var spread = new Dictionary<string, string>();
                foreach (var group in Keys(late, now).Select((key, i) => (key, i)).GroupBy(pair => pair.key, pair => pair.i))
                {
                    int[] members = [.. group];
                    var second = Inside(here, late, Print(here, late, [.. members.Select(i => now[i])]), [.. members.Select(i => now[i])], [.. members.Select(i => masks[i])]);
                    for (var k = 0; k < members.Length; k++)
                    {
                        var i = members[k];
                        var (a, b) = (Factor(here, first[i], Count(first, first[i]), spread), Factor(here, second[k], members.Length, spread));
                        here.Writer.Line($"{names[indices[i]]} = {(early == x ? dialect.MultiplyAdd(a, b, names[indices[i]]) : dialect.MultiplyAdd(b, a, names[indices[i]]))};");
                    }
                }
                return;
            }
            var values = Print(here, body, now);
            for (var i = 0; i < now.Length; i++)
            {
                var value = perLane ? dialect.Spread(values[i]) : values[i];
                foreach (var mask in masks[i])
                    value = Chosen(Mask(here, mask, now[i]), value, dialect.Spread(new(dialect.Number(identity), LaneKind.Real)));
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
                            here.Writer.Line($"{name} = {dialect.Apply(Function.Max, [new(candidate, value.Kind), new(name, value.Kind)]).Code};");
                        }
                        else
                            here.Writer.Line($"if ({candidate} > {name})").Line($"    ({name}, {places[indices[i]]}) = ({candidate}, {position});");
                        break;
                }
            }
        }
    }

    // The summand of each sum where it has only one: what windows that lie side by side, or a stride, leave of a few places.
    private (Scalar Of, Instance[] At)? Summand(Scalar.Reduce reduce, IReadOnlyList<Instance> instances)
    {
        if (reduce is not { Reducer: Reducer.Sum, Body: Scalar.Guard { Outside: Scalar.Literal { Value: 0 } } guard } || reduce.Axes.Any(axis => axis.IsBatch) || reduce.Axes.Aggregate(1L, (places, axis) => places * axis.Size) > Window)
            return null;
        var at = new Instance[instances.Count];
        for (var i = 0; i < at.Length; i++)
        {
            var places = reduce.Axes.Aggregate((IEnumerable<Instance>)[instances[i]], (all, axis) => all.SelectMany(one => Enumerable.Range(0, axis.Size).Select(place => one.With(axis, place))))
                .Select(place => (Place: place, Answers: guard.Conditions.Select(condition => Answer(condition, place)).ToArray())).Where(p => !p.Answers.Contains(false)).ToArray();
            if (places is not [var only] || only.Answers.Contains(null))
                return null;
            at[i] = only.Place;
        }
        return (guard.Inside, at);
    }

    // Factors of a sum in the lanes that take part; in all others they are 0, as those of a padded map would be. The factor that moves with what a condition bounds is outside, the other has numbers of its own
    // there, unless the row ends within the vector.
    private LaneText[] Inside(LaneScope scope, Scalar factor, LaneText[] texts, IReadOnlyList<Instance> instances, IReadOnlyList<Condition[]> masks) =>
        [.. texts.Select((text, i) => masks[i].Where(mask => Takes(factor, mask)).Aggregate(text, (inside, mask) => Variable(scope, "inside", new($"{dialect.Spread(inside).Code} & {Mask(scope, mask, instances[i])}", LaneKind.Reals))))];

    private bool Takes(Scalar factor, Condition mask)
    {
        var free = factor.FreeAxes();
        return PerLane(factor) && (mask.Axes.All(free.Contains) || laneAxes.Any(lane => lane.Size < LaneSchedule.Lanes));
    }

    private static bool IsCounter(Subscript at) => at is { Constant: 0, Terms: [(Term.Of, 1)] };

    // A number that several outputs of a step share is spread once, just before the first of them, and not kept for the next step: it is as quickly spread again.
    private string Factor(LaneScope scope, LaneText text, int uses, Dictionary<string, string> spread)
    {
        if (text.PerLane)
            return text.Code;
        var vector = dialect.Spread(text).Code;
        if (uses <= 1)
            return vector;
        if (!spread.TryGetValue(vector, out var name))
        {
            spread[vector] = name = scalars.Fresh("factor");
            scope.Writer.Line($"var {name} = {vector};");
        }
        return name;
    }

    private static int Count(LaneText[] all, LaneText text) => all.Count(other => other.Code == text.Code);

    // What of an output an expression depends on.
    private static Instance[] Keys(Scalar scalar, IReadOnlyList<Instance> instances)
    {
        var free = scalar.FreeAxes();
        return [.. instances.Select(instance => new Instance(instance.Fixed.Where(f => free.Contains(f.Axis)).ToEquatableArray()))];
    }
}
