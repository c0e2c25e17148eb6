using System.Globalization;

namespace NNGen.Generators.Read;

internal static partial class Library
{
    private static IEnumerable<KeyValuePair<string, LibraryMember>> Strings =>
    [
        new("String.get_Length", call => call.Text.Length),
        new("String.get_Chars", call => call.Int(0) is var at && at >= 0 && at < call.Text.Length ? call.Text[at] : throw new ArgumentOutOfRangeException("index")),
        new("String.Contains", call => call.Text.Contains(Joined(call[0]))),
        new("String.StartsWith", call => call.Text.StartsWith(Joined(call[0]), StringComparison.Ordinal)),
        new("String.EndsWith", call => call.Text.EndsWith(Joined(call[0]), StringComparison.Ordinal)),
        new("String.IndexOf", call => call.Text.IndexOf(Joined(call[0]), StringComparison.Ordinal)),
        new("String.Split", call => Sequence.Array(call.Text.Split([Joined(call[0])], StringSplitOptions.None))),
        new("String.Substring", call => call.Count == 1 ? call.Text.Substring(call.Int(0)) : call.Text.Substring(call.Int(0), call.Int(1))),
        new("String.Replace", call => call.Text.Replace(Joined(call[0]), Joined(call[1]))),
        new("String.Trim", call => call.Text.Trim()),
        new("String.ToUpperInvariant", call => call.Text.ToUpperInvariant()),
        new("String.ToLowerInvariant", call => call.Text.ToLowerInvariant()),
        new("String.ToUpper", call => call.Text.ToUpperInvariant()),
        new("String.ToLower", call => call.Text.ToLowerInvariant()),
        new("String.PadLeft", call => call.Text.PadLeft(Math.Min(call.Int(0), 10_000), call.Count > 1 ? (char)call[1]! : ' ')),
        new("String.PadRight", call => call.Text.PadRight(Math.Min(call.Int(0), 10_000), call.Count > 1 ? (char)call[1]! : ' ')),
        new("String.IsNullOrEmpty", call => string.IsNullOrEmpty(call[0] as string)),
        new("String.IsNullOrWhiteSpace", call => string.IsNullOrWhiteSpace(call[0] as string)),
        new("String.Concat", call => string.Concat(Enumerable.Range(0, call.Count).SelectMany(i => call[i] is Sequence parts ? parts.Items : [call[i]]).Select(Joined))),
        new("String.Join", call => string.Join(Joined(call[0]), call.Items(1).Select(Joined))),
        new("String.Equals", call => Equals(call.Receiver ?? call[0], call[call.Count - 1])),
        new("String.ToString", call => call.Text),
        new("String.ToCharArray", call => Sequence.Array(call.Text.Select(c => (object?)c))),
        new("Char.IsDigit", call => char.IsDigit((char)call[0]!)),
        new("Char.IsLetter", call => char.IsLetter((char)call[0]!)),
        new("Char.IsUpper", call => char.IsUpper((char)call[0]!)),
        new("Char.IsLower", call => char.IsLower((char)call[0]!)),
        new("Char.ToString", call => Joined(call.Receiver)),
        new("Object.ToString", call => Joined(call.Receiver)),
        new("Object.Equals", call => call.Receiver is null ? Equals(call[0], call.Count > 1 ? call[1] : null) : Equals(call.Receiver, call[0])),
        new("Object.ReferenceEquals", call => ReferenceEquals(call[0], call[1])),
        new("Boolean.ToString", call => Joined(call.Receiver)),
        new("Convert.ToInt32", call => call.Result(Math.Round(Real(call[0])))),
        new("Convert.ToSingle", call => call.Result(call[0])),
        new("Convert.ToDouble", call => call.Result(call[0])),
    ];

    private static string Joined(object? value) => value switch
    {
        null => "",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        bool truth => truth ? "True" : "False",
        string or char => value.ToString()!,
        _ => throw new NotSupportedException("the text of this value is not known while compiling"),
    };
}
