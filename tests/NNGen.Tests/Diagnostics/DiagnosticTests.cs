using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using NNGen.Generators.Diagnostics;
using NNGen.Tests.House;
using NNGen.Tests.Support;

namespace NNGen.Tests.Diagnostics;

/// <summary>Every diagnostic at its very expression, and what it says is right. « and » mark the expected places.</summary>
public class DiagnosticTests
{
    public static TheoryData<string, string, string> Cases
    {
        get
        {
            var cases = new TheoryData<string, string, string>();
            foreach (var (id, source, says) in DiagnosticCases.All)
                cases.Add(id, source, says);
            return cases;
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Fault_InANetwork_IsSaidAtItsPlace(string id, string source, string says)
    {
        var (sources, spans) = Marked(source);
        var version = id == "NNG0001" ? LanguageVersion.CSharp13 : LanguageVersion.CSharp14;
        var compilation = TestCompiler.Compile(sources.Select((s, i) => TestCompiler.Parse(s, $"File{i}.cs", version)), version);

        var said = TestCompiler.Analyze(compilation, version);

        Assert.Equal(
            spans.Select(span => $"{id} «{span}»"),
            said.OrderBy(d => d.Location.SourceTree?.FilePath).ThenBy(d => d.Location.SourceSpan.Start).Select(d => $"{d.Id} «{d.Location.SourceTree?.GetText().ToString(d.Location.SourceSpan)}»"));
        Assert.Contains(says, said[0].GetMessage());
    }

    static (string[] Sources, List<string> Spans) Marked(string source)
    {
        var spans = new List<string>();
        for (var at = source.IndexOf('«'); at >= 0; at = source.IndexOf('«', at + 1))
            spans.Add(source[(at + 1)..source.IndexOf('»', at)]);
        return (source.Replace("«", "").Replace("»", "").Split("// next file"), spans);
    }

    [Fact]
    public void Descriptor_Always_HasATestAndASectionOfItsOwn()
    {
        var readme = File.ReadAllText(Path.Combine(Repository.Root, "Generators", "README.md"));
        var tested = DiagnosticCases.All.Select(c => c.Id).ToHashSet();

        Assert.All(Descriptors.All, descriptor =>
        {
            Assert.Contains($"\n#### {descriptor.Id}\n", readme);
            Assert.EndsWith($"#{descriptor.Id.ToLowerInvariant()}", descriptor.HelpLinkUri);
            // No network can show an internal fault; and C#'s own types keep masks and labels out of arithmetic.
            Assert.True(descriptor.Id is "NNG9001" or "NNG1013" || tested.Contains(descriptor.Id), $"{descriptor.Id} has no test");
        });
    }

    [Fact]
    public void Faults_Several_AreSaidAtOnce()
    {
        var said = TestCompiler.Analyze(TestCompiler.Compile("""
            [Network]
            partial class Net
            {
                static Tensor Forward([Shape(1, 8, 8)] Tensor x)
                {
                    var a = x | Dense(3);
                    var b = x | Conv(4, 9);
                    var c = x | Conv(4, 3) | Reshape(7);
                    return a + b + c | Dense(4);
                }
                static Scalar Loss(Tensor y, Labels label) => CrossEntropy(y, label);
            }
            """));

        Assert.Equal(["NNG0011", "NNG1003", "NNG1004", "NNG1006"], said.Select(d => d.Id).Order());
    }

    [Theory]
    [InlineData("return x | Dens(3);")]
    [InlineData("var n = x.Chanels; return x | Dense(n);")]
    [InlineData("return x | Dense(\"a\");")]
    [InlineData("return x | Dense(;")]
    [InlineData("return y;")]
    [InlineData("Tensor y; if (x.Rank == 1) return x")]
    [InlineData("return Foo.Bar(x) | Dense(2);")]
    public void CompilerError_InANetwork_IsNotRepeated(string body) =>
        Assert.Empty(TestCompiler.Analyze(TestCompiler.Compile(TestCompiler.Forward(body))));

    [Fact]
    public void Pragma_AroundAFault_SilencesIt()
    {
        var compilation = TestCompiler.Compile("""
            [Network]
            partial class Net
            {
            #pragma warning disable NNG0013
                static Tensor Forward([Shape(4)] Tensor x, [Shape(4)] Tensor unused) => x | Dense(3);
            #pragma warning restore NNG0013
            }
            """);

        Assert.Empty(TestCompiler.Analyze(compilation).Where(d => !d.IsSuppressed));
    }
}
