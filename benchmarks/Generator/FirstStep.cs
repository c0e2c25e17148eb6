using System.Diagnostics;
using System.Globalization;
using NNGen.Benchmarks.Versus;

namespace NNGen.Benchmarks.Generator;

/// <summary>The time from a process's start to the end of its first train step: loading, compiling the network's kernels, gradient and Adam.</summary>
internal static class FirstStep
{
    /// <summary>The cases whose first step is measured.</summary>
    public static readonly string[] Names = ["lenet5", "resnet20"];

    /// <summary>In the child: does the step.</summary>
    /// <returns>Milliseconds since the process began.</returns>
    public static double Here(string name)
    {
        using var side = Cases.All.Single(one => one.Name == name).Ours(1);
        side.BeginTraining();
        side.Step();
        return (DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds;
    }

    /// <summary>The median of some children, in milliseconds.</summary>
    public static double InChildren(string name, int children)
    {
        var times = Enumerable.Range(0, children).Select(_ => double.Parse(Child.Run("generator", "--first-step", name), CultureInfo.InvariantCulture)).Order().ToArray();
        return times[times.Length / 2];
    }
}
