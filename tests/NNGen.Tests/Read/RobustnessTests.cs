using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NNGen.Generators;
using NNGen.Generators.Read;
using NNGen.Tests.Support;

namespace NNGen.Tests.Read;

/// <summary>Half-typed code: whatever stands in the editor, reading it ends, throws nothing and leaves a network's spec behind.</summary>
public class RobustnessTests
{
    private const int Mutilations = 400;

    public static TheoryData<string> Names => [.. Models.All.Select(model => model.Name).Where(name => name != "DenseNet121")];

    [Theory, MemberData(nameof(Names))]
    public void Mutilated_Source_NeverThrows(string name)
    {
        var source = Models.All.Single(model => model.Name == name).Source;
        var tokens = CSharpSyntaxTree.ParseText(source, TestCompiler.Options).GetRoot().DescendantTokens().Select(token => token.ToFullString()).ToArray();
        var random = new Random(name.Length);
        for (var round = 0; round < Mutilations; round++)
        {
            var parts = tokens.ToList();
            for (var wound = random.Next(1, 4); wound > 0; wound--)
            {
                var (at, other) = (random.Next(parts.Count), random.Next(parts.Count));
                switch (random.Next(4))
                {
                    case 0: parts.RemoveAt(at); break;
                    case 1: parts.Insert(at, parts[other]); break;
                    case 2: (parts[at], parts[other]) = (parts[other], parts[at]); break;
                    default: parts.RemoveRange(at, Math.Min(random.Next(1, 30), parts.Count - at)); break;
                }
                if (parts.Count == 0)
                    parts.Add(" ");
            }
            Survives(string.Concat(parts));
        }
    }

    [Fact]
    public void Prefix_OfASource_NeverThrows()
    {
        for (var length = 0; length < Models.UNet.Length; length += 7)
            Survives(Models.UNet[..length]);
    }

    [Theory]
    [InlineData(" | Relu", "x")]
    [InlineData(" + x", "x")]
    public void LongChain_IsReadWithoutRecursion(string link, string start)
    {
        var chain = start + string.Concat(Enumerable.Repeat(link, 3000));
        Assert.Empty(TestCompiler.Read(TestCompiler.CompileCleanly(TestCompiler.Forward($"return {chain};"))).Faults);
    }

    private static void Survives(string source)
    {
        var compilation = TestCompiler.Compile(source);
        foreach (var tree in compilation.SyntaxTrees)
            foreach (var type in tree.GetRoot(TestContext.Current.CancellationToken).DescendantNodes().OfType<TypeDeclarationSyntax>())
                if (compilation.GetSemanticModel(tree).GetDeclaredSymbol(type) is INamedTypeSymbol symbol && Structure.IsNetwork(symbol))
                    try
                    {
                        var spec = NetworkReader.Read(symbol, compilation, default).Spec;
                        Compiler.Check(spec);
                        if (spec.Faulty && spec.Declaration.Keyword.Length > 0)
                            Assert.NotEmpty(Compiler.Compile(spec));
                    }
                    catch (Exception e) when (e is not Xunit.Sdk.XunitException)
                    {
                        Assert.Fail($"{e}\n{source}");
                    }
    }
}
