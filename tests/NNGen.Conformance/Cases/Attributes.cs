using System.Collections.Immutable;
using System.Text.Json;

namespace NNGen.Conformance.Cases;

/// <summary>The settings of a case or of its optimiser: numbers, truth values, texts and lists by name.</summary>
public sealed class Attributes(ImmutableSortedDictionary<string, JsonElement> values)
{
    /// <summary>No settings.</summary>
    public static Attributes None { get; } = new(ImmutableSortedDictionary<string, JsonElement>.Empty);

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => values.Keys;

    /// <summary>Whether one of these is there.</summary>
    public bool Has(params ReadOnlySpan<string> names) => Find(names) is not null;

    /// <summary>The number under the first of the names that is there.</summary>
    public double Number(double otherwise, params ReadOnlySpan<string> names) =>
        Find(names) is { } value ? Convert(value, JsonValueKind.Number, names, v => v.GetDouble()) : otherwise;

    /// <summary>The integer under the first of the names that is there.</summary>
    public int Integer(int otherwise, params ReadOnlySpan<string> names) =>
        Find(names) is { } value ? Convert(value, JsonValueKind.Number, names, v => v.GetInt32()) : otherwise;

    /// <summary>The truth value of that name.</summary>
    public bool Flag(string name, bool otherwise) => Find(name) switch
    {
        null => otherwise,
        { ValueKind: JsonValueKind.True } => true,
        { ValueKind: JsonValueKind.False } => false,
        { } value => throw new CaseException($"attribute '{name}' must be true or false, not {value.GetRawText()}"),
    };

    /// <summary>The text of that name.</summary>
    public string Text(string name, string otherwise) =>
        Find(name) is { } value ? Convert(value, JsonValueKind.String, [name], v => v.GetString()!) : otherwise;

    /// <summary>The integers under the first of the names that is there: a list, or one number.</summary>
    public int[]? Integers(params ReadOnlySpan<string> names) => Find(names) switch
    {
        null => null,
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(v => v.GetInt32())],
        { } => [Integer(0, names)],
    };

    private JsonElement? Find(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (values.TryGetValue(name, out var value))
                return value;
        return null;
    }

    private static T Convert<T>(JsonElement value, JsonValueKind kind, ReadOnlySpan<string> names, Func<JsonElement, T> get) => value.ValueKind == kind
        ? get(value)
        : throw new CaseException($"attribute '{names[0]}' must be a {kind.ToString().ToLowerInvariant()}, not {value.GetRawText()}");
}
