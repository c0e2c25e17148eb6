using System.Collections.Immutable;
using System.CommandLine;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Spectre.Console;

namespace NNGen.Benchmarks.Peak;

/// <summary>A row of `peak`.</summary>
/// <param name="Kernel">What ran.</param>
/// <param name="Gflops">GFLOP/s, the upper decile of its windows, with the stack where it suits the kernel worst.</param>
/// <param name="Share">The same of the FMA peak, from 0; the peak itself has 1.</param>
/// <param name="BestShare">The share with the stack where it suits the kernel best; much more than the other means that registers are spilled.</param>
internal sealed record PeakRow(string Kernel, double Gflops, double Share, double BestShare);

/// <summary>What `peak` found.</summary>
internal sealed record PeakReport(string Machine, ImmutableArray<PeakRow> Rows);

/// <summary>`peak`: the FMA peak of one core, and what kernels reach of it.</summary>
internal static class PeakCommand
{
    private const int Alternations = 100;

    // Bytes: the stack begins at a multiple of 16.
    private const int StackStep = 16, StackPlaces = 4;

    // Bytes from a line's beginning, which is where generated programs have their memory.
    private const int UsualOffset = 0;

    private const double WindowSeconds = 1e-3, WarmSeconds = 0.05;

    public static Command Create()
    {
        var json = new Option<FileInfo?>("--json") { Description = "Where a report with all figures goes." };
        var only = new Option<string>("--only") { Description = "Only the kernels whose name contains this.", DefaultValueFactory = _ => "" };
        var offset = new Option<int>("--offset") { Description = "Bytes from a cache line's beginning to the first number of a kernel's data.", DefaultValueFactory = _ => UsualOffset };
        var command = new Command("peak", "Measures the peak of fused multiply-adds on one core, and the share of it that kernels reach, in GFLOP/s of float32.") { only, offset, json };
        command.SetAction(parsed =>
        {
            Output.RequireFolder(parsed.GetValue(json));
            Floats.Offset = parsed.GetValue(offset);
            var peak = FmaPeak.InWindowsOf(1000 * WindowSeconds);
            var (peaks, rows) = (new List<double>(), new List<PeakRow>());
            foreach (var kernel in PeakKernels.All.Select(make => make()).Where(kernel => kernel.Name.Contains(parsed.GetValue(only)!, StringComparison.OrdinalIgnoreCase)))
            {
                kernel.Run();
                if (kernel.Check() is { } fault)
                {
                    Console.Error.WriteLine($"{kernel.Name}: {fault}");
                    return 1;
                }
                rows.Add(Measure(kernel, peak, peaks));
            }
            for (var window = 0; window < Alternations && rows is []; window++)
                peaks.Add(peak.Window());
            var report = new PeakReport(Output.Machine, [new($"FMA peak, {FmaPeak.Form}", Numbers.UpperDecile(peaks), 1, 1), .. rows]);
            Print(report);
            if (parsed.GetValue(json) is { } file)
                Output.Write(file, report, JsonNamingPolicy.SnakeCaseLower);
            return 0;
        });
        return command;
    }

    // Windows alternate, so that the peak and the kernel, at all places of the stack, see the same machine.
    private static PeakRow Measure(PeakKernel kernel, FmaPeak peak, List<double> peaks)
    {
        var warm = Stopwatch.StartNew();
        var done = 0;
        for (; warm.Elapsed.TotalSeconds < WarmSeconds; done++)
            kernel.Run();
        var runs = Math.Max(1, (int)Math.Round(done * WindowSeconds / warm.Elapsed.TotalSeconds));
        var beside = new double[StackPlaces * Alternations];
        var own = new double[StackPlaces][];
        for (var place = 0; place < StackPlaces; place++)
            own[place] = new double[Alternations];
        for (var i = 0; i < beside.Length; i++)
            (beside[i], own[i % StackPlaces][i / StackPlaces]) = (peak.Window(), Window(kernel, runs, i % StackPlaces * StackStep));
        peaks.AddRange(beside);
        var (most, rates) = (Numbers.UpperDecile(beside), own.Select(Numbers.UpperDecile).ToArray());
        return new(kernel.Name, rates.Min(), rates.Min() / most, rates.Max() / most);
    }

    // One window, in GFLOP/s, with the stack so many bytes further down.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static double Window(PeakKernel kernel, int runs, int shift)
    {
        Span<byte> room = stackalloc byte[StackStep + shift];
        room[^1] = 1;
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < runs; i++)
            kernel.Run();
        // The room is there until now.
        return room[^1] * runs * kernel.Flops / Stopwatch.GetElapsedTime(start).TotalSeconds / 1e9;
    }

    private static void Print(PeakReport report)
    {
        Output.Terminal.WriteLine($"{report.Machine}; one core; upper deciles of {Alternations} windows of {1000 * WindowSeconds} ms in turns with the peak's, at the worst of {StackPlaces} places of the stack; data {Floats.Offset} bytes into a line");
        var table = new Table().AddColumns(new TableColumn("kernel"), new TableColumn("GFLOP/s").RightAligned(), new TableColumn("of the peak").RightAligned(), new TableColumn("at best").RightAligned());
        foreach (var row in report.Rows)
            table.AddRow(Markup.Escape(row.Kernel), Output.Text(row.Gflops), Output.Percent(row.Share), Output.Percent(row.BestShare));
        Output.Terminal.Write(table);
    }
}
