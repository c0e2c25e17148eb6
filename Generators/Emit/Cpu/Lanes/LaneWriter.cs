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
/// <param name="whole">The tile of whole vectors: a sum is taken in the same order in whatever tiles it is.</param>
/// <param name="channels">The nest, where it runs sample by sample, and the program that it is of; null where samples are in lanes.</param>
internal sealed partial class LaneWriter(TensorGraph graph, LaneDialect dialect, Func<int, string> nameOf, ScalarWriter scalars, Tile whole, (LaneNest Nest, LaneSchedule Schedule)? channels = null)
{
    /// <summary>Products that one straight piece of code may hold: beyond it the compiler's tables fill up.</summary>
    private const int Straight = 200;

    /// <summary>Outputs that phases of a stride may make in one turn of a loop.</summary>
    private const int Together = 16;

    private LaneDialect dialect = dialect;

    // Outputs that differ in the phase of a stride and are computed side by side.
    private int phases = 1;

    // With channels in lanes: the axes that a vector runs along, the nest's own and that of a sum being taken; and the references to the sample that a sum over samples is at.
    private readonly HashSet<Axis> laneAxes = channels?.Nest.Lane is { } own ? [own] : [];
    private readonly Dictionary<int, string> samples = [];
    private Axis? sample;

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

    /// <summary>Loops over the outputs of the nest; <paramref name="store"/> gets each output's node, point and value.</summary>
    /// <param name="scope">Where the loops go.</param>
    /// <param name="scheduled">The nest.</param>
    /// <param name="body">The expression of an output.</param>
    /// <param name="store">Stores an output at its place.</param>
    /// <param name="isSliced">Whether the outermost loop runs from `first` to `last`.</param>
    /// <returns>The turns of the outermost loop.</returns>
    public int Outputs(LaneScope scope, LaneNest scheduled, Scalar body, Func<LaneScope, int, Subscript, LaneText, string> store, bool isSliced = false)
    {
        phases = 1;
        var (nest, tile) = (scheduled.Nest, scheduled.Tile);
        var type = graph[nest.Node].Type;
        var axes = nest.Axes.Where(axis => !axis.IsBatch).ToArray();
        var turns = 1;
        // Phases of a sum without products load the same: a cotangent and where its maximum was.
        var isShared = Tiling.Products(body) is null;
        // A function on a sum of products has a loop of its own along the last axis, where the sums lie in the meantime.
        var (row, steps) = (Array.FindLastIndex(axes, axis => Places(axis) > 1), scheduled.Form is LaneForm.Lanes or LaneForm.Sample ? Functions.Split(nest) : null);
        var (kept, totals) = (scheduled.Total?.Axes.Count ?? -1, new Dictionary<EquatableArray<Subscript>, string>());
        if (isSliced && !axes.Any(axis => Places(axis) > 1))
            Braced(scope, "if (first < last)", inner => Loop(inner, 0, [new Instance([])]));
        else
            Loop(scope, 0, [new Instance([])]);
        return turns;

        // A sum over samples goes there with its lanes innermost, whatever its own order.
        Subscript ResultOffset(int id, Point at) => channels is null ? DenseLayout.Offset(type with { Batched = false }, at)
            : type.Batched ? ChannelLanes.Offset(type, at, channels.Value.Schedule.Placements.Pitch(id))
            : scheduled.Lane is not null ? ChannelLanes.Turned(type, at, scheduled.LaneIndex) : DenseLayout.Offset(type, at);

        int Places(Axis axis) => axis == scheduled.Lane ? ChannelLanes.Vectors(axis) : axis.Size;

        void Loop(LaneScope here, int depth, IReadOnlyList<Instance> instances)
        {
            if (depth == kept && scheduled.Total is { } total && totals.Count == 0)
            {
                Summed(here, total, instances);
                return;
            }
            if (steps is var (sum, function) && depth == Math.Max(0, row))
            {
                var (whole, sums) = (steps, tile);
                (steps, body) = (null, sum);
                Loop(here, depth, instances);
                (body, tile) = (function, Tile.Single);
                Loop(here, depth, instances);
                (steps, tile) = (whole, sums);
                return;
            }
            if (depth == axes.Length)
            {
                var values = Print(here, body, instances);
                if (totals.Count > 0)
                    values = Added(here, instances, values);
                if (scheduled.Maximum is { } maximum)
                    Stored(here, maximum.Node, instances, [.. values.Select(value => new LaneText(maxima[value.Code], LaneKind.Reals))]);
                Stored(here, nest.Node, instances, values);
                return;
            }
            var axis = axes[depth];
            if (axis.Size == 1)
            {
                Loop(here, depth + 1, instances);
                return;
            }
            if (isSliced && Places(axis) > 1)
            {
                isSliced = false;
                Sliced(here, axis, (next, more) => Loop(next, depth + 1, Spread(instances, axis, more)));
                return;
            }
            if (axis == scheduled.Lane)
            {
                AlongLanes(here, axis, (next, more) => Loop(next, depth + 1, Spread(instances, axis, more)));
                return;
            }
            // Where a stride decides which taps there are, each of its phases has a loop of its own, and no test is left.
            var period = Period(body, axis);
            if (isShared && axis != tile.Outer && axis != tile.Inner && period > 1 && axis.Size % period == 0 && instances.Count * period <= Together)
            {
                phases *= period;
                Counted(here, axis, axis.Size / period, (next, at) => Loop(next, depth + 1, Spread(instances, axis, [.. Enumerable.Range(0, period).Select(phase => at * period + phase)])));
                return;
            }
            for (var phase = 0; phase < period; phase++)
            {
                var (own, places) = (phase, (axis.Size - phase + period - 1) / period);
                Subscript Place(Subscript i) => i * period + own;
                void Next(LaneScope next, IReadOnlyList<Subscript> more) => Loop(next, depth + 1, Spread(instances, axis, [.. more.Select(Place)]));
                if (axis == tile.Outer)
                    Tiled(here, axis, tile.OuterCount, [(0, places)], Next);
                else if (axis == tile.Inner)
                    // A tile that holds the whole axis knows each output's place: its guards are decided one by one.
                    Tiled(here, axis, tile.InnerCount, places <= tile.InnerCount ? [(0, places)] : Filled(Segments(body, axis, [.. Enumerable.Range(0, places).Select(i => i * period + own)]), tile.InnerCount), Next);
                else if (places == 1)
                    Next(here, [0]);
                else
                    Counted(here, axis, places, (next, at) => Next(next, [at]));
            }
        }

        // Vectors in tiles: those at a row's ends, where lanes are of several opinions or begin before the end of the vector before, apart from those between.
        void AlongLanes(LaneScope here, Axis axis, Action<LaneScope, IReadOnlyList<Subscript>> next)
        {
            var (count, vectors, whole) = (axis == tile.Outer ? tile.OuterCount : axis == tile.Inner ? tile.InnerCount : 1, Places(axis), axis.Size / LaneSchedule.Lanes);
            var segments = vectors <= count ? [(0, vectors)] : Segments(body, axis, [.. Enumerable.Range(0, whole).Select(vector => vector * LaneSchedule.Lanes)]);
            // A loop knows no vector's place, so that none of it may be the last one, which begins elsewhere.
            if (vectors > count && vectors > whole)
                segments = [.. segments, (whole, vectors)];
            Tiled(here, axis, count, count > 1 && vectors > count ? Filled(segments, count) : segments, (inner, more) =>
                next(inner, [.. more.Select(vector => vector.Terms.Count == 0 ? ChannelLanes.Start(axis, (int)vector.Constant) : vector * LaneSchedule.Lanes)]));
        }

        // The loops over what a total sums, between its zeros and its places.
        void Summed(LaneScope here, Nest total, IReadOnlyList<Instance> instances)
        {
            foreach (var instance in instances)
            {
                totals[Kept(instance)] = scalars.Fresh("total");
                here.Writer.Line($"var {totals[Kept(instance)]} = {dialect.Zero};");
            }
            Loop(here, kept, instances);
            foreach (var instance in instances)
                here.Writer.Line(store(here, total.Node, TotalOffset(total.Node, Kept(instance)), new LaneText(totals[Kept(instance)], LaneKind.Reals)));
            totals.Clear();
        }

        LaneText[] Added(LaneScope here, IReadOnlyList<Instance> instances, LaneText[] values)
        {
            LaneText[] named = [.. values.Select(value => value.PerLane && value.Code.All(c => char.IsLetterOrDigit(c) || c == '_') ? value : Variable(here, "value", dialect.Spread(value)))];
            for (var i = 0; i < named.Length; i++)
                here.Writer.Line($"{totals[Kept(instances[i])]} += {named[i].Code};");
            return named;
        }

        EquatableArray<Subscript> Kept(Instance instance) => axes.Take(kept).Select(axis => instance.Replace(axis)).ToEquatableArray();

        Subscript TotalOffset(int id, EquatableArray<Subscript> at) => DenseLayout.Offset(graph[id].Type, new Point(null, at));

        void Stored(LaneScope here, int id, IReadOnlyList<Instance> instances, IReadOnlyList<LaneText> values)
        {
            for (var i = 0; i < instances.Count; i++)
            {
                var offset = ResultOffset(id, new Point((Subscript)0, axes.Select(axis => instances[i].Replace(axis)).ToEquatableArray()));
                var value = values[i];
                if (Own(here, instances[i]) is { } own)
                    value = Chosen(own, value, new(dialect.Load(Reference(here, nameOf(id), offset, 1)), dialect.Spread(value).Kind));
                here.Writer.Line(store(here, id, offset, value));
            }
        }

        // The lanes that a vector may store, where it reaches beyond its row; and in a nest of two steps, where it begins before the vector before has ended: the second step must not be taken twice.
        string? Own(LaneScope here, Instance instance) => scheduled is not { Form: LaneForm.Sample, Lane: { } lane } ? null
            : lane.Size < LaneSchedule.Lanes ? Mask(here, 0, lane.Size)
            : lane.Size % LaneSchedule.Lanes is > 0 and var rest && steps is null && Functions.Split(nest) is not null && instance.Replace(lane) == (Subscript)(lane.Size - LaneSchedule.Lanes) ? Mask(here, rest - LaneSchedule.Lanes, LaneSchedule.Lanes)
            : null;

        // Tiles of the outermost axis from `first` to `last`; what is left over goes with the last of them.
        void Sliced(LaneScope here, Axis axis, Action<LaneScope, IReadOnlyList<Subscript>> next)
        {
            var (count, step) = (axis == tile.Outer ? tile.OuterCount : axis == tile.Inner ? tile.InnerCount : 1, axis == scheduled.Lane ? LaneSchedule.Lanes : 1);
            turns = Math.Max(1, Places(axis) / count);
            Counted(here, "last", new Axis(axis.Name, turns), (inner, at) => next(inner, [.. Enumerable.Range(0, count).Select(i => (at * count + i) * step)]), "first");
            var rest = Places(axis) - turns * count;
            if (rest > 0)
                Braced(here, $"if (first < last && last == {turns})", inner => next(inner, [.. Enumerable.Range(turns * count, rest).Select(i => (Subscript)(i * step))]));
        }
    }

    private static void Braced(LaneScope scope, string header, Action<LaneScope> body)
    {
        var inner = new SourceWriter(scope.Writer.Level + 1);
        body(scope.Inner(inner));
        scope.Writer.Line(header).Line("{").Append(inner).Line("}");
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

    // The least common multiple of the strides that conditions on an axis name.
    private static int Period(Scalar body, Axis axis)
    {
        var period = 1;
        body.Visit(scalar =>
        {
            if (scalar is Scalar.Guard guard)
                foreach (var divisible in guard.Conditions.OfType<Condition.Divisible>().Where(condition => condition.At.Axes.Contains(axis)))
                    period = Enumerable.Range(1, divisible.Divisor).Select(k => k * period).First(multiple => multiple % divisible.Divisor == 0);
        });
        return period <= 8 ? period : 1;
    }

    /// <summary>Parts of an axis, as positions in a list of its places, within which the guards of the sums decide alike: the borders, where taps fall outside, and what lies between.</summary>
    private IReadOnlyList<(int From, int To)> Segments(Scalar body, Axis axis, IReadOnlyList<int> places)
    {
        var conditions = new List<(Condition Condition, Axis[] Others)>();
        body.Visit(scalar =>
        {
            if (scalar is Scalar.Guard guard)
                conditions.AddRange(guard.Conditions.Where(c => c.Axes.Contains(axis)).Select(c => (c, c.Axes.Where(other => other != axis).Distinct().ToArray())));
        });
        if (conditions.Count == 0 || conditions.Any(c => c.Others.Any(other => other.Size > 64)))
            return [(0, places.Count)];
        // For each place the answers of all conditions at all places of the other axes.
        var answers = places.Select(place => string.Concat(conditions.SelectMany(c => Answers(c.Condition, axis, place, c.Others, Reach(c.Condition))))).ToArray();
        var (best, from) = (0, 0);
        for (var start = 0; start < answers.Length; start++)
        {
            var end = start + 1;
            while (end < answers.Length && answers[end] == answers[start])
                end++;
            if (end - start > best)
                (best, from) = (end - start, start);
        }
        return [.. new[] { (0, from), (from, from + best), (from + best, answers.Length) }.Where(part => part.Item1 < part.Item2)];
    }

    // The same for tiles of so many places: a border that is narrower than a tile goes with its neighbours into a tile of its own, which knows each output's place. Alone its few sums would wait for each
    // other.
    internal static IReadOnlyList<(int From, int To)> Filled(IReadOnlyList<(int From, int To)> segments, int count)
    {
        var (inner, size) = (segments.OrderBy(segment => segment.To - segment.From).Last(), segments[^1].To);
        var (left, right) = (inner.From, size - inner.To);
        if (left + right == 0 || left >= count || right >= count)
            return segments;
        var tiles = (size + count - 1) / count;
        if (tiles <= 3)
            return [.. Enumerable.Range(0, tiles).Select(i => (i * size / tiles, (i + 1) * size / tiles))];
        inner = (left > 0 ? count : 0, right > 0 ? size - count : size);
        return [.. new[] { (0, inner.From), inner, (inner.To, size) }.Where(part => part.Item1 < part.Item2)];
    }

    // What a condition says at so many neighbours from a place: all the same, or not.
    private static bool? Answer(Condition condition, int width) => width == 1 ? condition.Decided : condition is Condition.InRange(var at, var size) && at.Bounds is var (low, high)
        ? low >= 0 && high + width <= size ? true : high + width <= 0 || low >= size ? false : null : null;

    private static IEnumerable<string> Answers(Condition condition, Axis axis, int place, IReadOnlyList<Axis> others, int width)
    {
        IEnumerable<Condition> at = [condition.Substitute(a => a == axis ? place : (Subscript)a)];
        foreach (var other in others)
            at = at.SelectMany(c => Enumerable.Range(0, other.Size).Select(value => c.Substitute(a => a == other ? value : (Subscript)a)));
        return at.Select(c => Answer(c, width) switch { true => "1", false => "0", _ => "?" });
    }
}
