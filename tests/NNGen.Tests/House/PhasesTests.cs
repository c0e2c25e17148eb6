using System.Reflection;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace NNGen.Tests.House;

/// <summary>The compiler's phases are folders, and a folder uses only what stands above it.</summary>
public class PhasesTests
{
    static readonly string[] Order = ["Support", "Diagnostics", "Graph", "Ops", "Read", "Differentiate", "Simplify", "Fuse", "Schedule", "Plan", "Emit"];

    static string Generators => Path.Combine(Repository.Root, "Generators");

    public static TheoryData<string> Folders => [.. Order];

    [Theory, MemberData(nameof(Folders))]
    public void Phase_InItsFolder_UsesOnlyPhasesAboveIt(string folder)
    {
        var (index, wrong) = (Array.IndexOf(Order, folder), new List<string>());
        foreach (var path in Sources(Path.Combine(Generators, folder)))
            foreach (var used in Uses(path).Where(used => Array.IndexOf(Order, used) > index))
                wrong.Add($"{Path.GetRelativePath(Generators, path)} uses {used}, which comes after {folder}");
        Assert.Empty(wrong);
    }

    [Fact]
    public void Folders_OfTheCompiler_AreThePhases()
    {
        string[] others = ["bin", "obj", "Onnx"];
        Assert.Empty(Directory.GetDirectories(Generators).Select(path => Path.GetFileName(path)!).Except(others).Except(Order));
    }

    /// <summary>Roslyn ends at the wall: behind Read nothing knows it (Support has what netstandard lacks, an attribute of Roslyn's among it).</summary>
    [Fact]
    public void Phases_BehindRead_DoNotUseRoslyn() => Assert.Empty(
        from folder in Order.Except(["Read", "Diagnostics", "Support"])
        from path in Sources(Path.Combine(Generators, folder))
        where CSharpSyntaxTree.ParseText(File.ReadAllText(path)).GetRoot().DescendantNodes().OfType<UsingDirectiveSyntax>().Any(use => use.Name!.ToString().StartsWith("Microsoft.CodeAnalysis", StringComparison.Ordinal))
        select Path.GetRelativePath(Generators, path));

    /// <summary>No mutable statics: what is static is const, readonly, or the compiler's cache of a lambda.</summary>
    [Theory]
    [InlineData(typeof(Generators.Compiler)), InlineData(typeof(Tensor)), InlineData(typeof(NNGen.Kernels.Workspaces<>)), InlineData(typeof(NNGen.Testing.GradientCheck))]
    public void StaticFields_OfAnAssembly_AreReadonly(Type inside) => Assert.Empty(
        from type in inside.Assembly.GetTypes()
        where !Compilers(type)
        from field in type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        where !field.IsInitOnly && !field.IsLiteral && !Compilers(field)
        select $"{type.FullName}.{field.Name}");

    static bool Compilers(MemberInfo member) => member.Name.StartsWith('<') && !member.Name.Contains("k__BackingField") || (member is Type { DeclaringType: { } outer } && Compilers(outer));

    static IEnumerable<string> Sources(string folder) => Directory.Exists(folder) ? Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories) : [];

    static IEnumerable<string> Uses(string path) => CSharpSyntaxTree.ParseText(File.ReadAllText(path)).GetRoot().DescendantNodes().OfType<UsingDirectiveSyntax>()
        .Select(use => use.NamespaceOrType.ToString().Split('.')).Where(parts => parts is ["NNGen", "Generators", _, ..]).Select(parts => parts[2]).Distinct();
}
