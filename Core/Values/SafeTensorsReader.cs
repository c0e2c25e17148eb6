using System.Buffers.Binary;
using System.Collections.Immutable;

namespace NNGen;

/// <summary>Reads safetensors files from anywhere: no allocation follows a size that the stream has not been seen to hold.</summary>
internal static class SafeTensorsReader
{
    private const int MaximalHeader = 100_000_000; // the format's own limit
    private const int Chunk = 1 << 20;

    /// <summary>Reads a whole file; throws <see cref="NetworkFileException"/> when it is not valid.</summary>
    public static SafeTensors Read(Stream stream, string file)
    {
        var prefix = Bytes(8, "the header's length");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length is < 2 or > MaximalHeader)
            throw Bad($"no safetensors file: its header would have {length} bytes, expected 2 to {MaximalHeader}");
        var entries = SafeTensorsHeader.Parse(Bytes((int)length, "the header"), file, out var metadata);
        RequireContiguous(entries);

        var tensors = entries.Select(entry => new SafeTensor(entry.Name, entry.Type, entry.Shape, Bytes((int)(entry.End - entry.Start), entry.Name)));
        var result = new SafeTensors([.. tensors], metadata);
        return stream.ReadByte() < 0 ? result : throw Bad($"there are bytes after the last tensor's end at {entries.LastOrDefault()?.End ?? 0}");

        NetworkFileException Bad(string problem) => new(file, problem);

        // In chunks where the stream does not tell its length, so that a false length in the file allocates little.
        byte[] Bytes(int count, string what)
        {
            var known = stream.CanSeek ? stream.Length - stream.Position : Chunk;
            if (stream.CanSeek && known < count)
                throw Bad($"truncated in {what}: {known} bytes are left, expected {count}");
            var bytes = new byte[(int)Math.Min(count, known)];
            for (var filled = 0; ;)
            {
                var got = stream.ReadAtLeast(bytes.AsSpan(filled), bytes.Length - filled, throwOnEndOfStream: false);
                filled += got;
                if (filled < bytes.Length)
                    throw Bad($"truncated in {what}: {filled} bytes are left, expected {count}");
                if (filled == count)
                    return bytes;
                Array.Resize(ref bytes, (int)Math.Min(count, 2L * filled));
            }
        }

        void RequireContiguous(ImmutableArray<SafeTensorsHeader.Entry> sorted)
        {
            var end = 0L;
            foreach (var entry in sorted)
            {
                if (entry.Start != end)
                    throw Bad($"{entry.Name} starts at byte {entry.Start} of the data, expected {end}: tensors must follow each other without gap or overlap");
                end = entry.End;
            }
        }
    }
}
