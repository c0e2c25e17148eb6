using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using NNGen.Tests.Core;
using NNGen.Tests.Read;
using NNGen.Tests.Support;

namespace NNGen.Tests.House;

/// <summary>What the generator adds is a product: clean under the strictest settings, and the same everywhere.</summary>
public class GeneratedCodeTests
{
    public static TheoryData<string> Names => [nameof(Models.LeNet5), nameof(Models.ResNet20), nameof(Models.Inception), nameof(Models.UNet), nameof(Models.Shared), nameof(Models.Gan)];

    [Theory, MemberData(nameof(Names))]
    public void Generated_UnderTheStrictestSettings_GivesNoWarning(string name)
    {
        var (compilation, said) = InMemory.Generate(Models.All.Single(model => model.Name == name).Source.Replace("[Network]", "[Network(Programs = Programs.Double | Programs.InputGradient)]"));
        var options = compilation.Options.WithWarningLevel(9999).WithNullableContextOptions(NullableContextOptions.Enable).WithAllowUnsafe(false);
        var documented = compilation.SyntaxTrees.Select(tree => CSharpSyntaxTree.ParseText(tree.GetText(), TestCompiler.Options.WithDocumentationMode(DocumentationMode.Diagnose), tree.FilePath));
        var strict = CSharpCompilation.Create("Strict", documented, compilation.References, options);

        Assert.Empty(said);
        // The user's own class may be undocumented (CS1591) here; what is generated may not.
        Assert.Empty(strict.GetDiagnostics().Where(d => d.Severity > DiagnosticSeverity.Hidden && (d.Id != "CS1591" || d.Location.SourceTree!.FilePath.EndsWith(".g.cs", StringComparison.Ordinal))).Select(d => d.ToString()));
    }

    [Theory, MemberData(nameof(Names))]
    public void Generated_Always_IsPlainCSharp(string name)
    {
        var (compilation, _) = InMemory.Generate(Models.All.Single(model => model.Name == name).Source);
        foreach (var tree in compilation.SyntaxTrees.Where(tree => tree.FilePath.EndsWith(".g.cs", StringComparison.Ordinal)))
        {
            var tokens = tree.GetRoot().DescendantTokens(descendIntoTrivia: true).ToArray();
            Assert.DoesNotContain(tokens, token => token.IsKind(SyntaxKind.UnsafeKeyword) || token.IsKind(SyntaxKind.PragmaKeyword));
            Assert.Empty(tree.GetRoot().DescendantNodes().OfType<PointerTypeSyntax>());
            Assert.DoesNotContain("\r", tree.ToString());
            Assert.DoesNotContain("\t", tree.ToString());
        }
    }

    [Fact]
    public void Generated_UnderAnotherCulture_IsTheSameText()
    {
        var source = Models.ResNet20.Replace("Relu;", "LeakyRelu(0.125f);");
        Assert.Equal(InMemory.Generated(source), Cultures.German(() => InMemory.Generated(source)));
    }
}
