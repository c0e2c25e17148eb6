using System.Collections.Immutable;
using System.Text.Json;

namespace NNGen;

/// <summary>The JSON header of a safetensors file, checked.</summary>
internal static class SafeTensorsHeader
{
    /// <summary>One tensor's line: its bytes are [Start, End) of the data.</summary>
    public sealed record Entry(string Name, SafeTensorType Type, ImmutableArray<int> Shape, long Start, long End);

    /// <summary>The tensors sorted by place, and the metadata.</summary>
    /// <exception cref="NetworkFileException">The header is not valid; the message names the tensor.</exception>
    public static ImmutableArray<Entry> Parse(ReadOnlySpan<byte> header, string file, out ImmutableDictionary<string, string> metadata)
    {
        var entries = new Dictionary<string, Entry>();
        var texts = new Dictionary<string, string>();
        try
        {
            if (header[0] != '{')
                throw new JsonException("it does not begin with '{'");
            var json = new Utf8JsonReader(header, new JsonReaderOptions { MaxDepth = 8 });
            json.Read();
            var hasMetadata = false;
            while (Next(ref json) is { } name)
            {
                if (name == SafeTensors.MetadataName && !hasMetadata)
                    hasMetadata = ReadMetadata(ref json, texts);
                else if (name == SafeTensors.MetadataName || !entries.TryAdd(name, ReadEntry(ref json, name)))
                    throw new JsonException($"{name} appears twice");
            }

            while (json.Read())
            {
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or FormatException)
        {
            throw new NetworkFileException(file, $"the safetensors header is not valid: {error.Message}", error);
        }

        metadata = texts.ToImmutableDictionary();
        return [.. entries.Values.OrderBy(entry => entry.Start).ThenBy(entry => entry.End)];
    }

    private static bool ReadMetadata(ref Utf8JsonReader json, Dictionary<string, string> texts)
    {
        Expect(ref json, JsonTokenType.StartObject, SafeTensors.MetadataName);
        while (Next(ref json) is { } name)
        {
            Expect(ref json, JsonTokenType.String, $"{SafeTensors.MetadataName}.{name}");
            if (!texts.TryAdd(name, json.GetString()!))
                throw new JsonException($"{SafeTensors.MetadataName}.{name} appears twice");
        }

        return true;
    }

    private static Entry ReadEntry(ref Utf8JsonReader json, string tensor)
    {
        SafeTensorType? type = null;
        List<long>? shape = null, offsets = null;
        Expect(ref json, JsonTokenType.StartObject, tensor);
        while (Next(ref json) is { } name)
        {
            switch (name)
            {
                case "dtype" when type is null:
                    Expect(ref json, JsonTokenType.String, $"{tensor}.dtype");
                    type = ReadType(tensor, json.GetString()!);
                    break;
                case "shape" when shape is null:
                    shape = ReadNumbers(ref json, $"{tensor}.shape");
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref json, $"{tensor}.data_offsets");
                    break;
                default:
                    throw new JsonException($"{tensor} has a second or unknown entry '{name}'; expected dtype, shape, data_offsets");
            }
        }

        return type is { } known && shape is not null && offsets is [var start, var end]
            ? Checked(new(tensor, known, [.. shape.Select(size => Size(tensor, size))], start, end))
            : throw new JsonException($"{tensor} needs dtype, shape and two data_offsets");
    }

    private static Entry Checked(Entry entry)
    {
        Int128 bytes = SafeTensor.SizeOf(entry.Type);
        foreach (var size in entry.Shape)
            if ((bytes *= size) > Array.MaxLength)
                throw new JsonException($"{entry.Name} {TensorShape.Text(entry.Shape)} has more than {Array.MaxLength} bytes");
        return entry.Start >= 0 && entry.End - (Int128)entry.Start == bytes
            ? entry
            : throw new JsonException(
                $"{entry.Name} {TensorShape.Text(entry.Shape)} of {entry.Type} needs {bytes} bytes; its data_offsets are {entry.Start} and {entry.End}");
    }

    private static int Size(string tensor, long size) => size is >= 0 and <= int.MaxValue
        ? (int)size
        : throw new JsonException($"{tensor}.shape has a size {size}, expected 0 to {int.MaxValue}");

    private static SafeTensorType ReadType(string tensor, string name)
    {
        foreach (var type in Enum.GetValues<SafeTensorType>())
            if (type.ToString() == name)
                return type;
        throw new JsonException($"{tensor} has dtype '{name}', expected one of {string.Join(", ", Enum.GetNames<SafeTensorType>())}");
    }

    private static List<long> ReadNumbers(ref Utf8JsonReader json, string what)
    {
        var numbers = new List<long>();
        Expect(ref json, JsonTokenType.StartArray, what);
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
            numbers.Add(json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var number)
                ? number
                : throw new JsonException($"{what} must be a list of whole numbers"));
        return numbers;
    }

    // The next property's name within an object, or null at its end.
    private static string? Next(ref Utf8JsonReader json) =>
        json.Read() && json.TokenType == JsonTokenType.PropertyName ? json.GetString() : null;

    private static void Expect(ref Utf8JsonReader json, JsonTokenType type, string what)
    {
        if (!json.Read() || json.TokenType != type)
            throw new JsonException($"{what} must be of JSON type {type}");
    }
}
