using System.Diagnostics;

namespace NNGen.Benchmarks.Generator;

/// <summary>What some rounds took.</summary>
/// <param name="Median">Milliseconds.</param>
/// <param name="Least">Milliseconds of the fastest round: what it takes when nothing else runs.</param>
/// <param name="Kilobytes">Allocated by a round (median).</param>
public sealed record Measurement(double Median, double Least, double Kilobytes)
{
    /// <summary>Warms up for two seconds, in which the runtime compiles what is hot for good, then measures; what a round needs is prepared outside its time.</summary>
    public static Measurement Of<T>(int rounds, Func<int, T> prepare, Action<T> run)
    {
        var warm = Stopwatch.StartNew();
        for (var i = 0; i < 2 || (warm.ElapsedMilliseconds < 2000 && i < 1000); i++)
            run(prepare(i));
        var (times, bytes) = (new double[rounds], new double[rounds]);
        for (var i = 0; i < rounds; i++)
        {
            var prepared = prepare(i);
            var before = GC.GetAllocatedBytesForCurrentThread();
            var watch = Stopwatch.StartNew();
            run(prepared);
            (times[i], bytes[i]) = (watch.Elapsed.TotalMilliseconds, (GC.GetAllocatedBytesForCurrentThread() - before) / 1024.0);
        }
        return new(MedianOf(times), times.Min(), MedianOf(bytes));
    }

    public static Measurement Of(int rounds, Action run) => Of(rounds, _ => 0, _ => run());

    private static double MedianOf(double[] values)
    {
        var sorted = values.Order().ToArray();
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
