using System.Collections.Immutable;

namespace NNGen;

/// <summary>
/// Samples to train or test with: columns of equal length, in the order in which the network declares its inputs and targets. Immutable; parts share memory.
/// </summary>
public sealed class Dataset
{
    /// <summary>A data set over columns.</summary>
    /// <param name="columns">At least one column; all have the same number of samples and different names.</param>
    /// <exception cref="ArgumentException">There is no column, counts differ, or two columns have one name.</exception>
    public Dataset(params ImmutableArray<Column> columns)
    {
        if (columns.IsDefaultOrEmpty)
            throw new ArgumentException("A data set needs at least one column", nameof(columns));
        if (columns.FirstOrDefault(column => column.Count != columns[0].Count) is { } odd)
            throw new ArgumentException($"'{columns[0].Name}' has {columns[0].Count} samples, but '{odd.Name}' has {odd.Count}", nameof(columns));
        if (columns.GroupBy(column => column.Name).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new ArgumentException($"Two columns are called '{twice.Key}'", nameof(columns));
        Columns = columns;
    }

    /// <summary>The columns.</summary>
    public ImmutableArray<Column> Columns { get; }

    /// <summary>The number of samples.</summary>
    public int Count => Columns[0].Count;

    /// <summary>The column of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those that there are.</exception>
    public Column this[string name] => Columns.FirstOrDefault(column => column.Name == name)
        ?? throw new KeyNotFoundException($"There is no column '{name}'; there are {string.Join(", ", Columns.Select(column => column.Name))}");

    /// <summary>Inputs with a label each: columns <c>input</c> and <c>label</c>.</summary>
    /// <param name="inputs">All inputs, [count, ...shape], row-major.</param>
    /// <param name="shape">The sizes of one input, for example [1, 28, 28].</param>
    /// <param name="labels">One label per input.</param>
    public static Dataset Of(ReadOnlyMemory<float> inputs, ImmutableArray<int> shape, ReadOnlyMemory<int> labels) =>
        new(new RealColumn("input", shape, inputs), new LabelColumn("label", [], labels));

    /// <summary>Inputs with a real target each: columns <c>input</c> and <c>target</c>.</summary>
    /// <param name="inputs">All inputs, [count, ...shape], row-major.</param>
    /// <param name="shape">The sizes of one input.</param>
    /// <param name="targets">All targets, [count, ...targetShape], row-major.</param>
    /// <param name="targetShape">The sizes of one target; empty for one number.</param>
    public static Dataset Of(ReadOnlyMemory<float> inputs, ImmutableArray<int> shape, ReadOnlyMemory<float> targets, ImmutableArray<int> targetShape) =>
        new(new RealColumn("input", shape, inputs), new RealColumn("target", targetShape, targets));

    /// <summary>Inputs alone, as an autoencoder wants them: column <c>input</c>.</summary>
    /// <param name="inputs">All inputs, [count, ...shape], row-major.</param>
    /// <param name="shape">The sizes of one input.</param>
    public static Dataset Of(ReadOnlyMemory<float> inputs, ImmutableArray<int> shape) => new(new RealColumn("input", shape, inputs));

    /// <summary>The data set with one more column of reals.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The sizes of one sample; empty for one number.</param>
    /// <param name="values">All elements, row-major.</param>
    public Dataset WithReal(string name, ImmutableArray<int> shape, ReadOnlyMemory<float> values) => new(Columns.Add(new RealColumn(name, shape, values)));

    /// <summary>The data set with one more column of labels.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The sizes of one sample; empty for one label.</param>
    /// <param name="values">All labels, row-major.</param>
    public Dataset WithLabels(string name, ImmutableArray<int> shape, ReadOnlyMemory<int> values) => new(Columns.Add(new LabelColumn(name, shape, values)));

    /// <summary>Some columns, in another order.</summary>
    /// <param name="names">Their names.</param>
    /// <exception cref="KeyNotFoundException">There is no such column.</exception>
    public Dataset Select(params ReadOnlySpan<string> names)
    {
        var columns = ImmutableArray.CreateBuilder<Column>();
        foreach (var name in names)
            columns.Add(this[name]);
        return new(columns.ToImmutable());
    }

    /// <summary>The first samples; all when there are fewer.</summary>
    /// <param name="count">How many.</param>
    public Dataset Take(int count) => Slice(0, Math.Clamp(count, 0, Count));

    /// <summary>All but the first samples; none when there are fewer.</summary>
    /// <param name="count">How many to leave out.</param>
    public Dataset Skip(int count) => Slice(Math.Clamp(count, 0, Count), Count - Math.Clamp(count, 0, Count));

    /// <summary>The first samples and the rest.</summary>
    /// <param name="count">How many come first, from 0 to <see cref="Count"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public (Dataset First, Dataset Remaining) Split(int count)
    {
        if (count < 0 || count > Count)
            throw new ArgumentOutOfRangeException(nameof(count), count, $"must be 0 to {Count}, the number of samples");
        return (Take(count), Skip(count));
    }

    /// <summary>A copy in a random order, fixed by the seed: before a <see cref="Split"/> where samples are sorted.</summary>
    /// <param name="seed">Any number.</param>
    public Dataset Permuted(ulong seed) => Gather(Shuffle.Order(Count, seed, 0));

    /// <summary>The data visited in a random order, a new one in each epoch.</summary>
    /// <param name="seed">Any number; it and the epoch's number fix the order.</param>
    public ShuffledDataset Shuffled(ulong seed) => new(this, seed);

    /// <summary>The data in batches, always in their own order.</summary>
    /// <param name="size">Samples per batch, at least 1; the last batch may be short.</param>
    public Batches Batches(int size) => new(this, size, null);

    private Dataset Slice(int start, int count) => new([.. Columns.Select(column => column.Slice(start, count))]);

    private Dataset Gather(int[] indices) => new([.. Columns.Select(column => column.Gather(indices, null))]);
}

/// <summary>A data set visited in a random order, a new one in each epoch.</summary>
/// <param name="Data">The samples.</param>
/// <param name="Seed">It and the epoch's number fix the order.</param>
public sealed record ShuffledDataset(Dataset Data, ulong Seed)
{
    /// <summary>The data in batches.</summary>
    /// <param name="size">Samples per batch, at least 1; the last batch may be short.</param>
    public Batches Batches(int size) => new(Data, size, Seed);
}
