using System.Collections.Immutable;
using System.Globalization;

namespace NNGen;

/// <summary>
/// A training state as a safetensors file: the network's tensors by name, the optimiser's state as one more tensor, and in the metadata the network, the
/// optimiser with its settings, and how many steps and epochs are done.
/// </summary>
internal static class TrainingStateFile
{
    private const string Moments = "optimizer/moments"; // a slash, which no path of C# names holds
    private const string Format = "nngen-training";

    /// <summary>What a file holds.</summary>
    public sealed record Content(NetworkValues Values, Optimizer Optimizer, float[] Moments, long Steps, int Epoch);

    /// <summary>The file of a state.</summary>
    public static SafeTensors Of(NetworkValues values, Optimizer optimizer, float[] moments, long steps, int epoch) => new(
        [.. Weights.File(values).Tensors, SafeTensor.Of(Moments, [moments.Length], moments)],
        ImmutableDictionary.CreateRange(
        [
            Pair("format", Format), Pair("network", values.Layout.Network), Pair("optimizer", optimizer.Kind),
            Pair("steps", steps.ToString(CultureInfo.InvariantCulture)), Pair("epoch", epoch.ToString(CultureInfo.InvariantCulture)),
            .. optimizer.Settings.Select(setting => Pair($"optimizer.{setting.Name}", setting.Value.ToString("R", CultureInfo.InvariantCulture))),
        ]));

    /// <summary>Reads and checks a file.</summary>
    /// <exception cref="NetworkFileException">It is no training state of this network and optimiser.</exception>
    public static Content Load(string path, NetworkLayout layout, Optimizer? expected)
    {
        var file = SafeTensors.Load(path);
        if (file.Metadata.GetValueOrDefault("format") != Format)
            throw new NetworkFileException(path, "this is a safetensors file, but not a training state; load weights with the network's Load");
        if (Text("network") != layout.Network)
            throw new NetworkFileException(path, $"the training state belongs to the network {Text("network")}, expected {layout.Network}");

        var optimizer = ReadOptimizer();
        if (expected is not null && optimizer != expected)
            throw new NetworkFileException(
                path, $"the training state was saved with {optimizer}, expected {expected}; resume with that optimiser, then use With(optimizer) to change it");

        var values = Weights.Take(layout, new([.. file.Tensors.Where(tensor => tensor.Name != Moments)]), path);
        var count = optimizer.StateCount(layout.ParameterCount);
        var moments = file.Find(Moments);
        if (moments is not { Type: SafeTensorType.F32, Shape: [var length] } || length != count)
            throw new NetworkFileException(path, $"{moments?.ToString() ?? $"{Moments} is missing"}: {optimizer.Kind} needs F32 [{count}]");
        return new(values, optimizer, moments.ToFloats(), (long)Number("steps", long.MaxValue), (int)Number("epoch", int.MaxValue));

        string Text(string key) => file.Metadata.GetValueOrDefault(key)
            ?? throw new NetworkFileException(path, $"the training state lacks '{key}' in its metadata");

        Optimizer ReadOptimizer()
        {
            try
            {
                return Optimizer.Of(Text("optimizer"), name => Real($"optimizer.{name}"));
            }
            catch (ArgumentException error)
            {
                throw new NetworkFileException(path, $"the training state's optimiser is not valid: {error.Message}", error);
            }
        }

        double Real(string key) => double.TryParse(Text(key), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new NetworkFileException(path, $"the training state's '{key}' is '{Text(key)}', expected a number");

        ulong Number(string key, long limit) =>
            ulong.TryParse(Text(key), NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value <= (ulong)limit
                ? value
                : throw new NetworkFileException(path, $"the training state's '{key}' is '{Text(key)}', expected a whole number of at most {limit}");
    }

    private static KeyValuePair<string, string> Pair(string key, string text) => new(key, text);
}
