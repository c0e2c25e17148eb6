using System.Collections.Immutable;

namespace NNGen;

/// <summary>
/// One column of data: for every sample a tensor of the same shape. A closed union of <see cref="RealColumn"/> and <see cref="LabelColumn"/>. The memory
/// given is kept, not copied: do not write to it any more.
/// </summary>
public abstract class Column
{
    private protected Column(string name, ImmutableArray<int> shape, int length)
    {
        (Name, Shape, SampleSize) = (name, shape, TensorShape.Checked(shape, name));
        (Count, var rest) = Math.DivRem(length, SampleSize);
        if (rest != 0)
            throw new ArgumentException($"{name}: {length} elements are no whole number of samples {TensorShape.Text(shape)} of {SampleSize} elements");
    }

    /// <summary>The column's name.</summary>
    public string Name { get; }

    /// <summary>The sizes of one sample; empty for one number or label.</summary>
    public ImmutableArray<int> Shape { get; }

    /// <summary>The elements of one sample.</summary>
    public int SampleSize { get; }

    /// <summary>The number of samples.</summary>
    public int Count { get; }

    /// <summary>Samples [start, start + count), over the same memory.</summary>
    internal abstract Column Slice(int start, int count);

    /// <summary>The samples of these indices in this order.</summary>
    /// <param name="indices">Indices of samples.</param>
    /// <param name="buffer">A former result of this method whose memory may be used again, or null.</param>
    internal abstract Column Gather(ReadOnlySpan<int> indices, Column? buffer);

    private protected static Memory<T> Gather<T>(ReadOnlySpan<T> all, int size, ReadOnlySpan<int> indices, Memory<T> buffer)
    {
        var result = buffer.Length >= indices.Length * size ? buffer[..(indices.Length * size)] : new T[indices.Length * size];
        var span = result.Span;
        for (var i = 0; i < indices.Length; i++)
            all.Slice(indices[i] * size, size).CopyTo(span[(i * size)..]);
        return result;
    }
}

/// <summary>A column of real numbers.</summary>
public sealed class RealColumn : Column
{
    /// <summary>A column over a flat array [count, ...shape].</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The sizes of one sample; empty for one number.</param>
    /// <param name="values">All elements, row-major.</param>
    /// <exception cref="ArgumentException">A size is less than 1, or the values are no whole number of samples.</exception>
    public RealColumn(string name, ImmutableArray<int> shape, ReadOnlyMemory<float> values) : base(name, shape, values.Length) => Values = values;

    private RealColumn(string name, ImmutableArray<int> shape, Memory<float> values) : base(name, shape, values.Length) =>
        (Values, writable) = (values, values);

    private readonly Memory<float> writable;

    /// <summary>All elements, [count, ...shape].</summary>
    public ReadOnlyMemory<float> Values { get; }

    /// <inheritdoc/>
    internal override Column Slice(int start, int count) => new RealColumn(Name, Shape, Values.Slice(start * SampleSize, count * SampleSize));

    /// <inheritdoc/>
    internal override Column Gather(ReadOnlySpan<int> indices, Column? buffer) =>
        new RealColumn(Name, Shape, Gather(Values.Span, SampleSize, indices, (buffer as RealColumn)?.writable ?? default));
}

/// <summary>A column of integer labels.</summary>
public sealed class LabelColumn : Column
{
    /// <summary>A column over a flat array [count, ...shape].</summary>
    /// <param name="name">Its name.</param>
    /// <param name="shape">The sizes of one sample; empty for one label.</param>
    /// <param name="values">All labels, row-major.</param>
    /// <exception cref="ArgumentException">A size is less than 1, or the values are no whole number of samples.</exception>
    public LabelColumn(string name, ImmutableArray<int> shape, ReadOnlyMemory<int> values) : base(name, shape, values.Length) => Values = values;

    private LabelColumn(string name, ImmutableArray<int> shape, Memory<int> values) : base(name, shape, values.Length) =>
        (Values, writable) = (values, values);

    private readonly Memory<int> writable;

    /// <summary>All labels, [count, ...shape].</summary>
    public ReadOnlyMemory<int> Values { get; }

    /// <inheritdoc/>
    internal override Column Slice(int start, int count) => new LabelColumn(Name, Shape, Values.Slice(start * SampleSize, count * SampleSize));

    /// <inheritdoc/>
    internal override Column Gather(ReadOnlySpan<int> indices, Column? buffer) =>
        new LabelColumn(Name, Shape, Gather(Values.Span, SampleSize, indices, (buffer as LabelColumn)?.writable ?? default));
}
