using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;

namespace NNGen.Testing;

/// <summary>
/// FsCheck arbitraries for one network: <c>[Property(Arbitrary = [typeof(Arbitraries&lt;LeNet5, LeNet5.Batch, LeNet5.Metrics&gt;)])]</c> lets a property take
/// networks with random parameters, their values, batches and data sets.
/// </summary>
/// <typeparam name="TNet">The [Network] class.</typeparam>
/// <typeparam name="TBatch">Its record of inputs and targets.</typeparam>
/// <typeparam name="TMetrics">Its record of loss and metrics.</typeparam>
public static class Arbitraries<TNet, TBatch, TMetrics>
    where TNet : class, INetwork<TNet, TBatch, TMetrics>
    where TBatch : IBatch
    where TMetrics : IMetrics<TMetrics>
{
    /// <summary>Networks with first values of a random seed and scheme; they shrink to parameters of 0.</summary>
    public static Arbitrary<TNet> Network() => Arb.From(Arbitraries.Values(TNet.Layout).Generator.Select(TNet.Of), network =>
        Arbitraries.Values(TNet.Layout).Shrinker(network.Values).Select(TNet.Of));

    /// <summary>A network's values; they shrink to parameters of 0.</summary>
    public static Arbitrary<NetworkValues> Values() => Arbitraries.Values(TNet.Layout);

    /// <summary>Data that fit the network; they shrink to fewer samples and to zeros.</summary>
    public static Arbitrary<Dataset> Data() => Arbitraries.Data(TNet.Columns);

    /// <summary>Batches that fit the network: reals normal, labels uniform.</summary>
    public static Arbitrary<TBatch> Batch() => Arb.From(Data().Generator.Select(data => TNet.Bind(new ColumnBatch(data.Columns))));
}

/// <summary>FsCheck arbitraries by layout and columns.</summary>
public static class Arbitraries
{
    private static readonly Initializer?[] schemes = [null, Initializer.Kaiming, Initializer.Xavier, Initializer.Normal(1)];

    /// <summary>Values of a layout: first values of a random seed and scheme; they shrink to parameters of 0.</summary>
    /// <param name="layout">The network's tensors.</param>
    public static Arbitrary<NetworkValues> Values(NetworkLayout layout) => Arb.From(
        from seed in Seed
        from scheme in Gen.Elements(schemes)
        select Initialization.Draw(layout, seed, scheme),
        values => layout.Parameters.Where(info => values[info.Name].Span.ContainsAnyExcept(0f))
            .Select(info => values.With(info.Name, new float[info.Count])));

    /// <summary>Data with these columns, 1 to about as many samples as FsCheck's size: reals normal, labels uniform; they shrink to fewer samples and zeros.</summary>
    /// <param name="columns">The columns.</param>
    public static Arbitrary<Dataset> Data(ImmutableArray<ColumnInfo> columns) => Arb.From(
        from seed in Seed
        from count in Gen.Sized(size => Gen.Choose(1, Math.Max(1, size)))
        select new Dataset([.. columns.Select(column => Draw(column, count, seed))]),
        Shrink);

    private static Gen<ulong> Seed => Gen.Choose(0, int.MaxValue).Select(seed => (ulong)seed);

    private static Column Draw(ColumnInfo info, int count, ulong seed)
    {
        var random = CounterRandom.Of(seed, info.Name);
        var indices = Enumerable.Range(0, checked(count * info.Count)).Select(i => (ulong)i);
        return info.Kind == ColumnKind.Real
            ? new RealColumn(info.Name, info.Shape, indices.Select(i => (float)random.Normal(i)).ToArray())
            : new LabelColumn(info.Name, info.Shape, indices.Select(i => random.Below(i, info.Classes)).ToArray());
    }

    private static IEnumerable<Dataset> Shrink(Dataset data)
    {
        if (data.Count > 1)
        {
            yield return data.Take(data.Count / 2);
            yield return data.Skip(data.Count / 2);
        }

        for (var i = 0; i < data.Columns.Length; i++)
            if (Zeroed(data.Columns[i]) is { } zeroed)
                yield return new(data.Columns.SetItem(i, zeroed));
    }

    private static Column? Zeroed(Column column) => column switch
    {
        RealColumn real when real.Values.Span.ContainsAnyExcept(0f) => new RealColumn(real.Name, real.Shape, new float[real.Values.Length]),
        LabelColumn labels when labels.Values.Span.ContainsAnyExcept(0) => new LabelColumn(labels.Name, labels.Shape, new int[labels.Values.Length]),
        _ => null,
    };
}
