namespace NNGen.Tests.Core;

/// <summary>A folder for one test, removed afterwards.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("nngen-").FullName;

    public string this[string name] => Path.Combine(folder, name);

    public string[] Files => [.. Directory.GetFiles(folder).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
