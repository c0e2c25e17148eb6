using System.Collections.Immutable;

namespace NNGen;

/// <summary>A batch of data on its way into a network: some samples of every column, in order.</summary>
/// <param name="columns">The columns; all have the same number of samples.</param>
public sealed class ColumnBatch(ImmutableArray<Column> columns)
{
    /// <summary>The columns, in the order of the data set.</summary>
    public ImmutableArray<Column> Columns { get; } = columns;

    /// <summary>The number of samples.</summary>
    public int Count { get; } = columns.IsEmpty ? 0 : columns[0].Count;

    /// <summary>The real numbers of a column, [count, ...shape].</summary>
    /// <param name="index">The column's place; columns are matched by place, whatever they are called, and more columns than a network wants are left.</param>
    /// <param name="expected">What the network wants there.</param>
    /// <exception cref="ArgumentException">There is no such column, it holds labels, or its shape is another.</exception>
    public ReadOnlyMemory<float> Real(int index, ColumnInfo expected) => At(index, expected) is RealColumn column
        ? column.Values
        : throw Mismatch(index, expected);

    /// <summary>The labels of a column, [count, ...shape].</summary>
    /// <param name="index">The column's place.</param>
    /// <param name="expected">What the network wants there.</param>
    /// <exception cref="ArgumentException">There is no such column, it holds reals, its shape is another, or a label is not in [0, classes).</exception>
    public ReadOnlyMemory<int> Labels(int index, ColumnInfo expected)
    {
        var column = At(index, expected) as LabelColumn ?? throw Mismatch(index, expected);
        var labels = column.Values.Span;
        for (var i = 0; i < labels.Length; i++)
            if ((uint)labels[i] >= (uint)expected.Classes)
                throw new ArgumentException(
                    $"'{column.Name}' has the label {labels[i]}, but '{expected.Name}' has {expected.Classes} classes: 0 to {expected.Classes - 1}");
        return column.Values;
    }

    private Column At(int index, ColumnInfo expected) =>
        index < Columns.Length && Columns[index].Shape.AsSpan().SequenceEqual(expected.Shape.AsSpan()) ? Columns[index] : throw Mismatch(index, expected);

    private ArgumentException Mismatch(int index, ColumnInfo expected) => new(
        $"Column {index} of the data must be {expected}, but "
        + (index >= Columns.Length ? $"there are only {Columns.Length} columns" : $"it is {Describe(Columns[index])}"));

    private static string Describe(Column column) => $"{column.Name}: {(column is RealColumn ? "reals" : "labels")} {TensorShape.Text(column.Shape)}";
}
