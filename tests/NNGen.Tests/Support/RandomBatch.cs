using System.Collections.Immutable;

namespace NNGen.Tests.Support;

/// <summary>Values and data for a network, from a seed: once in float, and the same numbers in double.</summary>
internal sealed record RandomBatch<TNet, TBatch, TMetrics>(int Samples, NetworkValues Values, ImmutableArray<Column> Columns)
    where TNet : class, INetwork<TNet, TBatch, TMetrics>
    where TBatch : IBatch
    where TMetrics : IMetrics<TMetrics>
{
    public static RandomBatch<TNet, TBatch, TMetrics> Of(ulong seed, int samples) => new(samples, Off(Initialization.Draw(TNet.Layout, seed), seed), [.. TNet.Columns.Select(info => Column(info, samples, seed))]);

    public TNet Network => TNet.Of(Values);

    public TBatch Batch => TNet.Bind(new ColumnBatch(Columns));

    public double[] Parameters => Doubles(Values.Parameters);

    public double[] Buffers => Doubles(Values.Buffers);

    public double[][] Reals => [.. Columns.OfType<RealColumn>().Select(column => Doubles(column.Values.Span))];

    public int[][] Labels => [.. Columns.OfType<LabelColumn>().Select(column => column.Values.ToArray())];

    // A little off what initialisation gives, so that a weight of exactly 1 or a bias of exactly 0 hides nothing.
    static NetworkValues Off(NetworkValues values, ulong seed)
    {
        var random = CounterRandom.Of(seed, "off");
        float Moved(float value, int i) => value + 0.2f * ((float)random.Uniform((ulong)i, 0, 1) - 0.5f);
        return new(values.Layout, [.. values.Parameters.ToArray().Select(Moved)], [.. values.Buffers.ToArray().Select(Moved)]);
    }

    static Column Column(ColumnInfo info, int samples, ulong seed)
    {
        var random = CounterRandom.Of(seed, info.Name);
        var indices = Enumerable.Range(0, samples * info.Shape.Aggregate(1, (product, size) => product * size)).Select(i => (ulong)i);
        return info.Kind == ColumnKind.Real
            ? new RealColumn(info.Name, info.Shape, indices.Select(i => (float)random.Normal(i)).ToArray())
            : new LabelColumn(info.Name, info.Shape, indices.Select(i => random.Below(i, info.Classes)).ToArray());
    }

    static double[] Doubles(ReadOnlySpan<float> values) => [.. values.ToArray().Select(value => (double)value)];
}
