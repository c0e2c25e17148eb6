using System.Collections.Immutable;

namespace NNGen;

/// <summary>
/// What a network's values consist of: the named tensors that make up its flat array of trained parameters and its flat array of buffers (batch norm's
/// running statistics). Compares by value.
/// </summary>
public sealed class NetworkLayout : IEquatable<NetworkLayout>
{
    private readonly Dictionary<string, (bool Buffer, int Index)> places = [];

    /// <summary>A layout; tensors follow each other without gaps.</summary>
    /// <param name="network">The network's name, used in messages and files.</param>
    /// <param name="parameters">The trained tensors.</param>
    /// <param name="buffers">The tensors that training moves by other means than the gradient.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or offsets leave a gap or overlap.</exception>
    public NetworkLayout(string network, ImmutableArray<TensorInfo> parameters, ImmutableArray<TensorInfo> buffers)
    {
        (Network, Parameters, Buffers) = (network, parameters, buffers);
        ParameterCount = Register(parameters, buffer: false);
        BufferCount = Register(buffers, buffer: true);
    }

    /// <summary>The network's name.</summary>
    public string Network { get; }

    /// <summary>The trained tensors in the order of the flat array.</summary>
    public ImmutableArray<TensorInfo> Parameters { get; }

    /// <summary>The buffers in the order of their flat array.</summary>
    public ImmutableArray<TensorInfo> Buffers { get; }

    /// <summary>Length of the flat array of parameters.</summary>
    public int ParameterCount { get; }

    /// <summary>Length of the flat array of buffers.</summary>
    public int BufferCount { get; }

    /// <inheritdoc/>
    public bool Equals(NetworkLayout? other) => ReferenceEquals(this, other)
        || (other is not null && Network == other.Network
            && Parameters.AsSpan().SequenceEqual(other.Parameters.AsSpan()) && Buffers.AsSpan().SequenceEqual(other.Buffers.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetworkLayout);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Network, ParameterCount, BufferCount, Parameters.Length, Buffers.Length);

    /// <summary>Finds a tensor by its name.</summary>
    /// <param name="name">The name.</param>
    /// <returns>The tensor and whether it is a buffer; null when there is none.</returns>
    internal (TensorInfo Info, bool Buffer)? Find(string name) => places.TryGetValue(name, out var place)
        ? ((place.Buffer ? Buffers : Parameters)[place.Index], place.Buffer)
        : null;

    private int Register(ImmutableArray<TensorInfo> tensors, bool buffer)
    {
        var offset = 0;
        for (var i = 0; i < tensors.Length; i++)
        {
            var tensor = tensors[i];
            if (!places.TryAdd(tensor.Name, (buffer, i)))
                throw new ArgumentException($"{Network}: two tensors are called {tensor.Name}");
            if (tensor.Offset != offset)
                throw new ArgumentException($"{Network}: {tensor} starts at {tensor.Offset}, expected {offset}");
            offset = checked(offset + tensor.Count);
        }

        return offset;
    }
}
