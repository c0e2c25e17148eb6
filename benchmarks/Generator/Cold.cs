using System.Diagnostics;
using System.Globalization;

namespace NNGen.Benchmarks.Generator;

/// <summary>What something takes in a process that has done nothing yet: each in a process of its own, which prints its milliseconds.</summary>
internal static class Cold
{
    public const string Read = "read", Generator = "generator";

    /// <summary>In the child: does it once.</summary>
    public static double Here(string what, Model model)
    {
        var project = new Project(model);
        var driver = Project.Driver();
        var watch = Stopwatch.StartNew();
        if (what == Read)
            Project.Read(project.Compilation, model);
        else
            driver.RunGenerators(project.Compilation);
        return watch.Elapsed.TotalMilliseconds;
    }

    /// <summary>The median of some children.</summary>
    public static double InChildren(string what, Model model, int children)
    {
        var times = Enumerable.Range(0, children).Select(_ => InChild(what, model)).Order().ToArray();
        return times[times.Length / 2];
    }

    private static double InChild(string what, Model model)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true };
        // Where the host is `dotnet`, the program is its first argument.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Add(typeof(Cold).Assembly.Location);
        foreach (var argument in new[] { "generator", "--cold", what, "--model", model.Name })
            start.ArgumentList.Add(argument);
        using var child = Process.Start(start) ?? throw new InvalidOperationException($"could not start {start.FileName}");
        var printed = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return child.ExitCode == 0 && double.TryParse(printed, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds)
            ? milliseconds
            : throw new InvalidOperationException($"a cold run of {model.Title} ended with {child.ExitCode} and printed '{printed.Trim()}'");
    }
}
