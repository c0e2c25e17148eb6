using System.Diagnostics;

namespace NNGen.Benchmarks;

/// <summary>This program once more, in a process that has done nothing yet.</summary>
internal static class Child
{
    /// <summary>Runs a command of this program to its end.</summary>
    /// <param name="arguments">The command and its options.</param>
    /// <returns>What it printed, without space around it.</returns>
    /// <exception cref="InvalidOperationException">It did not start, or ended with an error.</exception>
    public static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        // Where the host is `dotnet`, the program is its first argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(Child).Assembly.Location);
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var child = Process.Start(start) ?? throw new InvalidOperationException($"could not start {start.FileName}");
        var printed = child.StandardOutput.ReadToEnd().Trim();
        child.WaitForExit();
        return child.ExitCode == 0 ? printed
            : throw new InvalidOperationException($"'{string.Join(' ', arguments)}' ended with {child.ExitCode} and printed '{printed}'");
    }
}
