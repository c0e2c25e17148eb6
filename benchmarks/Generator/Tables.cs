using System.Globalization;
using Spectre.Console;

namespace NNGen.Benchmarks.Generator;

/// <summary>The figures as tables on the terminal.</summary>
internal static class Tables
{
    public static void Print(IAnsiConsole console, Report report)
    {
        console.WriteLine($"{report.Machine}; {report.Rounds} rounds; milliseconds: median (least)");

        var read = new Table().Title("Read").AddColumns("Model", "parameters", "nodes", "cold", "warm", "KB allocated");
        foreach (var model in report.Models)
            read.AddRow(model.Model, Whole(model.Parameters), Whole(model.Nodes), Time(model.ColdRead), Time(model.Read), Whole(model.Read.Kilobytes));
        console.Write(Right(read));

        var generator = new Table().Title("The whole generator").AddColumns("Model", "KB of text", "lines", "after", "time", "KB allocated");
        foreach (var model in report.Models)
        {
            generator.AddRow(model.Model, Whole(model.TextBytes / 1024.0), Whole(model.TextLines), "nothing (cold)", Time(model.ColdGenerator), "");
            foreach (var edit in model.Edits)
                generator.AddRow("", "", "", edit.Edit, Time(edit.Time), Whole(edit.Time.Kilobytes));
        }
        console.Write(Right(generator, leftAlso: 3));

        var steps = new Table().Title("What ran again").AddColumns("Model", "after", "Candidate", "Spec", "Output");
        foreach (var model in report.Models)
            foreach (var edit in model.Edits)
                steps.AddRow([model.Model, edit.Edit, .. edit.Steps.Select(step => step[(step.IndexOf(' ') + 1)..])]);
        console.Write(steps);

        foreach (var (name, milliseconds) in report.FirstSteps)
            console.WriteLine($"First train step of {name}: {milliseconds:0} ms after the start of its process");

        var together = report.ReadTogether;
        console.WriteLine($"Read of the three together: {Time(together)} ms; the bar is {Time(report.Bar)} ms: {(report.IsUnderBar ? "under it" : "OVER IT")}");
    }

    public static void Print(IAnsiConsole console, Model model, IReadOnlyList<(string Phase, Measurement Time)> phases)
    {
        var table = new Table().Title(model.Title).AddColumns("phase", "ms: median (least)", "KB allocated");
        foreach (var (phase, time) in phases)
            table.AddRow(Markup.Escape(phase), Time(time), Whole(time.Kilobytes));
        console.Write(Right(table));
    }

    private static Table Right(Table table, int leftAlso = 0)
    {
        for (var column = 1; column < table.Columns.Count; column++)
            if (column != leftAlso)
                table.Columns[column].RightAligned();
        return table;
    }

    private static string Time(Measurement time) => $"{Time(time.Median)} ({Time(time.Least)})";

    private static string Time(double milliseconds) => milliseconds.ToString(milliseconds < 10 ? "0.00" : milliseconds < 100 ? "0.0" : "#,0", CultureInfo.InvariantCulture);

    private static string Whole(double number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
