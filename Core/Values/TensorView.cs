using System.Collections.Immutable;

namespace NNGen;

/// <summary>A read-only view of one named tensor of a network's values.</summary>
public readonly struct TensorView
{
    internal TensorView(TensorInfo info, ReadOnlyMemory<float> memory) => (Info, Memory) = (info, memory);

    /// <summary>Name, shape, place and initialiser.</summary>
    public TensorInfo Info { get; }

    /// <summary>The tensor's name, for example <c>conv1.weight</c>.</summary>
    public string Name => Info.Name;

    /// <summary>Its shape; empty for one number.</summary>
    public ImmutableArray<int> Shape => Info.Shape;

    /// <summary>Its elements, row-major.</summary>
    public ReadOnlyMemory<float> Memory { get; }

    /// <summary>Its elements, row-major.</summary>
    public ReadOnlySpan<float> Span => Memory.Span;

    /// <summary>Name and shape.</summary>
    public override string ToString() => Info.ToString();
}
