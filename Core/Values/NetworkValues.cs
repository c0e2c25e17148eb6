using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace NNGen;

/// <summary>
/// The numbers of a network: all trained parameters and all buffers, each in one flat array in the order of the <see cref="NetworkLayout"/>. Immutable.
/// Two are equal when layouts and bits are: a NaN equals the same NaN, 0 and -0 differ.
/// </summary>
public sealed class NetworkValues : IEquatable<NetworkValues>
{
    private readonly float[] parameters;
    private readonly float[] buffers;

    /// <summary>Values over two arrays, which from now on belong to them: whoever made the arrays must not write to them any more.</summary>
    /// <param name="layout">The network's tensors.</param>
    /// <param name="parameters">All parameters: <see cref="NetworkLayout.ParameterCount"/> numbers.</param>
    /// <param name="buffers">All buffers: <see cref="NetworkLayout.BufferCount"/> numbers.</param>
    /// <exception cref="ArgumentException">An array's length differs from the layout's.</exception>
    public NetworkValues(NetworkLayout layout, float[] parameters, float[] buffers)
    {
        Require(layout.ParameterCount, parameters.Length, nameof(parameters));
        Require(layout.BufferCount, buffers.Length, nameof(buffers));
        (Layout, this.parameters, this.buffers) = (layout, parameters, buffers);

        void Require(int expected, int found, string what)
        {
            if (expected != found)
                throw new ArgumentException($"{layout.Network} has {expected} numbers in its {what}, got {found}", what);
        }
    }

    /// <summary>The tensors that the numbers belong to.</summary>
    public NetworkLayout Layout { get; }

    /// <summary>All parameters, one tensor after the other.</summary>
    public ReadOnlySpan<float> Parameters => parameters;

    /// <summary>All buffers, one tensor after the other.</summary>
    public ReadOnlySpan<float> Buffers => buffers;

    /// <summary>All parameters, one tensor after the other.</summary>
    public ReadOnlyMemory<float> ParameterMemory => parameters;

    /// <summary>All buffers, one tensor after the other.</summary>
    public ReadOnlyMemory<float> BufferMemory => buffers;

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
        var changed = (buffer ? buffers : parameters).AsSpan().ToArray();
        values.CopyTo(changed.AsSpan(info.Offset));
        return buffer ? new(Layout, parameters, changed) : new(Layout, changed, buffers);
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
        || (other is not null && Layout.Equals(other.Layout) && SameBits(parameters, other.parameters) && SameBits(buffers, other.buffers));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as NetworkValues);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Layout);
        hash.AddBytes(MemoryMarshal.AsBytes(parameters.AsSpan(0, Math.Min(64, parameters.Length))));
        return hash.ToHashCode();
    }

    private static bool SameBits(float[] a, float[] b) => MemoryMarshal.AsBytes(a.AsSpan()).SequenceEqual(MemoryMarshal.AsBytes(b.AsSpan()));

    private TensorView View(TensorInfo info, bool buffer) => new(info, (buffer ? buffers : parameters).AsMemory(info.Offset, info.Count));

    private (TensorInfo Info, bool Buffer) Place(string name) => Layout.Find(name) ?? throw new KeyNotFoundException(
        $"{Layout.Network} has no tensor '{name}'; it has {string.Join(", ", Layout.Parameters.Concat(Layout.Buffers).Select(info => info.Name))}");
}
