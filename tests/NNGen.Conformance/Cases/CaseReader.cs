using System.Collections.Immutable;
using System.Text.Json;

namespace NNGen.Conformance.Cases;

/// <summary>Reads folders of <c>case.json</c> and <c>data.safetensors</c>.</summary>
public static class CaseReader
{
    /// <summary>The cases below a folder, sorted by name; only those of one name if it is given.</summary>
    /// <exception cref="CaseException">The folder is missing or holds no case.</exception>
    public static ImmutableArray<string> Folders(string folder, string? only = null)
    {
        if (!Directory.Exists(folder))
            throw new CaseException($"there is no folder '{folder}'");
        var cases = Directory.GetDirectories(folder).Where(path => File.Exists(Path.Combine(path, "case.json"))).Order(StringComparer.Ordinal).ToArray();
        if (cases.Length == 0)
            throw new CaseException($"'{folder}' holds no case: a case is a folder with case.json and data.safetensors");
        if (only is null)
            return [.. cases];
        var named = cases.Where(path => Path.GetFileName(path) == only).ToImmutableArray();
        return named.IsEmpty
            ? throw new CaseException($"'{folder}' holds no case '{only}'; it holds {string.Join(", ", cases.Select(Path.GetFileName))}")
            : named;
    }

    /// <summary>Reads one case.</summary>
    /// <exception cref="CaseException">A file is missing or malformed; the message names it.</exception>
    public static Case Read(string folder)
    {
        var file = Path.Combine(folder, "case.json");
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(file));
            var root = json.RootElement;
            var shapes = Property(root, "tensors", JsonValueKind.Object)?.EnumerateObject()
                .ToDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(size => size.GetInt32()).ToArray()) ?? throw Missing("tensors");
            var read = new Case(
                Property(root, "name", JsonValueKind.String)?.GetString() ?? throw Missing("name"),
                Property(root, "what", JsonValueKind.String)?.GetString() ?? "",
                Settings(root, "attributes"),
                Property(root, "losses", JsonValueKind.Array)?.EnumerateArray().Select(loss => loss.GetDouble()).ToImmutableArray() ?? [],
                Settings(root, "optimizer"),
                SafeTensors.Load(Path.Combine(folder, "data.safetensors")));
            foreach (var (name, shape) in shapes)
                if (read.Shape(name) is var stored && !stored.SequenceEqual(shape))
                    throw new CaseException($"tensor '{name}' is [{string.Join(", ", shape)}] here, but [{string.Join(", ", stored)}] in data.safetensors");
            return read;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or FormatException or CaseException)
        {
            throw new CaseException($"{file}: {fault.Message}");
        }
        catch (IOException fault)
        {
            throw new CaseException(fault.Message);
        }
    }

    private static Attributes Settings(JsonElement root, string name) => Property(root, name, JsonValueKind.Object) is { } settings
        ? new(settings.EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.Clone(), StringComparer.Ordinal))
        : Attributes.None;

    private static JsonElement? Property(JsonElement root, string name, JsonValueKind kind) =>
        root.ValueKind != JsonValueKind.Object ? throw new CaseException("the file must hold one JSON object")
        : !root.TryGetProperty(name, out var value) ? null
        : value.ValueKind == kind ? value
        : throw new CaseException($"'{name}' must be a JSON {kind.ToString().ToLowerInvariant()}");

    private static CaseException Missing(string name) => new($"'{name}' is missing");
}
