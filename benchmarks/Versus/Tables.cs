using Spectre.Console;

namespace NNGen.Benchmarks.Versus;

/// <summary>The figures as tables on the terminal.</summary>
internal static class Tables
{
    public static void Print(IAnsiConsole console, VersusReport report)
    {
        console.WriteLine($"{report.Machine}; against {report.Peer} on {Threads(report.Threads)}");
        if (report.Threads > 1)
            console.WriteLine("Our predictions run on one thread: Predict has no choice of threads.");

        var losses = Right(new Table().Title("Agreement after the same steps").AddColumns("case", "in", "our loss", "peer's loss", "difference of losses", "of predictions"));
        foreach (var found in report.Losses)
            losses.AddRow(found.Case, found.Layout, $"{found.Ours:0.00000}", $"{found.Peer:0.00000}", $"{found.LossDifference:0.0e+0}", $"{found.PredictionDifference:0.0e+0}");
        console.Write(losses);

        var times = Right(new Table().Title("Milliseconds, medians").AddColumns("case", "what", "threads", "ours", "peer", "in", "peer / ours", "of the FMA peak"));
        foreach (var row in report.Rows.OfType<TimeRow>())
            times.AddRow(row.Case, row.What, $"{row.Threads}", Output.Text(row.OursMs), Output.Text(row.PeerMs), row.PeerLayout, Output.Text(row.Ratio), Output.Percent(row.ShareOfPeak));
        console.Write(times);

        if (report.Rows.OfType<MemoryRow>().ToArray() is [_, ..] rows)
        {
            var memory = Right(new Table().Title("Peak memory, MiB").AddColumns("case", "ours", "peer", "peer / ours"));
            foreach (var row in rows)
                memory.AddRow(row.Case, Output.Text(row.OursMb), Output.Text(row.PeerMb), Output.Text(row.Ratio));
            console.Write(memory);
        }
    }

    private static string Threads(int count) => count == 1 ? "1 thread" : $"{count} threads";

    private static Table Right(Table table)
    {
        foreach (var column in table.Columns.Skip(1))
            column.RightAligned();
        return table;
    }
}
