namespace NNGen.Tests.House;

/// <summary>The top level is the map that newcomers read first, so it stays as designed.</summary>
public class LayoutTests
{
    static readonly string[] Rooms = ["Core", "Examples", "Generators", "Kernels", "benchmarks", "tests"];

    /// <summary>What tools leave behind, and git ignores.</summary>
    static readonly string[] Leftovers = ["BenchmarkDotNet.Artifacts", "TestResults", "bin", "obj"];

    [Fact]
    public void TopLevel_Always_HoldsTheRoomsAndNoOthers()
    {
        var folders = Directory.GetDirectories(Repository.Root).Select(path => Path.GetFileName(path)!)
            .Where(name => !name.StartsWith('.')).Except(Leftovers).Order(StringComparer.Ordinal);

        Assert.Equal(Rooms, folders);
    }

    [Fact]
    public void Room_Always_SaysWhatLivesThere() =>
        Assert.All(Rooms, room =>
        {
            var readme = Path.Combine(Repository.Root, room, "README.md");
            Assert.True(File.Exists(readme), $"{room}/README.md should say what lives in {room} and how to add to it.");
            Assert.StartsWith($"# {room}\n", File.ReadAllText(readme));
        });

    [Fact]
    public void Benchmarks_InTheSolution_AreNotBuiltByDefault()
    {
        var solution = File.ReadAllLines(Path.Combine(Repository.Root, "NNGen.sln"));
        var id = solution.Single(line => line.Contains("NNGen.Benchmarks.csproj")).Split('"')[^2];

        Assert.Contains(solution, line => line.Contains($"{id}.Release|Any CPU.ActiveCfg"));
        Assert.DoesNotContain(solution, line => line.Contains($"{id}.Release|Any CPU.Build.0") || line.Contains($"{id}.Debug|Any CPU.Build.0"));
    }
}
