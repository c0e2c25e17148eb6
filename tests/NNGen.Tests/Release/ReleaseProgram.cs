using System.Diagnostics;
using System.Runtime.InteropServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NNGen.Tests.House;
using NNGen.Tests.Release;
using NNGen.Tests.Support;

[assembly: AssemblyFixture(typeof(ReleaseProgram))]

namespace NNGen.Tests.Release;

/// <summary>The library, some of the networks here and <see cref="Program"/>, optimised whatever the tests themselves are, and run in processes of their own with settings of the runtime.</summary>
public sealed class ReleaseProgram : IDisposable
{
    static readonly string[] Usings = ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks"];

    static readonly string[] Networks = ["LeNet5", "NormedDigits", "LargeDense", "Narrow/NarrowMaps", "Wide/WideResidual"];

    readonly Lazy<string> folder = new(Build);

    /// <summary>Runs a command.</summary>
    /// <param name="command">What <see cref="Program"/> knows.</param>
    /// <param name="settings">Variables of its environment.</param>
    /// <returns>What it printed.</returns>
    public string[] Run(string command, params (string Name, string Value)[] settings)
    {
        var dotnet = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet"));
        string[] arguments = ["exec", "--runtimeconfig", Path.Combine(AppContext.BaseDirectory, "NNGen.Tests.runtimeconfig.json"), Path.Combine(folder.Value, "Program.dll"), command];
        var start = new ProcessStartInfo(dotnet, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings)
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var printed = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} ended with {process.ExitCode}: {printed}{errors.Result}");
        return printed.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>Runs a command and lists the methods of some patterns as they are compiled.</summary>
    internal IReadOnlyList<Listing> Disassemble(string command, string methods)
    {
        var text = Path.Combine(folder.Value, $"{Guid.NewGuid():n}.txt");
        // Without the compiler in the background, which counts calls first: it would write into what the callers' is writing.
        Run(command, ("DOTNET_JitStdOutFile", text), ("DOTNET_JitDisasm", methods), ("DOTNET_TC_CallCountingDelayMs", "FFFFFF"));
        return Listing.All(File.ReadAllText(text));
    }

    public void Dispose()
    {
        if (folder.IsValueCreated)
            Directory.Delete(folder.Value, recursive: true);
    }

    static string Build()
    {
        var folder = Directory.CreateTempSubdirectory("nngen-").FullName;
        MetadataReference[] runtime = [.. TestCompiler.References.Where(reference => !Path.GetFileName(reference.Display!).StartsWith("NNGen.", StringComparison.Ordinal))];
        var blocks = Compilation("NNGen.Kernels", runtime, Sources("Kernels/Cpu"));
        var kernels = Emit(blocks.WithOptions(blocks.Options.WithAllowUnsafe(true)));
        var core = Emit(Compilation("NNGen", [.. runtime, kernels], Sources("Core", except: Path.Combine("Core", "Testing"))));
        var program = Compilation("Program", [.. runtime, kernels, core],
            [
                .. Networks.Select(network => Parse($"tests/NNGen.Tests/Networks/{network}.cs")), Parse("tests/NNGen.Tests/Release/Program.cs"), Parse("tests/NNGen.Tests/Release/Allocations.cs"),
                TestCompiler.Parse("global using NNGen;"), TestCompiler.Parse("NNGen.Tests.Release.Program.Run(args[0]);"),
            ], OutputKind.ConsoleApplication);
        TestCompiler.Driver().RunGeneratorsAndUpdateCompilation(program, out var whole, out var said);
        Assert.Empty(said);
        Emit(whole);
        return folder;

        MetadataReference Emit(Compilation compilation)
        {
            var path = Path.Combine(folder, compilation.AssemblyName + ".dll");
            var emitted = compilation.Emit(path);
            Assert.Empty(emitted.Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
            return MetadataReference.CreateFromFile(path);
        }
    }

    static CSharpCompilation Compilation(string name, IEnumerable<MetadataReference> references, IEnumerable<SyntaxTree> trees, OutputKind kind = OutputKind.DynamicallyLinkedLibrary) =>
        CSharpCompilation.Create(name, [TestCompiler.Parse(string.Concat(Usings.Select(use => $"global using {use};\n"))), .. trees], references,
            new(kind, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));

    static IEnumerable<SyntaxTree> Sources(string folder, string except = "-") =>
        Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.cs", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.StartsWith(except, StringComparison.Ordinal) && !path.Split(Path.DirectorySeparatorChar).Intersect(["bin", "obj"]).Any()).Select(Parse);

    static SyntaxTree Parse(string path) => TestCompiler.Parse(File.ReadAllText(Path.Combine(Repository.Root, path)), path);
}
