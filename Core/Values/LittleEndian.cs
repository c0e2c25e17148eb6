using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace NNGen;

/// <summary>Floats as files hold them: little-endian, on every machine.</summary>
internal static class LittleEndian
{
    /// <summary>The bytes of some floats.</summary>
    public static byte[] Bytes(ReadOnlySpan<float> values)
    {
        var bytes = MemoryMarshal.AsBytes(values).ToArray();
        if (!BitConverter.IsLittleEndian)
            Swap(MemoryMarshal.Cast<byte, uint>(bytes.AsSpan()));
        return bytes;
    }

    /// <summary>Writes the bytes of some floats to a stream, without a copy where the machine's order is the file's.</summary>
    public static void Write(Stream stream, ReadOnlySpan<float> values) =>
        stream.Write(BitConverter.IsLittleEndian ? MemoryMarshal.AsBytes(values) : Bytes(values));

    /// <summary>The floats in some bytes.</summary>
    public static void Read(ReadOnlySpan<byte> bytes, Span<float> values)
    {
        bytes.CopyTo(MemoryMarshal.AsBytes(values));
        if (!BitConverter.IsLittleEndian)
            Swap(MemoryMarshal.Cast<float, uint>(values));
    }

    private static void Swap(Span<uint> words)
    {
        foreach (ref var word in words)
            word = BinaryPrimitives.ReverseEndianness(word);
    }
}
