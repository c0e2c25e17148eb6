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
        var printed = Child.Run("generator", "--cold", what, "--model", model.Name);
        return double.TryParse(printed, NumberStyles.Float, CultureInfo.InvariantCulture, out var milliseconds)
            ? milliseconds
            : throw new InvalidOperationException($"a cold run of {model.Title} printed '{printed}'");
    }
}
