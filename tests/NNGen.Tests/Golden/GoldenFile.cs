using NNGen.Tests.House;

namespace NNGen.Tests.Golden;

/// <summary>Text that is kept beside the tests, so that a change of what the compiler prints is seen. NNGEN_UPDATE_GOLDEN=1 writes the files anew, for a look at their difference.</summary>
internal static class GoldenFile
{
    public static void Check(string name, string actual)
    {
        var path = Path.Combine(Repository.Root, "tests", "NNGen.Tests", "Golden", name + ".txt");
        if (Environment.GetEnvironmentVariable("NNGEN_UPDATE_GOLDEN") == "1")
            File.WriteAllText(path, actual);
        Assert.True(File.Exists(path), $"{path} is missing; NNGEN_UPDATE_GOLDEN=1 writes it.");
        var expected = File.ReadAllText(path).ReplaceLineEndings("\n");
        Assert.True(expected == actual, $"{name}: the text changed at line {FirstDifference(expected, actual)}; if that is meant, NNGEN_UPDATE_GOLDEN=1 updates {path}. It is now:\n{actual}");
    }

    /// <summary>A member of printed source by a part of its first line: with the comments above it, to its closing brace, moved to the left.</summary>
    public static string Excerpt(string source, string header)
    {
        var lines = source.Split('\n');
        var start = Array.FindIndex(lines, line => line.Contains(header, StringComparison.Ordinal));
        Assert.True(start >= 0, $"nothing is printed with `{header}` in\n{source}");
        var indent = lines[start].Length - lines[start].TrimStart().Length;
        var end = Array.FindIndex(lines, start, line => line == new string(' ', indent) + "}");
        while (lines[start - 1].TrimStart() is ['/', ..] or ['[', ..])
            start--;
        return string.Concat(lines[start..(end + 1)].Select(line => (line.Length > indent ? line[indent..] : "") + "\n"));
    }

    static int FirstDifference(string expected, string actual) =>
        1 + expected.Split('\n').Zip(actual.Split('\n')).TakeWhile(pair => pair.First == pair.Second).Count();
}
