using System.Collections.Immutable;
using System.Globalization;

namespace NNGen;

/// <summary>Ready listeners for the progress of trainings.</summary>
public static class Progress
{
    /// <summary>Writes one line per complete epoch to the console, the same in every culture.</summary>
    public static IProgress<TrainingProgress> ToConsole { get; } = To(Console.Out.WriteLine);

    /// <summary>Hands one line per complete epoch to a function, for example of a log.</summary>
    /// <param name="write">Receives the line, without its end.</param>
    public static IProgress<TrainingProgress> To(Action<string> write) => new Lines(write);

    /// <summary>The line: <c>epoch 3   loss 0.1234 accuracy 0.9612   test loss 0.1301 accuracy 0.9580   2.1 s</c>.</summary>
    /// <param name="progress">How far the training is.</param>
    public static string Line(TrainingProgress progress)
    {
        var test = progress.Test.IsEmpty ? "" : $"   test {Numbers(progress.Test)}";
        var warning = progress.Diverged ? "   diverged: the loss is no number any more; try a smaller learning rate" : "";
        return string.Create(CultureInfo.InvariantCulture, $"epoch {progress.Epoch}   {Numbers(progress.Train)}{test}   {progress.Seconds:f1} s{warning}");
    }

    private static string Numbers(ImmutableArray<Measure> measures) => string.Join(' ', measures.Select(measure =>
        string.Create(CultureInfo.InvariantCulture, $"{measure.Name.ToLowerInvariant()} {measure.Value:f4}")));

    private sealed class Lines(Action<string> write) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            if (value.Batch == value.Batches)
                write(Line(value));
        }
    }
}
