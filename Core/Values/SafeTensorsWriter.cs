using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json;

namespace NNGen;

/// <summary>Writes safetensors files.</summary>
internal static class SafeTensorsWriter
{
    /// <summary>Writes header length, header (padded with spaces, so that the data start at a multiple of 8) and data.</summary>
    public static void Write(SafeTensors file, Stream stream)
    {
        var header = Header(file);
        var padding = -header.WrittenCount & 7;
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.WrittenCount + padding);
        stream.Write(length);
        stream.Write(header.WrittenSpan);
        stream.Write("        "u8[..padding]);
        foreach (var tensor in file.Tensors)
            stream.Write(tensor.Data.Span);
    }

    private static ArrayBufferWriter<byte> Header(SafeTensors file)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        if (!file.Metadata.IsEmpty)
        {
            json.WriteStartObject(SafeTensors.MetadataName);
            foreach (var (name, text) in file.Metadata.OrderBy(entry => entry.Key, StringComparer.Ordinal))
                json.WriteString(name, text);
            json.WriteEndObject();
        }

        var offset = 0L;
        foreach (var tensor in file.Tensors)
        {
            json.WriteStartObject(tensor.Name);
            json.WriteString("dtype", tensor.Type.ToString());
            json.WriteStartArray("shape");
            foreach (var size in tensor.Shape)
                json.WriteNumberValue(size);
            json.WriteEndArray();
            json.WriteStartArray("data_offsets");
            json.WriteNumberValue(offset);
            json.WriteNumberValue(offset += tensor.Data.Length);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.Flush();
        return buffer;
    }
}
