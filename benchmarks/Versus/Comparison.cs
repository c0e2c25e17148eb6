using System.Diagnostics;
using NNGen.Benchmarks.Peak;

namespace NNGen.Benchmarks.Versus;

/// <summary>What two ways to do the same took, and what the core could do in between.</summary>
/// <param name="FirstMs">Milliseconds of one run of the first, the median of the rounds.</param>
/// <param name="SecondMs">Milliseconds of one run of the second, the median of the rounds.</param>
/// <param name="PeakGflops">The FMA peak of one core in GFLOP/s, the upper decile of windows in the same rounds.</param>
internal sealed record Comparison(double FirstMs, double SecondMs, double PeakGflops)
{
    private const int LeastRounds = 5;

    // Of a millisecond each. libtorch's threads stay awake for some 5 ms after their last work, and would hold the cores that the next one's threads are to have.
    private const int PeakWindows = 12;

    private const double RoundSeconds = 0.01, WarmSeconds = 0.5, MostWarmSeconds = 3;

    // Enough calls for the runtime to compile for good what is called.
    private const int WarmRuns = 40;

    /// <summary>Alternates both in short rounds, windows of the peak between them. A round begins anew and runs each once before it takes the time.</summary>
    /// <param name="begin">Prepares both for a round; takes no part in the times.</param>
    /// <param name="first">One run of the first.</param>
    /// <param name="second">One run of the second.</param>
    /// <param name="seconds">How long to go on.</param>
    public static Comparison Measure(Action begin, Action first, Action second, double seconds)
    {
        begin();
        var (firstRuns, secondRuns) = (Warm(first), Warm(second));
        var peak = FmaPeak.InWindowsOf();
        var (firstTimes, secondTimes, peaks) = (new List<double>(), new List<double>(), new List<double>());
        for (var watch = Stopwatch.StartNew(); watch.Elapsed.TotalSeconds < seconds || firstTimes.Count < LeastRounds;)
        {
            begin();
            for (var window = 0; window < PeakWindows; window++)
                peaks.Add(peak.Window());
            firstTimes.Add(Time(first, firstRuns));
            secondTimes.Add(Time(second, secondRuns));
        }
        return new(Numbers.Median(firstTimes), Numbers.Median(secondTimes), Numbers.UpperDecile(peaks));
    }

    private static double Time(Action run, int runs)
    {
        run();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < runs; i++)
            run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds / runs;
    }

    /// <summary>Warms up.</summary>
    /// <returns>How many runs make a round's share.</returns>
    private static int Warm(Action run)
    {
        var watch = Stopwatch.StartNew();
        var last = 0.0;
        for (var done = 0; (done < WarmRuns || watch.Elapsed.TotalSeconds < WarmSeconds) && watch.Elapsed.TotalSeconds < MostWarmSeconds; done++)
        {
            var start = Stopwatch.GetTimestamp();
            run();
            last = Stopwatch.GetElapsedTime(start).TotalSeconds;
        }
        return (int)Math.Clamp(RoundSeconds / last, 1, 10_000);
    }
}
