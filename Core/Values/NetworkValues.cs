using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace NNGen;

/// <summary>
/// The numbers of a network: all trained parameters and all buffers, each in one flat piece in the order of the <see cref="NetworkLayout"/>. Immutable.
/// Two are equal when layouts and bits are: a NaN equals the same NaN, 0 and -0 differ.
/// </summary>
public sealed class NetworkValues : IEquatable<NetworkValues>
{
    /// <summary>Values over two arrays, which from now on belong to them: whoever made the arrays must not write to them any more.</summary>
    /// <inheritdoc cref="NetworkValues(NetworkLayout, ReadOnlyMemory{float}, ReadOnlyMemory{float})"/>
    public NetworkValues(NetworkLayout layout, float[] parameters, float[] buffers)
        : this(layout, parameters.AsMemory(), buffers.AsMemory())
    {
    }

    /// <summary>Values over memory that from now on belongs to them: whoever made it must not write to it any more.</summary>
    /// <param name="layout">The network's tensors.</param>
    /// <param name="parameters">All parameters: <see cref="NetworkLayout.ParameterCount"/> numbers.</param>
    /// <param name="buffers">All buffers: <see cref="NetworkLayout.BufferCount"/> numbers.</param>
    /// <exception cref="ArgumentException">A length differs from the layout's.</exception>
    public NetworkValues(NetworkLayout layout, ReadOnlyMemory<float> parameters, ReadOnlyMemory<float> buffers)
    {
        Require(layout.ParameterCount, parameters.Length, nameof(parameters));
        Require(layout.BufferCount, buffers.Length, nameof(buffers));
        (Layout, ParameterMemory, BufferMemory) = (layout, parameters, buffers);

        void Require(int expected, int found, string what)
        {
            if (expected != found)
                throw new ArgumentException($"{layout.Network} has {expected} numbers in its {what}, got {found}", what);
        }
    }

    /// <summary>The tensors that the numbers belong to.</summary>
    public NetworkLayout Layout { get; }

    /// <summary>All parameters, one tensor after the other.</summary>
    public ReadOnlySpan<float> Parameters => ParameterMemory.Span;

    /// <summary>All buffers, one tensor after the other.</summary>
    public ReadOnlySpan<float> Buffers => BufferMemory.Span;

    /// <summary>All parameters, one tensor after the other.</summary>
    public ReadOnlyMemory<float> ParameterMemory { get; }

    /// <summary>All buffers, one tensor after the other.</summary>
    public ReadOnlyMemory<float> BufferMemory { get; }

    /// <summary>Every parameter, then every buffer.</summary>
    public IEnumerable<TensorView> All => Layout.Parameters.Select(info => View(info, buffer: false))
        .Concat(Layout.Buffers.Select(info => View(info, buffer: true)));

    /// <summary>One parameter or buffer.</summary>
    /// <param name="name">Its name, for example <c>conv1.weight</c>.</param>
    /// <exception cref="KeyNotFoundException">There is none of that name; the message lists those that there are.</exception>
    public TensorView this[string name]
    {
        get
        {
            var (info, buffer) = Place(name);
            return View(info, buffer);
        }
    }

    /// <summary>The same values but for one tensor.</summary>
    /// <param name="name">The tensor's name.</param>
    /// <param name="values">All its elements, row-major.</param>
    /// <exception cref="KeyNotFoundException">There is no tensor of that name.</exception>
    /// <exception cref="ArgumentException">The number of values is not the tensor's.</exception>
    public NetworkValues With(string name, ReadOnlySpan<float> values)
    {
        var (info, buffer) = Place(name);
        if (values.Length != info.Count)
            throw new ArgumentException($"{info} of {Layout.Network} has {info.Count} elements, got {values.Length}", nameof(values));
        var changed = (buffer ? BufferMemory : ParameterMemory).ToArray();
        values.CopyTo(changed.AsSpan(info.Offset));
        return buffer ? new(Layout, ParameterMemory, changed) : new(Layout, changed, BufferMemory);
    }

    /// <summary>SHA-256 over names, shapes and bits of all tensors, 64 hexadecimal digits: the same numbers have the same hash on every machine.</summary>
    public string Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var tensor in All)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{tensor}\n"));
            if (BitConverter.IsLittleEndian)
                hash.AppendData(MemoryMarshal.AsBytes(tensor.Span));
            else
                hash.AppendData(LittleEndian.Bytes(tensor.Span));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <inheritdoc/>
    public bool Equals(NetworkValues? other) => ReferenceEquals(this, other)
        || (other is not null && Layout.Equals(other.Layout) && SameBits(Parameters, other.Parameters) && SameBits(Buffers, other.Buffers));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetworkValues);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Layout);
        hash.AddBytes(MemoryMarshal.AsBytes(Parameters[..Math.Min(64, Parameters.Length)]));
        return hash.ToHashCode();
    }

    private static bool SameBits(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    private TensorView View(TensorInfo info, bool buffer) => new(info, (buffer ? BufferMemory : ParameterMemory).Slice(info.Offset, info.Count));

    private (TensorInfo Info, bool Buffer) Place(string name) => Layout.Find(name) ?? throw new KeyNotFoundException(
        $"{Layout.Network} has no tensor '{name}'; it has {string.Join(", ", Layout.Parameters.Concat(Layout.Buffers).Select(info => info.Name))}");
}
