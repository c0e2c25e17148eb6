using System.Collections.Immutable;

namespace NNGen;

/// <summary>One named tensor of a network: a parameter or a buffer, and where it lies in the network's flat array. Compares by value.</summary>
/// <param name="Name">Its name, for example <c>conv1.weight</c>.</param>
/// <param name="Shape">Its shape; empty for one number.</param>
/// <param name="Offset">Index of its first element in the flat array of parameters (or of buffers).</param>
/// <param name="Initializer">How it gets its first values.</param>
/// <param name="FanIn">Inputs of one output, what initialisers scale by; at least 1.</param>
/// <param name="FanOut">Outputs of one input, what initialisers scale by; at least 1.</param>
public sealed record TensorInfo(string Name, ImmutableArray<int> Shape, int Offset, Initializer Initializer, int FanIn, int FanOut)
{
    /// <summary>Whether training leaves the tensor as it is: a parameter of a network that is used as <see cref="NNGen.Frozen{T}"/>.</summary>
    public bool Frozen { get; init; }

    /// <summary>The number of elements.</summary>
    public int Count => TensorShape.Count(Shape);

    /// <inheritdoc/>
    public bool Equals(TensorInfo? other) => other is not null
        && Name == other.Name && Shape.AsSpan().SequenceEqual(other.Shape.AsSpan()) && Offset == other.Offset
        && Initializer == other.Initializer && FanIn == other.FanIn && FanOut == other.FanOut && Frozen == other.Frozen;

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, Offset, Count, Initializer, FanIn, FanOut);

    /// <summary>Name and shape: <c>conv1.weight [6, 1, 5, 5]</c>.</summary>
    public override string ToString() => $"{Name} {TensorShape.Text(Shape)}";
}
