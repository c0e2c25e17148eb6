using System.Globalization;

namespace NNGen.Benchmarks.Versus;

/// <summary>The most memory that a process held, which the system keeps count of.</summary>
internal static class Memory
{
    private const int Steps = 20;
    private const string Status = "/proc/self/status", Peak = "VmHWM:";

    /// <summary>In a child: some train steps of one side.</summary>
    /// <returns>MiB that the process held at most.</returns>
    public static double Here(Func<ISide> side)
    {
        using var made = side();
        made.BeginTraining();
        for (var step = 0; step < Steps; step++)
            made.Step();
        return Held();
    }

    /// <summary>Both sides in a child each, which prints its MiB.</summary>
    /// <param name="name">The case's name.</param>
    /// <param name="arguments">The command that measures the side of this name.</param>
    public static MemoryRow InChildren(string name, Func<string, string[]> arguments)
    {
        Held();
        return new(name, Of(VersusCommand.Ours), Of(VersusCommand.Peer));

        double Of(string side) => double.TryParse(Child.Run(arguments(side)), NumberStyles.Float, CultureInfo.InvariantCulture, out var held) ? held
            : throw new InvalidOperationException($"no figure came back for the memory of {name}");
    }

    // The line reads `VmHWM:   123456 kB`.
    private static double Held() => File.Exists(Status) && File.ReadLines(Status).FirstOrDefault(line => line.StartsWith(Peak, StringComparison.Ordinal)) is { } line
        ? double.Parse(line[Peak.Length..].Replace("kB", "", StringComparison.Ordinal), NumberStyles.Any, CultureInfo.InvariantCulture) / 1024
        : throw new InvalidOperationException($"memory is read from {Status}, which only Linux has");
}
