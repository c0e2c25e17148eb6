using System.Globalization;
using Spectre.Console;

namespace NNGen.Examples.Terminal;

/// <summary>A training on the terminal: a live bar for the batches of the running epoch, and a line for each epoch that is done.</summary>
internal sealed class TrainingDisplay : IProgress<TrainingProgress>
{
    private readonly ProgressTask bar;

    private TrainingDisplay(ProgressTask bar) => this.bar = bar;

    /// <summary>Shows what <paramref name="training"/> reports while it runs.</summary>
    public static void Show(int epochs, Action<TrainingDisplay> training) =>
        AnsiConsole.Progress().AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(context => training(new TrainingDisplay(context.AddTask("training", maxValue: Math.Max(1, epochs)))));

    public static void Note(string text) => AnsiConsole.WriteLine(text);

    public void Report(TrainingProgress progress)
    {
        if (!progress.Test.IsEmpty)
        {
            AnsiConsole.WriteLine(Progress.Line(progress));
            return;
        }
        first ??= progress.Epoch;
        bar.Value = progress.Epoch - first.Value + (double)progress.Batch / progress.Batches;
        bar.Description = string.Create(CultureInfo.InvariantCulture, $"epoch {progress.Epoch}  loss {progress.Loss:f4}");
    }

    private int? first;
}
