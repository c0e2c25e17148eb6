using System.Collections.Immutable;

namespace NNGen;

/// <summary>A file of weights, a training state or data is not what it should be. Nothing of it has been taken.</summary>
public sealed class NetworkFileException : IOException
{
    /// <summary>An exception for one or more problems of a file.</summary>
    /// <param name="file">The file's path, or what the stream is.</param>
    /// <param name="problems">What is wrong, with what was found and what was expected; at least one.</param>
    public NetworkFileException(string file, params ImmutableArray<string> problems)
        : base(problems.Length == 1 ? $"{file}: {problems[0]}" : $"{file}: {string.Join("; ", problems)}") => (File, Problems) = (file, problems);

    /// <summary>An exception for a problem that another exception tells about.</summary>
    /// <param name="file">The file's path, or what the stream is.</param>
    /// <param name="problem">What is wrong.</param>
    /// <param name="inner">The exception.</param>
    public NetworkFileException(string file, string problem, Exception inner) : base($"{file}: {problem}", inner) => (File, Problems) = (file, [problem]);

    /// <summary>The file's path, or what the stream is.</summary>
    public string File { get; }

    /// <summary>What is wrong, one entry per fault.</summary>
    public ImmutableArray<string> Problems { get; }
}
