using System.Collections.Immutable;

namespace NNGen;

/// <summary>
/// A safetensors file in memory: named tensors and metadata. The format is a header length (8 bytes, little-endian), a JSON header with type, shape and
/// place of every tensor, and the tensors' bytes: https://github.com/huggingface/safetensors.
/// </summary>
public sealed class SafeTensors
{
    private readonly Dictionary<string, SafeTensor> byName = [];

    /// <summary>A file of some tensors.</summary>
    /// <param name="tensors">The tensors, in the order in which their bytes lie in the file.</param>
    /// <param name="metadata">Texts by name; none when null.</param>
    /// <exception cref="ArgumentException">Two tensors have one name, or one is called <c>__metadata__</c>.</exception>
    public SafeTensors(ImmutableArray<SafeTensor> tensors, ImmutableDictionary<string, string>? metadata = null)
    {
        (Tensors, Metadata) = (tensors, metadata ?? ImmutableDictionary<string, string>.Empty);
        foreach (var tensor in tensors)
            if (tensor.Name == MetadataName || !byName.TryAdd(tensor.Name, tensor))
                throw new ArgumentException($"A safetensors file cannot hold this second tensor of the name {tensor.Name}", nameof(tensors));
    }

    /// <summary>The tensors, in the order in which their bytes lie in the file.</summary>
    public ImmutableArray<SafeTensor> Tensors { get; }

    /// <summary>The texts under <c>__metadata__</c>.</summary>
    public ImmutableDictionary<string, string> Metadata { get; }

    internal const string MetadataName = "__metadata__";

    /// <summary>The tensor of that name.</summary>
    /// <exception cref="KeyNotFoundException">There is none; the message lists those that there are.</exception>
    public SafeTensor this[string name] => Find(name)
        ?? throw new KeyNotFoundException($"No tensor '{name}'; there are {string.Join(", ", Tensors.Select(tensor => tensor.Name))}");

    /// <summary>The tensor of that name, or null.</summary>
    public SafeTensor? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>Reads a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="NetworkFileException">It is no valid safetensors file; the message says why.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static SafeTensors Load(string path)
    {
        using var stream = File.OpenRead(path);
        return SafeTensorsReader.Read(stream, path);
    }

    /// <summary>Reads a stream up to its end.</summary>
    /// <param name="stream">A readable stream.</param>
    /// <param name="name">What it is called in messages.</param>
    /// <exception cref="NetworkFileException">It holds no valid safetensors file; the message says why.</exception>
    public static SafeTensors Read(Stream stream, string name = "stream") => SafeTensorsReader.Read(stream, name);

    /// <summary>Writes the file whole or not at all: an older file is kept when writing fails.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">It cannot be written.</exception>
    public void Save(string path) => AtomicFile.Write(path, Write);

    /// <summary>Writes to a stream, which stays open.</summary>
    /// <param name="stream">A writable stream.</param>
    public void Write(Stream stream) => SafeTensorsWriter.Write(this, stream);
}
