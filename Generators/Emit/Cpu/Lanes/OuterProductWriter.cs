using NNGen.Generators.Fuse;
using NNGen.Generators.Graph;
using NNGen.Generators.Schedule.Cpu;
using NNGen.Generators.Support;

namespace NNGen.Generators.Emit.Cpu.Lanes;

/// <summary>
/// Prints a sum of outer products over the samples, such as a dense layer's weight gradient: lanes along the result's last axis, values row by row, all samples in
/// their order. A last vector that would not fit overlaps the one before it: both hold the same sums where they meet. The outermost loop runs from `first` to `last`,
/// so that threads can do a slice each; its number of turns is returned.
/// </summary>
internal static class OuterProductWriter
{
    private const int Sums = 24;

    public static int Write(SourceWriter writer, TensorGraph graph, Nest nest, LaneDialect dialect, int lanes, Func<int, string> nameOf, string result, ScalarWriter scalars)
    {
        var sum = (Scalar.Reduce)nest.Body;
        var product = (Scalar.Apply)sum.Body;
        var loads = product.Arguments.Cast<Scalar.Load>().ToArray();
        var last = nest.Axes[^1];
        var along = loads.Single(load => Offset(load).Axes.Contains(last));
        var across = loads.Single(load => load != along);
        var outer = nest.Axes.Take(nest.Axes.Count - 1).LastOrDefault(axis => axis.Size > 1 && Offset(across).Axes.Contains(axis) && !Offset(along).Axes.Contains(axis));
        var vectors = Enumerable.Range(0, last.Size / lanes).Select(v => v * lanes).Concat(last.Size % lanes > 0 ? [last.Size - lanes] : Array.Empty<int>()).ToArray();
        var (rows, columns) = outer is null ? (1, Math.Min(8, vectors.Length)) : Tiling.Best(outer.Size, vectors.Length, Sums);
        // Half as many registers hold the same rows, which threads share, and fewer columns.
        if (dialect.IsHalf && outer is not null)
            columns = Math.Max(1, Sums / 2 / rows);
        var sample = sum.Axes[0];

        var (turns, level) = (0, writer.Level);
        Loops(writer, [.. nest.Axes.Take(nest.Axes.Count - 1).Where(axis => axis != outer && axis.Size > 1)]);
        return turns;

        Subscript Offset(Scalar.Load load) => DenseLayout.Offset(graph[load.Node].Type, load.At);

        void Loops(SourceWriter here, IReadOnlyList<Axis> axes)
        {
            if (axes.Count > 0)
            {
                Counted(here, axes[0], () => Loops(here, [.. axes.Skip(1)]));
                return;
            }
            if (outer is null)
            {
                Last(here, () => Columns(here, [Subscript.Zero], null));
                return;
            }
            var whole = outer.Size / rows;
            if (whole > 0)
            {
                var tile = new Axis(outer.Name, whole);
                Counted(here, tile, () => Columns(here, [.. Enumerable.Range(0, rows).Select(i => (Subscript)tile * rows + i)], outer));
            }
            if (outer.Size % rows > 0)
                Last(here, () => Columns(here, [.. Enumerable.Range(whole * rows, outer.Size % rows).Select(i => (Subscript)i)], outer));
        }

        void Columns(SourceWriter here, IReadOnlyList<Subscript> places, Axis? axis)
        {
            var regular = last.Size / lanes / columns;
            if (regular > 1)
            {
                var tile = new Axis(last.Name, regular);
                Counted(here, tile, () => Tile(here, places, axis, [.. Enumerable.Range(0, columns).Select(v => (Subscript)tile * (columns * lanes) + v * lanes)]));
            }
            else
                regular = 0;
            for (var start = regular * columns; start < vectors.Length; start += columns)
                Tile(here, places, axis, [.. vectors.Skip(start).Take(columns).Select(v => (Subscript)v)]);
        }

        void Tile(SourceWriter here, IReadOnlyList<Subscript> places, Axis? axis, IReadOnlyList<Subscript> columnsHere) => here.Block("", () =>
        {
            var names = places.Select(_ => columnsHere.Select(_ => scalars.Fresh("sum")).ToArray()).ToArray();
            foreach (var name in names.SelectMany(row => row))
                here.Line($"var {name} = {dialect.Zero};");
            here.Block($"for (var {scalars.Name(sample)} = 0; {scalars.Name(sample)} < count; {scalars.Name(sample)}++)", () =>
            {
                var scope = new LaneScope(here, null, []);
                var writer = new LaneWriter(graph, dialect, nameOf, scalars, Schedule.Cpu.Tile.Single);
                var values = columnsHere.Select(column => scalars.Fresh("x")).ToArray();
                for (var v = 0; v < values.Length; v++)
                    here.Line($"var {values[v]} = {dialect.Load(writer.Reference(scope, nameOf(along.Node), Offset(along).Substitute(a => a == last ? columnsHere[v] : a), 1))};");
                for (var r = 0; r < places.Count; r++)
                {
                    var factor = scalars.Fresh("factor");
                    here.Line($"var {factor} = {dialect.Type}.Create({writer.Reference(scope, nameOf(across.Node), Offset(across).Substitute(a => a == axis ? places[r] : a), 1)});");
                    for (var v = 0; v < values.Length; v++)
                        here.Line($"{names[r][v]} = {dialect.MultiplyAdd(values[v], factor, names[r][v])};");
                }
            });
            var outside = new LaneScope(here, null, []);
            var results = new LaneWriter(graph, dialect, nameOf, scalars, Schedule.Cpu.Tile.Single);
            for (var r = 0; r < places.Count; r++)
                for (var v = 0; v < columnsHere.Count; v++)
                {
                    var at = nest.Axes.Select(a => a == last ? columnsHere[v] : a == axis ? places[r] : a.Size == 1 ? Subscript.Zero : a).ToEquatableArray();
                    here.Line(dialect.Store(new(names[r][v], LaneKind.Reals), results.Reference(outside, result, DenseLayout.Offset(graph[nest.Node].Type, new Point(null, at)), 1)));
                }
        });

        void Counted(SourceWriter here, Axis axis, Action body)
        {
            var isOutermost = here.Level == level;
            if (isOutermost)
                turns = axis.Size;
            var (from, to) = isOutermost ? ("first", "last") : ("0", $"{axis.Size}");
            here.Block($"for (var {scalars.Name(axis)} = {from}; {scalars.Name(axis)} < {to}; {scalars.Name(axis)}++)", body);
        }

        // What no loop covers goes with the last turn of the outermost one, and is the only turn where there is none.
        void Last(SourceWriter here, Action body)
        {
            if (here.Level > level)
            {
                body();
                return;
            }
            turns = Math.Max(turns, 1);
            here.Block($"if (first < last && last == {turns})", body);
        }
    }
}
