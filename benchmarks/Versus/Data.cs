using System.Collections.Immutable;

namespace NNGen.Benchmarks.Versus;

/// <summary>A batch of drawn numbers, the same at every run.</summary>
internal static class Data
{
    /// <summary>Draws a batch: inputs uniform in [-1, 1), labels of all classes, real targets 0 or 1.</summary>
    /// <param name="columns">An input, then a target.</param>
    /// <param name="count">Samples.</param>
    public static ColumnBatch Draw(ImmutableArray<ColumnInfo> columns, int count)
    {
        var random = new Random(Setup.Seed);
        return new([.. columns.Select((column, place) => Draw(column, place == 0 ? () => 2 * random.NextSingle() - 1 : () => random.Next(2)))]);

        Column Draw(ColumnInfo column, Func<float> real) => column.Kind == ColumnKind.Labels
            ? new LabelColumn(column.Name, column.Shape, Fill(count * column.Count, () => random.Next(column.Classes)))
            : new RealColumn(column.Name, column.Shape, Fill(count * column.Count, real));
    }

    /// <summary>Elements of the network's output for one sample: a logit for each class, or for each element of the target.</summary>
    /// <param name="columns">An input, then a target.</param>
    public static int OutputSize(ImmutableArray<ColumnInfo> columns) => columns[1].Kind == ColumnKind.Labels ? columns[1].Classes : columns[1].Count;

    private static T[] Fill<T>(int count, Func<T> draw)
    {
        var values = new T[count];
        for (var i = 0; i < count; i++)
            values[i] = draw();
        return values;
    }
}
