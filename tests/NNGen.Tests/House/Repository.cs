namespace NNGen.Tests.House;

/// <summary>Where the tests find the repository and the material that may lie beside it.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>NNGen.sln</c>.</summary>
    public static string Root { get; } = Ascend(AppContext.BaseDirectory);

    /// <summary>
    /// A path below <c>../shared</c>. Where it is absent (a user's clone) the calling test is skipped; with <c>NNGEN_REQUIRE_DATA=1</c> it fails.
    /// </summary>
    public static string Shared(string path)
    {
        var full = Path.GetFullPath(Path.Combine(Root, "..", "shared", path));
        if (Path.Exists(full))
            return full;
        var reason = $"../shared/{path} is not there.";
        if (Environment.GetEnvironmentVariable("NNGEN_REQUIRE_DATA") == "1")
            Assert.Fail(reason);
        Assert.Skip(reason);
        return full;
    }

    static string Ascend(string folder) =>
        File.Exists(Path.Combine(folder, "NNGen.sln")) ? folder
        : Path.GetDirectoryName(folder) is { } parent ? Ascend(parent)
        : throw new DirectoryNotFoundException($"No folder above {AppContext.BaseDirectory} holds NNGen.sln.");
}
