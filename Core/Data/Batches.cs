using System.Collections.Immutable;

namespace NNGen;

/// <summary>A data set cut into batches, in its own order or in a new random order each epoch. Immutable.</summary>
public sealed class Batches
{
    /// <summary>Batches of a data set.</summary>
    /// <param name="data">The samples.</param>
    /// <param name="size">Samples per batch, at least 1; the last batch may be short.</param>
    /// <param name="seed">It and the epoch's number fix the order; null for the data's own order.</param>
    /// <exception cref="ArgumentOutOfRangeException">The size is less than 1.</exception>
    public Batches(Dataset data, int size, ulong? seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(size, 1);
        (Data, Size, Seed) = (data, size, seed);
    }

    /// <summary>The samples.</summary>
    public Dataset Data { get; }

    /// <summary>Samples per batch; the last one may be short.</summary>
    public int Size { get; }

    /// <summary>What the order follows from, besides the epoch; null for the data's own order.</summary>
    public ulong? Seed { get; }

    /// <summary>Batches per epoch.</summary>
    public int Count => (int)(((long)Data.Count + Size - 1) / Size);

    /// <summary>The batches of an epoch, lazily; every sample is in exactly one. They may be kept.</summary>
    /// <param name="epoch">The epoch's number, from 0.</param>
    public IEnumerable<ColumnBatch> ForEpoch(int epoch) => Walk(epoch, reuse: false);

    /// <summary>As <see cref="ForEpoch"/>, but a batch is valid only until the next one is asked for: its memory is used again.</summary>
    internal IEnumerable<ColumnBatch> Reusing(int epoch) => Walk(epoch, reuse: true);

    private IEnumerable<ColumnBatch> Walk(int epoch, bool reuse)
    {
        var order = Seed is { } seed ? Shuffle.Order(Data.Count, seed, epoch) : null;
        ImmutableArray<Column>? buffers = null;
        for (var start = 0; start < Data.Count; start += Size)
        {
            var count = Math.Min(Size, Data.Count - start);
            var columns = order is null
                ? [.. Data.Columns.Select(column => column.Slice(start, count))]
                : Gather(order.AsSpan(start, count), buffers);
            buffers ??= reuse && order is not null ? columns : null;
            yield return new(columns);
        }
    }

    private ImmutableArray<Column> Gather(ReadOnlySpan<int> indices, ImmutableArray<Column>? buffers)
    {
        var columns = ImmutableArray.CreateBuilder<Column>(Data.Columns.Length);
        for (var i = 0; i < Data.Columns.Length; i++)
            columns.Add(Data.Columns[i].Gather(indices, buffers?[i]));
        return columns.MoveToImmutable();
    }
}
