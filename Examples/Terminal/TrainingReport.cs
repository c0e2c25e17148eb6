using System.Text.Json;
using System.Text.Json.Serialization;

namespace NNGen.Examples.Terminal;

/// <summary>What a training reached, for programs to read.</summary>
internal static partial class TrainingReport
{
    /// <summary>An epoch: mean loss and accuracy over the training data while it was trained on, and of held-out data after it.</summary>
    public sealed record Line(int Epoch, float TrainLoss, float TrainAccuracy, float HeldOutLoss, float HeldOutAccuracy, double Seconds);

    private sealed record Report(IReadOnlyList<Line> Epochs, string Hash);

    [JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals)]
    [JsonSerializable(typeof(Report))]
    private sealed partial class Json : JsonSerializerContext;

    /// <summary>Writes the report beside the file and renames it, so that a reader never sees half of one.</summary>
    public static void Save(string path, IEnumerable<Line> epochs, string hash)
    {
        var unfinished = path + ".part";
        File.WriteAllText(unfinished, JsonSerializer.Serialize(new Report([.. epochs], hash), Json.Default.Report) + "\n");
        File.Move(unfinished, path, overwrite: true);
    }
}
