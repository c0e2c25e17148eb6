using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Compression;

namespace NNGen;

/// <summary>Data to train on and held-out data to test with.</summary>
/// <param name="Train">What the training sees.</param>
/// <param name="Test">What it does not.</param>
public sealed record TrainTest(Dataset Train, Dataset Test);

/// <summary>
/// Reads the IDX format of MNIST and its kin (http://yann.lecun.com/exdb/mnist): a magic number 0, 0, type, rank, then the sizes as big-endian 32-bit
/// numbers, then the bytes. Files may be gzipped. The reader is strict: what does not fit to the last byte is an error.
/// </summary>
public static class Idx
{
    private const int Chunk = 1 << 20;

    /// <summary>
    /// Reads the four files of such a set, <c>train-images-idx3-ubyte</c>, <c>train-labels-idx1-ubyte</c>, <c>t10k-images-idx3-ubyte</c>,
    /// <c>t10k-labels-idx1-ubyte</c>, each plain or with <c>.gz</c>; a dot may stand for the dash before <c>idx</c>.
    /// </summary>
    /// <param name="folder">The folder that holds them.</param>
    /// <returns>Columns <c>image</c>, reals [1, height, width] in [0, 1], and <c>label</c>, one per image.</returns>
    /// <exception cref="FileNotFoundException">A file is missing; the message says which names were looked for.</exception>
    /// <exception cref="NetworkFileException">A file is not valid, or the numbers of images and labels differ.</exception>
    public static TrainTest Load(string folder) => new(
        Load(Find(folder, "train-images", "idx3-ubyte"), Find(folder, "train-labels", "idx1-ubyte")),
        Load(Find(folder, "t10k-images", "idx3-ubyte"), Find(folder, "t10k-labels", "idx1-ubyte")));

    /// <summary>Reads a file of images and the file of their labels.</summary>
    /// <param name="images">An IDX file of bytes of rank 3: count, height, width.</param>
    /// <param name="labels">An IDX file of bytes of rank 1: count.</param>
    /// <returns>Columns <c>image</c>, reals [1, height, width] in [0, 1], and <c>label</c>, one per image.</returns>
    /// <exception cref="NetworkFileException">A file is not valid, or the numbers of images and labels differ.</exception>
    public static Dataset Load(string images, string labels)
    {
        var (imageSizes, pixels) = Read(images, 3);
        var (labelSizes, classes) = Read(labels, 1);
        if (imageSizes[0] != labelSizes[0])
            throw new NetworkFileException(labels, $"there are {labelSizes[0]} labels, expected {imageSizes[0]}, one for each image in {images}");
        return new(
            new RealColumn("image", [1, imageSizes[1], imageSizes[2]], Array.ConvertAll(pixels, pixel => pixel / 255f)),
            new LabelColumn("label", [], Array.ConvertAll(classes, label => (int)label)));
    }

    private static string Find(string folder, string name, string format)
    {
        string[] names = [$"{name}-{format}", $"{name}-{format}.gz", $"{name}.{format}", $"{name}.{format}.gz"];
        return names.Select(file => Path.Combine(folder, file)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"There is no {names[0]} or {names[1]} in {folder}", Path.Combine(folder, names[0]));
    }

    private static (ImmutableArray<int> Sizes, byte[] Data) Read(string path, int rank)
    {
        try
        {
            using var file = File.OpenRead(path);
            var isCompressed = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
            file.Position = 0;
            using Stream stream = isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file;
            return Read(stream, path, rank);
        }
        catch (InvalidDataException error)
        {
            throw new NetworkFileException(path, $"the gzip data are damaged: {error.Message}", error);
        }
    }

    private static (ImmutableArray<int> Sizes, byte[] Data) Read(Stream stream, string path, int rank)
    {
        var magic = Bytes(4, "the magic number");
        if (magic is not [0, 0, 8, var found] || found != rank)
            throw Bad($"the magic number is {Convert.ToHexString(magic)}, expected 000008{rank:X2} (IDX, unsigned bytes, rank {rank})");
        var header = Bytes(4 * rank, "the sizes");
        var sizes = Enumerable.Range(0, rank).Select(axis => BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4 * axis))).ToImmutableArray();
        if (sizes.Any(size => size < 1))
            throw Bad($"the sizes are {TensorShape.Text(sizes)}, expected each to be at least 1");
        var count = sizes.Aggregate((Int128)1, (product, size) => product * size);
        if (count > Array.MaxLength)
            throw Bad($"{TensorShape.Text(sizes)} would be {count} bytes, more than {Array.MaxLength}");
        var data = Bytes((int)count, $"the data {TensorShape.Text(sizes)}");
        return stream.ReadByte() < 0 ? (sizes, data) : throw Bad($"there are more bytes than {TensorShape.Text(sizes)} says");

        NetworkFileException Bad(string problem) => new(path, problem);

        // In growing chunks, so that false sizes in the file allocate little.
        byte[] Bytes(int length, string what)
        {
            var bytes = new byte[Math.Min(length, Chunk)];
            for (var filled = 0; ;)
            {
                filled += stream.ReadAtLeast(bytes.AsSpan(filled), bytes.Length - filled, throwOnEndOfStream: false);
                if (filled < bytes.Length)
                    throw Bad($"truncated in {what}: {filled} bytes are left, expected {length}");
                if (filled == length)
                    return bytes;
                Array.Resize(ref bytes, (int)Math.Min(length, 2L * filled));
            }
        }
    }
}
