using System.Collections.Immutable;

namespace NNGen;

/// <summary>What a column of data holds.</summary>
public enum ColumnKind
{
    /// <summary>Real numbers.</summary>
    Real,

    /// <summary>Integer labels.</summary>
    Labels,
}

/// <summary>An input or a target that a network wants. Compares by value.</summary>
/// <param name="Name">Its name in the network.</param>
/// <param name="Shape">The sizes of one sample; empty for one number or one label per sample.</param>
/// <param name="Kind">Reals or labels.</param>
/// <param name="Classes">For labels the number of classes: labels lie in [0, Classes); 0 for reals.</param>
public sealed record ColumnInfo(string Name, ImmutableArray<int> Shape, ColumnKind Kind, int Classes)
{
    /// <summary>The elements of one sample.</summary>
    public int Count => TensorShape.Count(Shape);

    /// <inheritdoc/>
    public bool Equals(ColumnInfo? other) => other is not null && Name == other.Name && Kind == other.Kind && Classes == other.Classes
        && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Kind, Classes, Count);

    /// <summary>As in a message: <c>image: reals [1, 28, 28]</c>.</summary>
    public override string ToString() => $"{Name}: {(Kind == ColumnKind.Real ? "reals" : $"labels in [0, {Classes})")} {TensorShape.Text(Shape)}";
}
