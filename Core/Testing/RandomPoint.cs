using System.Collections.Immutable;

namespace NNGen.Testing;

/// <summary>Parameters, buffers and a batch in double precision: where a gradient is checked.</summary>
internal sealed record RandomPoint(int Samples, double[] Parameters, double[] Buffers, double[][] Reals, int[][] Labels)
{
    /// <summary>Random parameters and random data.</summary>
    public static RandomPoint Of<T>(ulong seed, int draw, int samples) where T : class, IDoubleNetwork<T>
    {
        var point = Of<T>(seed, draw) with { Samples = samples };
        return point with
        {
            Reals = [.. Columns<T>(ColumnKind.Real).Select(column => Fill(column, i => Stream(column, "reals").Normal(i)))],
            Labels = [.. Columns<T>(ColumnKind.Labels).Select(column => Fill(column, i => Stream(column, "labels").Below(i, column.Classes)))],
        };

        TValue[] Fill<TValue>(ColumnInfo column, Func<ulong, TValue> value) =>
            [.. Enumerable.Range(0, checked(samples * column.Count)).Select(i => value((ulong)i))];

        CounterRandom Stream(ColumnInfo column, string what) => CounterRandom.Of(seed, $"{what} {column.Name}").At((ulong)draw);
    }

    /// <summary>Random parameters and given data.</summary>
    public static RandomPoint Of<T>(ulong seed, int draw, Dataset data) where T : class, IDoubleNetwork<T>
    {
        var batch = new ColumnBatch(data.Columns);
        var indexed = T.Columns.Select((column, index) => (column, index)).ToArray();
        return Of<T>(seed, draw) with
        {
            Samples = data.Count,
            Reals = [.. indexed.Where(c => c.column.Kind == ColumnKind.Real).Select(c => Doubles(batch.Real(c.index, c.column).Span))],
            Labels = [.. indexed.Where(c => c.column.Kind == ColumnKind.Labels).Select(c => batch.Labels(c.index, c.column).ToArray())],
        };
    }

    private static IEnumerable<ColumnInfo> Columns<T>(ColumnKind kind) where T : class, IDoubleNetwork<T> => T.Columns.Where(column => column.Kind == kind);

    // First values as they are drawn, all a little off, so that a weight of exactly 1 or a bias of exactly 0 hides nothing.
    private static RandomPoint Of<T>(ulong seed, int draw) where T : class, IDoubleNetwork<T>
    {
        var values = Initialization.Draw(T.Layout, CounterRandom.Of(seed, "parameters").Bits((ulong)draw));
        return new(0, Off(values.Parameters, "parameters"), Off(values.Buffers, "buffers"), [], []);

        double[] Off(ReadOnlySpan<float> exact, string what)
        {
            var random = CounterRandom.Of(seed, $"{what} off").At((ulong)draw);
            var values = Doubles(exact);
            for (var i = 0; i < values.Length; i++)
                values[i] += random.Uniform((ulong)i, -0.1, 0.1);
            return values;
        }
    }

    private static double[] Doubles(ReadOnlySpan<float> values)
    {
        var doubles = new double[values.Length];
        for (var i = 0; i < values.Length; i++)
            doubles[i] = values[i];
        return doubles;
    }
}
